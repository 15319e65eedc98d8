import FrameStream
import TextTables

/// The figures of a detector on pictures whose objects are known.
package struct DetectionReport: Sendable {
  /// What was found.
  package let scores: DetectionScores
  /// The score that is called enough, for recall and false finds at it; nil for none, as with cascades.
  package let threshold: Double?

  /// Figures of scores.
  package init(_ scores: DetectionScores, threshold: Double? = nil) {
    self.scores = scores
    self.threshold = threshold
  }

  /// False finds at which recall is reported.
  package static let limits = [1, 10, 50]

  /// Sizes of objects in pixels: less than 24, less than 48, and so on.
  package static let sizes: [(name: String, range: Range<Double>)] = {
    let bounds: [Double] = [0, 24, 48, 96, 192, .infinity]
    return zip(bounds, bounds.dropFirst()).map { lower, upper in
      let name =
        lower == 0
        ? "under \(Int(upper))" : upper.isFinite ? "\(Int(lower)) to \(Int(upper))" : "\(Int(lower)) and more"
      return (name, lower..<upper)
    }
  }()

  private static func percent(_ share: Double) -> String { DecimalText.fixed(100 * share, 1) }

  /// A heading's lines, and tables of the figures, by size as well.
  package func text(heading: String) -> String {
    var lines = [heading, ""]
    lines.append(
      "\(scores.pictureCount) pictures, \(scores.objectCount) objects (a find is right from an overlap of "
        + "\(DecimalText.shortest(scores.leastOverlap)) on)")
    lines.append("average precision: \(Self.percent(scores.averagePrecision)) %")
    for limit in Self.limits {
      lines.append(
        "recall at \(limit) false finds: \(Self.percent(scores.recall(atFalseFinds: limit))) %")
    }
    if let threshold {
      let point = scores.point(atScore: threshold)
      lines.append(
        "recall at a score of \(DecimalText.shortest(threshold)): \(Self.percent(point.recall)) %, with "
          + "\(point.falseFinds) false finds")
    }
    let all = scores.curve.last
    lines.append(
      "recall of everything found: \(Self.percent(all?.recall ?? 0)) %, with \(all?.falseFinds ?? 0) false finds"
    )
    lines.append("")
    lines += table.map { row in
      zip(row, [14, 9, 19, 24]).map { TextColumns.left($0, $1) }.joined().trimmingSpaces
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Rows of figures by size, the header first. False finds are those of all sizes.
  private var table: [[String]] {
    let limit = scores.score(atFalseFinds: 50)
    return [["size (pixels)", "objects", "average precision", "recall at 50 false finds"]]
      + Self.sizes.compactMap { name, range in
        let part = scores.part(ofSizes: range)
        guard part.objectCount > 0 else { return nil }
        let found = part.findings.count { $0.isHit && $0.score > limit }
        return [
          name, "\(part.objectCount)", Self.percent(part.averagePrecision) + " %",
          Self.percent(Double(found) / Double(part.objectCount)) + " %",
        ]
      }
  }

  /// Writes the figures' keys.
  package func writeFields(to json: inout JSONWriter) {
    json.field("pictures", scores.pictureCount)
    json.field("objects", scores.objectCount)
    json.field("overlap", scores.leastOverlap)
    json.field("average_precision", scores.averagePrecision)
    json.key("recall")
    json.object { recall in
      for limit in Self.limits {
        recall.key("\(limit)")
        recall.value(scores.recall(atFalseFinds: limit))
      }
    }
    if let threshold {
      let point = scores.point(atScore: threshold)
      json.key("threshold")
      json.object {
        $0.field("score", threshold)
        $0.field("recall", point.recall)
        $0.field("false_finds", point.falseFinds)
      }
    }
    json.key("sizes")
    json.array { list in
      for (name, range) in Self.sizes {
        let part = scores.part(ofSizes: range)
        guard part.objectCount > 0 else { continue }
        list.object {
          $0.field("size", name)
          $0.field("objects", part.objectCount)
          $0.field("average_precision", part.averagePrecision)
        }
      }
    }
  }
}

extension String {
  /// Without spaces at its end.
  fileprivate var trimmingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
