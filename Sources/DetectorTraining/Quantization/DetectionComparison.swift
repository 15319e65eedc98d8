import FaceNetwork
import NetworkModel
import TrainingReports

/// What a detector finds in other numbers, object by object beside what it finds in f32.
struct DetectionComparison {
  /// Two boxes are the same object's if their intersection over union is at least this.
  private static let leastOverlap = 0.5

  private var expected = 0
  private var added = 0
  private var boxes: [Double] = []
  private var scores: [Double] = []

  /// Adds a picture. Each object of `reference` takes the most overlapping of those found that no surer one took.
  mutating func add(_ found: [NetworkDetector.Face], to reference: [NetworkDetector.Face]) {
    var isTaken = [Bool](repeating: false, count: found.count)
    expected += reference.count
    for face in reference {
      let own = ObjectBox(face.box)
      var best: (overlap: Double, index: Int)?
      for (index, other) in found.enumerated() where !isTaken[index] {
        let overlap = own.overlap(ObjectBox(other.box))
        if overlap >= Self.leastOverlap, overlap > best?.overlap ?? 0 { best = (overlap, index) }
      }
      guard let best else { continue }
      isTaken[best.index] = true
      let other = found[best.index]
      let edges = [
        face.box.x - other.box.x, face.box.y - other.box.y, face.box.maxX - other.box.maxX,
        face.box.maxY - other.box.maxY,
      ]
      boxes.append(Double(edges.map(abs).max() ?? 0) / max(own.size, 1))
      scores.append(Double(abs(face.score - other.score)))
    }
    added += isTaken.count { !$0 }
  }

  /// What all pictures came to.
  var difference: DetectionAgreement.Difference {
    let total = Double(max(expected, 1))
    return .init(
      kept: expected == 0 ? 1 : Double(boxes.count) / total, added: Double(added) / total,
      box: .init(of: boxes), score: .init(of: scores))
  }
}
