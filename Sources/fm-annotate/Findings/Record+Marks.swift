import FaceDrawing
import FrameStream
import SystemIO

extension Record {
  /// What is to be drawn for this frame's faces: the labels and boxes over time, where a tracker has written them.
  /// - Parameter isRaw: whether the classifier's and the detector's own are drawn all the same.
  func marks(isRaw: Bool) throws(Failure) -> [FaceMark] {
    let faces = (try faces() ?? []).filter { !isRaw || !$0.isFilled || $0.isHeld }
    let largest = faces.map { $0.box.area }.max() ?? 0
    return faces.map { face in
      var mark = FaceMark(
        box: face.box, expression: face.expression, confidence: face.confidence,
        classIndex: face.classIndex, isHeld: face.isHeld)
      mark.isDoubtful = face.isHardlySure && face.box.area < largest * FaceRecord.smallShare
      mark.points = face.points
      guard !isRaw else { return mark }
      (mark.person, mark.isFilled) = (face.id, face.isFilled)
      if let steady = face.steadyBox { mark.box = steady }
      if let smoothed = face.smoothed {
        mark.expression = smoothed.expression
        mark.confidence = smoothed.confidence
      }
      return mark
    }
  }
}

extension FaceRecord {
  /// A find is small if its area is less than this part of the largest one's in its frame.
  fileprivate static let smallShare = 0.12

  /// Whether the detector was only just sure: of a network's score, or of how many detections a cascade merged.
  fileprivate var isHardlySure: Bool {
    if let score { return score < 0.75 }
    return neighbors.map { $0 < 6 } ?? false
  }
}

/// The classes of a stream's labels: those of the first face that has scores, and what other faces name besides.
struct ClassNames {
  private(set) var names: [String] = []
  private var hasScores = false

  /// A hostile stream may name any number of classes.
  private static let mostNames = 64

  /// Takes in the classes of a frame's faces.
  mutating func take(_ marks: [FaceMark], of frame: Record) throws(Failure) {
    if !hasScores, let face = try frame.faces()?.first(where: { !$0.scores.isEmpty }) {
      hasScores = true
      for score in face.scores { add(score.name) }
    }
    for mark in marks { if let name = mark.expression { add(name) } }
  }

  private mutating func add(_ name: String) {
    if names.count < Self.mostNames, !names.contains(name) { names.append(name) }
  }
}
