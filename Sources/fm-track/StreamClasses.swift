import FaceTracking
import FrameStream

/// The classes of a stream's labels, in the order in which the first face names them.
struct StreamClasses {
  private(set) var names: [String] = []

  /// The probabilities of a face in the order of ``names``; empty if no classifier saw the face. A class that the face
  /// does not name, as after `fm-classify --top`, gets its share of what the others leave.
  mutating func probabilities(of face: FaceRecord) -> [Float] {
    let scores = face.scores
    guard !scores.isEmpty else { return [] }
    for score in scores where !names.contains(score.name) { names.append(score.name) }
    var values = [Float](repeating: -1, count: names.count)
    var sum: Float = 0
    for score in scores {
      guard let probability = score.probability, let index = names.firstIndex(of: score.name) else {
        return []
      }
      values[index] = Float(probability)
      sum += Float(probability)
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
