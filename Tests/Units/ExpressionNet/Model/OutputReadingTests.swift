import Glibc
import KerasWriting
import ModelFixtures
import NetworkEngine
import NetworkModel
import Testing

@testable import ExpressionNet

/// What a network's outputs mean, by how it ends, and what is said of it.
struct OutputReadingTests {
  private static func graph(_ end: [(String, Operation)], input: [Int] = [4]) throws -> ModelGraph {
    try ModelGraph(name: "small", inputShape: input, sequence: end.map { (name: $0.0, operation: $0.1) })
  }

  private static func dense(_ units: Int, _ activation: Activation) -> Operation {
    .dense(units: units, bias: false, activation)
  }

  private func read(_ graph: ModelGraph, _ outputs: [Float]) -> [Float] {
    var result: [Float] = []
    outputs.withUnsafeBufferPointer { OutputReading(graph).append($0, to: &result) }
    return result
  }

  @Test func theEndDecides() throws {
    let map: [(String, Operation)] = [
      ("c", .convolution(filters: 3, window: Window(kernel: .init(1, 1)), groups: 1, bias: false, .linear)),
      ("g", .globalAveragePooling(keepingDimensions: false)),
    ]
    let cases: [([(String, Operation)], [Int], OutputReading.Kind)] = [
      ([("d", Self.dense(3, .softmax))], [4], .probabilities),
      ([("d", Self.dense(3, .linear))], [4], .logits), ([("d", Self.dense(3, .relu()))], [4], .logits),
      (
        [("d", Self.dense(3, .linear)), ("s", .activation(.softmax)), ("r", .dropout(rate: 0.5))], [4],
        .probabilities
      ),
      ([("d", Self.dense(3, .sigmoid))], [4], .sigmoid), (map, [2, 2, 1], .logits),
      (map + [("s", .activation(.softmax))], [2, 2, 1], .probabilities),
      ([("d", Self.dense(3, .softmax)), ("a", .affine(scale: [2], offset: [0]))], [4], .unknown),
    ]
    for (layers, input, kind) in cases {
      let reading = OutputReading(try Self.graph(layers, input: input))
      #expect(reading.kind == kind, "\(layers)")
      #expect((reading.warning == nil) == (kind == .probabilities))
      #expect(reading.classCount == 3)
    }
  }

  @Test func logitsBecomeProbabilities() throws {
    let logits = try Self.graph([("d", Self.dense(3, .linear))])
    let rows = read(logits, [1, 2, 3, 1000, 0, -1000])
    let sum = exp(1.0) + exp(2.0) + exp(3.0)
    for (index, value) in [exp(1.0) / sum, exp(2.0) / sum, exp(3.0) / sum, 1, 0, 0].enumerated() {
      #expect(abs(Double(rows[index]) - value) < 1e-6)
    }
    #expect(read(logits, [.nan, 0, 0]).count { $0.isNaN } == 3)
    let softmax = try Self.graph([("d", Self.dense(3, .softmax))])
    #expect(read(softmax, [1, 2, 3]) == [1, 2, 3], "as they are")
  }

  @Test func oneOutputIsForTwoClasses() throws {
    let single = try Self.graph([("d", Self.dense(1, .sigmoid))])
    #expect(OutputReading(single).classCount == 2)
    #expect(read(single, [0.25, 1]) == [0.75, 0.25, 0, 1])
    let unbounded = try Self.graph([("d", Self.dense(1, .linear))])
    #expect(read(unbounded, [0]) == [0.5, 0.5])
    var file = ModelFile(graph: single)
    try file.graph.setWeight("kernel", ofLayer: 1, to: [1, 2, 3, 4])
    let bytes = try file.bytes()
    #expect(try ExpressionModel(bytes: bytes, classes: ["no", "yes"]).classes == ["no", "yes"])
    #expect(throws: (any Error).self) { try ExpressionModel(bytes: bytes, classes: ["yes"]) }
    #expect(throws: (any Error).self) { try ExpressionModel(bytes: bytes) }
  }

  @Test func pixelsWhoseRangeNobodyStates() throws {
    func model(
      _ first: [(String, Operation)], input: [Int] = [3, 2, 1], _ preprocessing: Preprocessing? = nil
    )
      throws -> ExpressionModel
    {
      ExpressionModel(
        graph: try Self.graph(first, input: input), classes: [],
        information: ModelInformation(preprocessing: preprocessing))
    }
    let convolution = Operation.convolution(
      filters: 1, window: Window(kernel: .init(1, 1)), groups: 1, bias: false, .linear)
    let padded: [(String, Operation)] = [
      ("p", .zeroPadding(top: 1, bottom: 0, left: 0, right: 0)), ("c", convolution),
    ]
    let note = try #require(try model(padded).inputNote)
    #expect(note.contains("--input-scale 0.007843138 --input-offset -1") && note.contains("--try-inputs"))
    #expect(
      try model(padded).inputDescription
        == "Input: 2x3 gray, pixel * 1 + 0, margin 0 (assumed: the file does not say)")
    #expect(try model([("r", .affine(scale: [1 / 255], offset: [0])), ("c", convolution)]).inputNote == nil)
    #expect(try model(padded, input: [3, 2, 1], Preprocessing()).inputNote == nil, "the file says it")
    #expect(try model(padded, input: [3, 2, 3]).inputSize == "2x3 in 3 channels, each the gray picture")
    for input in [[3, 2, 4], [3, 2, 2]] {
      let odd = try model(padded, input: input)
      #expect(!odd.takesPictures && odd.inputNote == nil)
      #expect(odd.inputDescription.contains("in \(input[2]) channels: faces cannot be put into it"))
    }
    let row = try model([("d", Self.dense(2, .softmax))], input: [9])
    #expect(row.inputDescription == "Input: 9 values, no picture: faces cannot be put into it")
  }

  @Test func ordersOfClasses() {
    #expect(ClassOrder.names(in: "fer2013")?.last == "neutral")
    #expect(ClassOrder.names(in: "fer2013-alphabetical") == ClassOrder.names(in: "fer2013")?.sorted())
    #expect(ClassOrder.names(in: "ferplus")?.count == 8)
    #expect(ClassOrder.names(in: "\"a, b\",c") == ["a, b", "c"])
    for wrong in ["a,a", "a,,b", ""] { #expect(ClassOrder.names(in: wrong) == nil) }
    #expect(ClassOrder.commonName(of: "Anger") == "angry" && ClassOrder.commonName(of: "bored") == "bored")
  }
}
