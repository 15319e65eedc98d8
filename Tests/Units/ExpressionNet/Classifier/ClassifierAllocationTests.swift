import CAllocationCounter
import COneDNN
import FaceInput
import FrameStream
import ONNXParts
import SeededNoise
import SystemIO
import Testing

@testable import ExpressionNet
@testable import NetworkEngine
@testable import NetworkModel

/// Once a number of faces has come, classifying as many again allocates nothing but what oneDNN does in running its
/// primitives.
@Suite(.serialized) struct ClassifierAllocationTests {
  private static func model(standardize: Bool) throws -> ExpressionModel {
    var noise = Noise(11)
    var graph = try ModelGraph(
      name: "test", inputShape: [14, 14, 1],
      sequence: [
        ("scale", .affine(scale: [1 / 255], offset: [0])),
        (
          "first",
          .convolution(
            filters: 48, window: Window(kernel: .init(3, 3), same: true), groups: 1, bias: true, .relu())
        ),
        (
          "tiled",
          .convolution(
            filters: 48, window: Window(kernel: .init(6, 6), same: true), groups: 1, bias: true, .relu())
        ),
        ("pool", .maximumPooling(Window(kernel: .init(2, 2), strides: .init(2, 2)))),
        (
          "second",
          .convolution(filters: 16, window: Window(kernel: .init(3, 3)), groups: 1, bias: true, .relu())
        ),
        ("flat", .flatten(pixelsFirst: false)), ("dense", .dense(units: 16, bias: true, .relu())),
        ("last", .dense(units: 3, bias: true, .softmax)),
      ])
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights {
        let values = noise.values(weight.shape.reduce(1, *), scale: 0.3)
        try graph.setWeight(weight.name, ofLayer: index, to: values)
      }
    }
    let information = ModelInformation(preprocessing: Preprocessing(margin: 0.1, standardize: standardize))
    var model = ExpressionModel(graph: graph, classes: ["a", "b", "c"], information: information)
    model.information.temperatures[.single] = 1.5
    let calibrator = try Calibrator(model.graph, threads: 1)
    try calibrator.observe(noise.values(8 * 196, scale: 255))
    try model.file.setCalibration(calibrator.calibration)
    return model
  }

  /// The fewest allocations of this thread in some runs of `body`: the first ones may be to make room.
  private func fewestAllocations(_ body: () throws -> Void) throws -> Int {
    var fewest = Int.max
    for _ in 0..<5 {
      counting_begin(counting_thread(), 0)
      let result = Result { try body() }
      fewest = min(fewest, counting_end())
      try result.get()
    }
    return fewest
  }

  /// What oneDNN is asked for in a run of the plan, and nothing else.
  private func runPrimitives(of plan: Plan, _ engine: Engine) {
    for step in plan.steps {
      guard case .primitive(let primitive, let arguments) = step.work else { continue }
      _ = arguments.withUnsafeBufferPointer {
        cdnnl_primitive_execute(primitive.native, engine.stream, Int32($0.count), $0.baseAddress)
      }
    }
    _ = cdnnl_stream_wait(engine.stream)
  }

  /// A network of several outputs, planned once for a size.
  @Test func nothingForAPictureOfAnONNXNetwork() throws {
    var noise = Noise(13)
    var parts = ONNXParts()
    parts.input("x", [nil, 3, nil, nil])
    for name in ["scores", "sum"] { parts.output(name) }
    let (wide, deep) = (
      parts.constant([16, 3, 3, 3], noise.values(432)), parts.constant([16, 1, 3, 3], noise.values(144))
    )
    let (narrow, rows) = (parts.constant([4, 16, 1, 1], noise.values(64)), parts.integers([1, -1, 4]))
    let scales = parts.constant([4], [1, 1, 2, 2])
    let pads: [String: ONNXParts.Attribute] = ["pads": .integers([1, 1, 1, 1])]
    parts.node("Conv", ["x", wide], ["a"], pads.merging(["strides": .integers([2, 2])]) { $1 })
    parts.node("Conv", ["a", deep], ["b"], pads.merging(["group": .integer(16)]) { $1 })
    parts.node("Relu", ["b"], ["c"])
    parts.node("MaxPool", ["c"], ["d"], ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])])
    parts.node("Resize", ["d", "", scales], ["e"])
    parts.node("Add", ["c", "e"], ["sum"])
    parts.node("Conv", ["sum", narrow], ["f"])
    parts.node("Transpose", ["f"], ["g"], ["perm": .integers([0, 2, 3, 1])])
    parts.node("Reshape", ["g", rows], ["h"])
    parts.node("Sigmoid", ["h"], ["scores"])
    let network = try Network(
      ONNXModel(bytes: parts.file(operatorSet: 11)).network(height: 32, width: 40).graph, threads: 1)
    let picture = noise.values(network.inputCount)
    var (sum, runs): (Float, Int) = (0, 0)
    func predict() throws(Failure) {
      try network.predict { (input) throws(Failure) in
        _ = input.update(fromContentsOf: picture)
      } results: { (results) throws(Failure) in
        sum += results[0][7] + results[1][9]
        runs += results.count
      }
    }
    try predict()
    let plan = try network.plan(1)
    let ours = try fewestAllocations { try predict() }
    let oneDNN = try fewestAllocations { runPrimitives(of: plan, network.engine) }
    #expect(ours == oneDNN)
    #expect(sum.isFinite && runs == 12)
  }

  @Test(arguments: [Precision.f32, .int8], [1, 8])
  func nothingOfOurOwnAfterTheFirstFaces(_ precision: Precision, _ count: Int) throws {
    var noise = Noise(12)
    // Two pictures by turns: one that repeats the last would not be computed.
    let pixels = noise.bytes(60 * 40 * 2)
    for (standardize, views) in [(false, PictureViews.single), (true, .single), (true, .flip)] {
      var options = ExpressionClassifier.Options()
      options.threads = 1
      options.precision = PrecisionChoice(rawValue: precision.rawValue) ?? .auto
      options.views = views
      let classifier = try ExpressionClassifier(Self.model(standardize: standardize), options)
      try pixels.withUnsafeBufferPointer { pixels in
        let pictures = [0, 60 * 40].map { start in
          let plane = PlaneView(pixels.baseAddress! + start, width: 60, height: 40, stride: 60)
          return (0..<count).map {
            ExpressionClassifier.Face(
              plane: plane, colorRange: .tv,
              box: PixelRectangle(x: 5 * $0 - 3, y: 3 * $0, width: 12 + $0, height: 14))
          }
        }
        let faces = pictures[0]
        var turn = 0
        var scores: [Float] = []
        try classifier.classify(faces, into: &scores)
        let plan = try classifier.network.plan(count * views.count)
        if precision == .f32 { #expect(plan.steps.contains { $0.name == "tiled (tiles)" }) }
        let ours = try fewestAllocations {
          turn += 1
          try classifier.classify(pictures[turn % 2], into: &scores)
        }
        let oneDNN = try fewestAllocations { runPrimitives(of: plan, classifier.network.engine) }
        #expect(ours == oneDNN, "standardize \(standardize), \(views)")
        #expect(scores.count == 3 * count && scores.allSatisfy { $0.isFinite })

        #expect(classifier.computedCount == 6 * count)

        // A picture that repeats the last one: no run of the network at all, and the same scores.
        try classifier.classify(faces, into: &scores)
        let first = scores
        let computed = classifier.computedCount
        #expect(try fewestAllocations { try classifier.classify(faces, into: &scores) } == 0)
        #expect(scores == first && classifier.computedCount == computed)
        // One face of it among others, in another place.
        if count > 1 {
          try classifier.classify([pictures[1][0], faces[1]], into: &scores)
          #expect(scores[3...] == first[3..<6] && classifier.computedCount == computed + 1)
          try classifier.classify(faces, into: &scores)
          #expect(scores == first)
        }

        // That the counter sees what is ours: rows of their own.
        var rows: [[Float]] = []
        try classifier.classify(pictures[turn % 2], into: &scores)
        let withRows = try fewestAllocations {
          turn += 1
          rows = try classifier.classify(pictures[turn % 2])
        }
        #expect(withRows >= oneDNN + count)
        try classifier.classify(pictures[turn % 2], into: &scores)
        #expect(rows.flatMap { $0 } == scores)
      }
    }
  }
}
