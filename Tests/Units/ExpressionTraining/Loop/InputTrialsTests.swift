import ExpressionNet
import NetworkModel
import PictureData
import Testing

@testable import ExpressionTraining

/// A network that says neither its range of pixels nor its classes: both are found with labeled pictures.
struct InputTrialsTests {
  private static let side = 4

  /// Names an evenly gray picture, put in as -1 to 1, by the nearest of seven grays.
  private static func model(classes: [String]? = nil) throws -> ExpressionModel {
    var graph = try ModelGraph(
      name: "grays", inputShape: [side, side, 1],
      sequence: [("flat", .flatten(pixelsFirst: false)), ("d", .dense(units: 7, bias: true, .softmax))])
    let grays = (0..<7).map { Float($0) / 3.5 - 0.9 }
    let row = grays.map { $0 * 50 / Float(side * side) }
    try graph.setWeight("kernel", ofLayer: 2, to: Array((0..<side * side).map { _ in row }.joined()))
    try graph.setWeight("bias", ofLayer: 2, to: grays.map { -25 * $0 * $0 })
    return ExpressionModel(graph: graph, classes: classes ?? [])
  }

  /// Pictures of the grays of FER-2013's classes, under other usual names.
  private static func pictures(_ count: Int) throws -> PictureSet {
    let classes = ["Anger", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"]
    var (names, labels, pixels): ([String], [Int], [UInt8]) = ([], [], [])
    for index in 0..<count {
      let output = index % 7
      let name = ClassOrder.commonName(of: ClassOrder.fer2013.names[output])
      names.append("\(index)")
      labels.append(classes.firstIndex { ClassOrder.commonName(of: $0) == name } ?? 0)
      pixels += [UInt8](repeating: UInt8((Float(output) / 3.5 + 0.1) * 127.5), count: side * side)
    }
    return try PictureSet(
      classes: classes, width: side, height: side, names: names, labels: labels, pixels: pixels)
  }

  @Test func rangeAndOrderAreFound() throws {
    let model = try Self.model()
    let trials = try InputTrials(model, Self.pictures(70), InputPreparation(model.graph))
    #expect(trials.trials.count == 8)
    let right = try #require(trials.right)
    #expect(right.range == .symmetric && right.order.option == "fer2013")
    #expect(right.accuracy == 1 && right.crossEntropy < 0.5)
    #expect(trials.trials.map(\.accuracy) == trials.trials.map(\.accuracy).sorted(by: >))
    // A file's own names are not doubted.
    let named = try Self.model(classes: ClassOrder.alphabetical.names)
    let own = try InputTrials(named, Self.pictures(70), InputPreparation(named.graph))
    #expect(own.trials.count == 4 && own.trials.allSatisfy { $0.order.option == nil })
  }

  @Test func tooFewPicturesGiveNoAnswer() throws {
    let model = try Self.model()
    let trials = try InputTrials(model, Self.pictures(2), InputPreparation(model.graph))
    #expect(trials.right == nil)
  }

  @Test func ordersThatLackAClass() throws {
    let model = try Self.model()
    let odd = try PictureSet(
      classes: ["bored", "happy"], width: 4, height: 4, names: ["a"], labels: [0],
      pixels: [UInt8](repeating: 9, count: 16))
    let failure = #expect(throws: (any Error).self) {
      try InputTrials(model, odd, InputPreparation(model.graph))
    }
    #expect("\(failure.map { "\($0)" } ?? "")".contains("--classes"))
  }
}
