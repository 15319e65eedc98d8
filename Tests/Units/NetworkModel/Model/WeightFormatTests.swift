import ModelFixtures
import SeededNoise
import SystemIO
import Testing

@testable import KerasWriting
@testable import NetworkEngine
@testable import NetworkModel

/// Weights of 16 bits: the numbers, the data sets, and models that are stored so.
struct WeightFormatTests {
  @Test func everyNumberOfSixteenBits() {
    for bits in UInt16.min...UInt16.max {
      let value = Binary16.float(bits)
      if value.isNaN {
        #expect(bits & 0x7C00 == 0x7C00 && bits & 0x3FF != 0)
        #expect(Binary16.float(Binary16.bits(value)).isNaN)
      } else if Binary16.bits(value) != bits {
        Issue.record("\(bits) is \(value), which is \(Binary16.bits(value))")
      }
    }
  }

  @Test(
    arguments: [
      (0, 0), (-0.0, 0x8000), (1, 0x3C00), (-2, 0xC000), (0.1, 0x2E66), (1 / 3, 0x3555), (65504, 0x7BFF),
      (65519, 0x7BFF), (65520, 0x7C00), (-1e9, 0xFC00), (.infinity, 0x7C00), (0x1p-14, 0x0400),
      (0x1p-24, 1), (0x1p-25, 0), (0x1.8p-24, 2), (0x1.000002p-25, 1), (0x1.FFFp-15, 0x0400), (1e-30, 0),
      // Halfway: to the even one.
      (0x1.002p0, 0x3C00), (0x1.006p0, 0x3C02), (0x1.002002p0, 0x3C01),
    ] as [(Float, UInt16)])
  func rounding(_ value: Float, _ bits: UInt16) {
    #expect(Binary16.bits(value) == bits)
  }

  @Test func theNearestIsTaken() {
    var noise = Noise(11)
    for exponent in -26...15 {
      for _ in 0..<200 {
        let value = abs(noise.value()) * Float(sign: .plus, exponent: exponent, significand: 1)
        let bits = Binary16.bits(value)
        let error = abs(Binary16.float(bits) - value)
        #expect(error <= abs(Binary16.float(bits + 1) - value))
        if bits > 0 { #expect(error <= abs(Binary16.float(bits - 1) - value)) }
      }
    }
  }

  @Test func dataSets() throws {
    let values: [Float] = [0, -1, 0.5, 65504, 0x1p-24, -0x1.8p-20]
    let halves = try #require(Binary16.exactly(values))
    #expect(Binary16.exactly([0.1]) == nil && Binary16.exactly([.nan, .infinity])?.count == 2)
    let file = try HDF5File(
      HDF5Library.run { () throws(Failure) in
        let writer = try HDF5Writer()
        try writer.group("a")
        try writer.write("a/half", [2, 3], binary16: halves)
        try writer.write("a/none", [0], binary16: [])
        try writer.write("a/whole", [6], values)
        return try writer.contents()
      })
    let read = try file.floats("a/half", expected: [2, 3])
    #expect(read.values == values)
    let type = try file.type(of: "a/half")
    #expect(type.kind == .float && type.size == 2)
    #expect(try file.type(of: "a/whole").size == 4)
    #expect(try file.floats("a/none").values.isEmpty)
  }

  /// The bytes of a value in a model's data set.
  private func size(_ path: String, in bytes: [UInt8]) throws -> Int {
    let weights = try ZipArchive(FileContents(bytes)).member("model.weights.h5", limit: 1 << 24)
    return try HDF5File(weights).type(of: path).size
  }

  @Test func aModelIsStoredAsItRuns() throws {
    let original = try SmallModel.make()
    var model = original
    model.information.temperatures[.single] = 1.25
    model.trainingState.optimizer = [.init(shape: [2], values: .floats([0.1, 0.2]))]
    try model.roundKernels()
    let bytes = try model.bytes()
    for (path, expected) in [
      ("conv2d/vars/0", 2), ("conv2d/vars/1", 4), ("batch_normalization/vars/3", 4), ("dense/vars/0", 2),
    ] { #expect(try size("layers/" + path, in: bytes) == expected, "\(path)") }
    #expect(try size("optimizer/vars/0", in: bytes) == 4)

    let again = try ModelFile(bytes: bytes, keepingTrainingState: true)
    #expect(again.weightFormat == .float16 && again.information.temperatures[.single] == 1.25)
    for (index, layer) in again.graph.layers.enumerated() {
      for (place, weight) in layer.weights.enumerated() {
        #expect(weight.values == model.graph.layers[index].weights[place].values)
        let before = original.graph.layers[index].weights[place].values
        if weight.isKernel {
          #expect(weight.values != before && weight.values.distance(to: before) < 0x1p-11)
        } else {
          #expect(weight.values == before)
        }
      }
    }
    var noise = Noise(3)
    let input = noise.values(72, scale: 255)
    let result = try Network(again.graph).predict(input)
    #expect(try result == Network(model.graph).predict(input))
    #expect(try result.distance(to: Network(original.graph).predict(input)) < 0.01)
    // Written again it is the same file.
    #expect(try again.bytes() == bytes)
  }

  /// A kernel that training has moved is not rounded behind its back.
  @Test func onlyWhatSixteenBitsHoldIsStoredInThem() throws {
    var model = try SmallModel.make()
    try model.roundKernels()
    let dense = try #require(model.graph.layers.firstIndex { $0.name == "last" })
    var kernel = try #require(model.graph.layers[dense].weight("kernel")).values
    kernel[3] = 0.1
    try model.graph.setWeight("kernel", ofLayer: dense, to: kernel)
    let bytes = try model.bytes()
    #expect(try size("layers/dense/vars/0", in: bytes) == 4)
    #expect(try size("layers/conv2d/vars/0", in: bytes) == 2)
    #expect(try ModelFile(bytes: bytes).graph.layers[dense].weight("kernel")?.values == kernel)
  }

  @Test func weightsThatAreTooLargeAreNamed() throws {
    var model = try SmallModel.make()
    let dense = try #require(model.graph.layers.firstIndex { $0.name == "last" })
    var kernel = try #require(model.graph.layers[dense].weight("kernel")).values
    kernel[0] = .nan
    kernel[1] = .infinity
    try model.graph.setWeight("kernel", ofLayer: dense, to: kernel)
    try model.roundKernels()
    kernel[2] = -70_000
    try model.graph.setWeight("kernel", ofLayer: dense, to: kernel)
    #expect {
      try model.roundKernels()
    } throws: { error in
      (error as? Failure)?.kind == .badInput && "\(error)".contains("layer last")
    }
  }
}
