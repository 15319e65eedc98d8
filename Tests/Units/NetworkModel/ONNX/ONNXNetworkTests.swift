import NetworkEngine
import ONNXParts
import SeededNoise
import SystemIO
import Testing

@testable import NetworkModel

/// What an ONNX file's graph becomes: layers in one order of channels, nothing for shapes, results in ONNX's own order.
struct ONNXNetworkTests {
  /// All outputs of a network, whose picture lies as rows of pixels.
  static func run(_ file: [UInt8], height: Int? = nil, width: Int? = nil, _ picture: [Float]) throws
    -> [[Float]]
  {
    let network = try ONNXModel(bytes: file).network(height: height, width: width)
    var values: [[Float]] = []
    try Network(network.graph, threads: 1).predict { (input) throws(Failure) in
      _ = input.update(fromContentsOf: picture)
    } results: { (results) throws(Failure) in
      for index in 0..<results.count { values.append(Array(results[index])) }
    }
    for (output, values) in zip(network.outputs, values) {
      #expect(output.shape.reduce(1, *) == values.count)
    }
    return values
  }

  @Test func whatTheFileSays() throws {
    let first = try ONNXModel(bytes: ONNXParts.file("Relu", [nil, 3, nil, 5], operatorSet: 11))
    #expect(first.input.layout == .channelsFirst && first.input.channels == 3)
    #expect(first.input.height == nil && first.input.width == 5 && first.input.name == "x")
    #expect(first.outputs == ["y"] && first.operatorSet == 11 && first.producer == "fm")
    #expect(first.sha256.count == 64)
    let last = try ONNXModel(bytes: ONNXParts.file("Relu", [7, 48, 40, 1]))
    #expect(last.input.layout == .channelsLast && last.input.channels == 1)
    #expect(last.input.height == 48 && last.input.width == 40 && last.input.shape == [7, 48, 40, 1])
    #expect(try last.network().graph.inputShape == [48, 40, 1])
    #expect(try first.network(height: 6).graph.inputShape == [6, 5, 3])
    #expect(throws: Failure.self) { try first.network() }
  }

  /// A kernel of 3x2 with other padding on every side, strides and dilation, by plain loops.
  @Test func aConvolutionAsItIsDefined() throws {
    var noise = Noise(3)
    let (kernel, bias, picture) = (noise.values(4 * 3 * 3 * 2), noise.values(4), noise.values(3 * 5 * 7))
    let file = ONNXParts.file(
      "Conv", [1, 3, 5, 7],
      ["pads": .integers([2, 0, 1, 3]), "strides": .integers([2, 1]), "dilations": .integers([1, 2])]
    ) { [$0.constant([4, 3, 3, 2], kernel), $0.constant([4], bias)] }
    let pixels = (0..<35).flatMap { pixel in (0..<3).map { picture[$0 * 35 + pixel] } }
    let result = try Self.run(file, pixels)[0]
    let (rows, columns) = ((5 + 3 - 3) / 2 + 1, 7 + 3 - 3 + 1)
    var expected: [Float] = []
    for filter in 0..<4 {
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = bias[filter]
          for channel in 0..<3 {
            for y in 0..<3 {
              for x in 0..<2 {
                let (top, left) = (row * 2 + y - 2, column + 2 * x)
                guard (0..<5).contains(top), (0..<7).contains(left) else { continue }
                sum +=
                  kernel[((filter * 3 + channel) * 3 + y) * 2 + x] * picture[(channel * 5 + top) * 7 + left]
              }
            }
          }
          expected.append(sum)
        }
      }
    }
    #expect(result.distance(to: expected) < 1e-5)
  }

  /// What a reader for one order, and a writer for the other, make of the same network.
  @Test func theOrderOfTheFileChangesNothing() throws {
    var noise = Noise(5)
    let (kernel, picture) = (noise.values(2 * 3 * 3 * 3), noise.values(6 * 7 * 3))
    let first = ONNXParts.file("Conv", [1, 3, 6, 7]) { [$0.constant([2, 3, 3, 3], kernel)] }
    var parts = ONNXParts()
    parts.input("x", [nil, 6, 7, 3])
    parts.output("y")
    let constant = parts.constant([2, 3, 3, 3], kernel)
    parts.node("Transpose", ["x"], ["t"], ["perm": .integers([0, 3, 1, 2])])
    parts.node("Conv", ["t", constant], ["c"])
    parts.node("Transpose", ["c"], ["y"], ["perm": .integers([0, 2, 3, 1])])
    let last = parts.file()
    #expect(
      try ONNXModel(bytes: last).network().graph.layers.map(\.kind) == ["Input", "Conv"],
      "transposes are not computed")
    let (rows, planes) = (try Self.run(last, picture)[0], try Self.run(first, picture)[0])
    #expect(planes == (0..<2).flatMap { channel in (0..<20).map { rows[$0 * 2 + channel] } })
  }

  /// Shapes that are computed, and a shape that is baked into the file.
  @Test func shapesAreKnownAtLoad() throws {
    var parts = ONNXParts()
    parts.input("x", [nil, 1, nil, nil])
    parts.output("y")
    let (index, last) = (parts.integers([0], shape: []), parts.integers([-1]))
    let axes = parts.integers([0])
    parts.node("Shape", ["x"], ["s"])
    parts.node("Gather", ["s", index], ["g"])
    parts.node("Unsqueeze", ["g", axes], ["u"])
    parts.node("Concat", ["u", last], ["c"], ["axis": .integer(0)])
    parts.node("Reshape", ["x", "c"], ["y"])
    let model = try ONNXModel(bytes: parts.file())
    for (height, width) in [(2, 3), (5, 4)] {
      let network = try model.network(height: height, width: width)
      #expect(network.outputs == [.init(name: "y", shape: [1, height * width])])
      #expect(network.graph.layers.count == 2)
    }
    let baked = ONNXParts.file("Reshape", [1, 1, 4, 6]) { [$0.integers([1, 24])] }
    #expect(throws: Failure.self) { try ONNXModel(bytes: baked).network(height: 4, width: 7) }
    #expect(try ONNXModel(bytes: baked).network(height: 3, width: 8).outputs[0].shape == [1, 24])
  }

  /// Several outputs, one of which others read, in the file's order.
  @Test func severalOutputs() throws {
    var parts = ONNXParts()
    parts.input("x", [1, 2, 2, 3])
    for name in ["c", "a", "b"] { parts.output(name) }
    parts.node("Neg", ["x"], ["a"])
    parts.node("Abs", ["a"], ["b"])
    parts.node("Concat", ["a", "b"], ["c"], ["axis": .integer(1)])
    let picture: [Float] = (0..<12).map { Float($0) - 5 }
    let results = try Self.run(parts.file(), picture)
    let planes = (0..<2).flatMap { channel in (0..<6).map { picture[$0 * 2 + channel] } }
    #expect(results[1] == planes.map { -$0 } && results[2] == planes.map { abs($0) })
    #expect(results[0] == results[1] + results[2])
  }

  /// What nothing depends on is not read, whatever it is.
  @Test func whatNoOutputNeedsIsLeftOut() throws {
    var parts = ONNXParts()
    parts.input("x", [1, 1, 2, 2])
    parts.output("y")
    parts.node("NoSuchOperator", ["x"], ["z"])
    parts.node("Relu", ["x"], ["y"])
    #expect(try Self.run(parts.file(), [-1, 2, -3, 4]) == [[0, 2, 0, 4]])
  }

  /// Nodes may come in any order.
  @Test func nodesInAnyOrder() throws {
    var parts = ONNXParts()
    parts.node("Neg", ["a"], ["y"])
    parts.node("Relu", ["x"], ["a"])
    parts.input("x", [1, 1, 2, 2])
    parts.output("y")
    #expect(try Self.run(parts.file(), [-1, 2, -3, 4]) == [[0, -2, 0, -4]])
  }

  /// Weights of every type that has numbers, packed and as bytes.
  @Test func typesOfElements() throws {
    func file(_ type: Int, _ data: [UInt8]) -> [UInt8] {
      var parts = ONNXParts()
      parts.input("x", [1, 1, 1, 2])
      parts.output("y")
      parts.graph += ONNXParts.field(
        5, ONNXParts.field(1, 2) + ONNXParts.field(2, type) + ONNXParts.field(8, "w") + data)
      parts.node("Mul", ["x", "w"], ["y"])
      return parts.file()
    }
    let forms: [(type: Int, data: [UInt8])] = [
      // Halves and bfloat16s: as bytes, and as numbers of 32 bits.
      (10, ONNXParts.field(9, [0x00, 0x40, 0x00, 0xC2])),
      (10, ONNXParts.field(5, 0x4000) + ONNXParts.field(5, 0xC200)),
      (16, ONNXParts.field(9, [0x00, 0x40, 0x40, 0xC0])),
      // Doubles as bytes and packed, floats one by one.
      (11, ONNXParts.field(9, [0, 0, 0, 0, 0, 0, 0x00, 0x40, 0, 0, 0, 0, 0, 0, 0x08, 0xC0])),
      (11, ONNXParts.field(10, [0, 0, 0, 0, 0, 0, 0x00, 0x40, 0, 0, 0, 0, 0, 0, 0x08, 0xC0])),
      (1, [0x25, 0, 0, 0, 0x40, 0x25, 0, 0, 0x40, 0xC0]),
      (1, ONNXParts.field(4, [0, 0, 0, 0x40, 0, 0, 0x40, 0xC0])),
    ]
    for (index, form) in forms.enumerated() {
      #expect(try Self.run(file(form.type, form.data), [5, 7]) == [[10, -21]], "form \(index)")
    }
  }
}
