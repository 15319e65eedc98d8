import FaceTracking
import FrameStream
import SystemIO

/// The classes of a stream's labels, in the order in which the first face names them.
struct StreamClasses {
  private(set) var names: [String] = []
  private var indices: [String: Int] = [:]
  /// The most classes of a stream: a bound on memory and time.
  private static let limit = 1000

  /// The probabilities of a face in the order of ``names``; empty if no classifier saw the face. A class that the face
  /// does not name, as after `fm-classify --top`, gets its share of what the others leave.
  /// - Throws: ``Failure`` (`badInput`) for a score that is no probability, or too many classes.
  mutating func probabilities(of face: FaceRecord) throws(Failure) -> [Float] {
    let scores = face.scores
    // Null is what a classifier says that has no answer.
    guard !scores.isEmpty, scores.allSatisfy({ $0.probability != nil }) else { return [] }
    for score in scores where indices[score.name] == nil {
      guard names.count < Self.limit else {
        throw Failure(
          .badInput, step: "bad scores", cause: "the stream names more than \(Self.limit) classes")
      }
      indices[score.name] = names.count
      names.append(score.name)
    }
    var values = [Float](repeating: -1, count: names.count)
    var sum: Float = 0
    for score in scores {
      guard let probability = score.probability, let index = indices[score.name] else { return [] }
      // A sum of single precision may end just above 1.
      guard probability >= 0, probability <= 1.001 else {
        throw Failure(
          .badInput, step: "bad scores",
          cause: "the score of \"\(score.name.prefix(40))\" is \(probability), not between 0 and 1")
      }
      values[index] = Float(min(1, probability))
      sum += values[index]
    }
    let missing = values.count { $0 < 0 }
    if missing > 0 {
      let share = max(0, 1 - sum) / Float(missing)
      for index in values.indices where values[index] < 0 { values[index] = share }
    }
    return values
  }

  /// A smoothed label as the record carries it.
  func classification(_ label: SmoothedLabel) -> FaceFields.Classification {
    FaceFields.Classification(
      expression: names[label.index], confidence: label.probabilities[label.index],
      classes: Array(names.prefix(label.probabilities.count)), probabilities: label.probabilities[...])
  }
}
