/// What a detector found in pictures whose objects are known: average precision, and recall by the false finds that it
/// costs.
package struct DetectionScores: Sendable, Equatable {
  /// Something that was found.
  package struct Finding: Sendable, Equatable {
    /// Its score.
    package var score: Double
    /// The size of the object that it is, or of its own box if it is none.
    package var size: Double
    /// Whether it is an object.
    package var isHit: Bool
    /// Its picture's number among those added.
    package var picture: Int
    /// Its box.
    package var box: ObjectBox
  }

  /// An object that was not found.
  package struct Miss: Sendable, Equatable {
    /// Its picture's number among those added.
    package var picture: Int
    /// Its box.
    package var box: ObjectBox
  }

  /// A point of the curve of recall by false finds.
  package struct Point: Sendable, Equatable {
    /// False finds of at least the score.
    package var falseFinds: Int
    /// The share of all objects that are found with at least the score.
    package var recall: Double
    /// The score.
    package var score: Double
  }

  /// Everything found, in the order of the pictures.
  package private(set) var findings: [Finding] = []
  /// Objects that nothing overlaps, whatever the score.
  package private(set) var misses: [Miss] = []
  /// The sizes of all objects.
  package private(set) var sizes: [Double] = []
  /// Pictures added.
  package private(set) var pictureCount = 0
  /// Pixels of all of them, in millions.
  package private(set) var megapixels = 0.0
  /// A box is an object's if their intersection over union is at least this.
  package let leastOverlap: Double

  /// Nothing yet.
  package init(leastOverlap: Double = 0.3) { self.leastOverlap = leastOverlap }

  /// The number of objects.
  package var objectCount: Int { sizes.count }

  /// Adds a picture. Each object is given to the best finding that overlaps it enough and has no other.
  /// - Parameters:
  ///   - found: Boxes with their scores.
  ///   - objects: The objects.
  ///   - ignored: Boxes where a finding counts neither for nor against.
  ///   - pixels: Of the picture.
  package mutating func add(
    found: [(box: ObjectBox, score: Double)], objects: [ObjectBox], ignored: [ObjectBox] = [],
    pixels: Int = 0
  ) {
    defer { pictureCount += 1 }
    megapixels += Double(pixels) / 1e6
    sizes += objects.map(\.size)
    var isTaken = [Bool](repeating: false, count: objects.count)
    let order = found.indices.sorted {
      found[$0].score != found[$1].score ? found[$0].score > found[$1].score : $0 < $1
    }
    for index in order {
      let (box, score) = found[index]
      var best: (overlap: Double, object: Int)?
      for (object, other) in objects.enumerated() where !isTaken[object] {
        let overlap = box.overlap(other)
        if overlap >= best?.overlap ?? 0 { best = (overlap, object) }
      }
      if let best, best.overlap >= leastOverlap {
        isTaken[best.object] = true
        findings.append(
          Finding(score: score, size: objects[best.object].size, isHit: true, picture: pictureCount, box: box)
        )
      } else if !ignored.contains(where: { $0.overlap(box) >= leastOverlap || $0.holdsMiddle(of: box) }) {
        findings.append(
          Finding(score: score, size: box.size, isHit: false, picture: pictureCount, box: box))
      }
    }
    for (object, box) in objects.enumerated() where !isTaken[object] {
      misses.append(Miss(picture: pictureCount, box: box))
    }
  }

  /// The findings, the best score first and of equal ones the earlier.
  private var ranked: [Finding] {
    findings.enumerated().sorted {
      $0.element.score != $1.element.score
        ? $0.element.score > $1.element.score : $0.offset < $1.offset
    }.map(\.element)
  }

  /// The curve from the best score down, a point for each finding.
  package var curve: [Point] {
    var (hits, falseFinds) = (0, 0)
    return ranked.map { finding in
      if finding.isHit { hits += 1 } else { falseFinds += 1 }
      return Point(
        falseFinds: falseFinds, recall: Double(hits) / Double(max(objectCount, 1)), score: finding.score)
    }
  }

  /// The area under precision by recall, precision being the best at that recall or more; 0 without objects.
  package var averagePrecision: Double {
    guard objectCount > 0 else { return 0 }
    var hits = 0
    var points: [(recall: Double, precision: Double)] = []
    for (index, finding) in ranked.enumerated() {
      if finding.isHit { hits += 1 }
      points.append((Double(hits) / Double(objectCount), Double(hits) / Double(index + 1)))
    }
    var (area, best) = (0.0, 0.0)
    for index in points.indices.reversed() {
      best = max(best, points[index].precision)
      area += (points[index].recall - (index > 0 ? points[index - 1].recall : 0)) * best
    }
    return area
  }

  /// The share of objects found before there are more than `limit` false finds.
  package func recall(atFalseFinds limit: Int) -> Double {
    curve.last { $0.falseFinds <= limit }?.recall ?? 0
  }

  /// The share of objects found with at least a score, and the false finds that this costs.
  package func point(atScore score: Double) -> Point {
    curve.last { $0.score >= score } ?? Point(falseFinds: 0, recall: 0, score: score)
  }

  /// The score at which there are no more than `limit` false finds; 0 if there never are.
  package func score(atFalseFinds limit: Int) -> Double {
    curve.first { $0.falseFinds > limit }?.score ?? 0
  }

  /// Only what has a size in `range`: objects, the findings that are theirs, and false finds of that size.
  package func part(ofSizes range: Range<Double>) -> DetectionScores {
    var part = self
    part.findings = findings.filter { range.contains($0.size) }
    part.misses = misses.filter { range.contains($0.box.size) }
    part.sizes = sizes.filter { range.contains($0) }
    return part
  }
}
