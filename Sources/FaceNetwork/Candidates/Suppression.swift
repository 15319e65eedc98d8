/// Which of a picture's candidates remain. Memory is kept from picture to picture.
package struct Suppression {
  /// How it is done.
  package enum Rule: Sendable, Equatable {
    /// The best of overlapping candidates stays: OpenCV's `dnn::NMSBoxes` on boxes of whole pixels.
    case best
    /// The best of overlapping candidates stays, with the mean box of all that agree with it, weighted by their scores.
    /// The more agree, the higher its score. A candidate that lies mostly inside a better one goes too.
    case votes
  }

  /// What remains, the best first; for `votes` by the scores before the votes.
  package private(set) var faces: [Candidate] = []
  private var kept: [Int] = []

  /// Candidates vote for a face that they overlap more than this.
  private static let agreement: Float = 0.5
  /// A candidate is inside another if more than this of its area, or of the other's, is common.
  private static let containment: Float = 0.7

  /// Nothing yet.
  package init() {}

  /// Replaces ``faces`` by what remains of `list`, which becomes sorted.
  /// - Parameter overlap: candidates whose intersection over union is more than this are the same face.
  package mutating func reduce(_ list: inout CandidateList, _ rule: Rule, overlap: Float) {
    list.sort()
    faces.removeAll(keepingCapacity: true)
    kept.removeAll(keepingCapacity: true)
    for (index, candidate) in list.candidates.enumerated() {
      let isCovered = kept.contains { other in
        let better = list.candidates[other]
        return switch rule {
        case .best: candidate.wholePixelOverlap(better) > overlap
        case .votes:
          candidate.overlap(better) >= overlap || candidate.containment(better) > Self.containment
        }
      }
      if !isCovered { kept.append(index) }
    }
    for index in kept {
      let candidate = list.candidates[index]
      faces.append(rule == .votes ? candidate.voted(by: list.candidates, Self.agreement) : candidate)
    }
  }
}

extension Candidate {
  /// Intersection over union of the boxes cut to whole pixels, with OpenCV's arithmetic.
  fileprivate func wholePixelOverlap(_ other: Candidate) -> Float {
    let (left, top) = (Int(x), Int(y))
    let (width, height) = (Int(width), Int(height))
    let (otherLeft, otherTop) = (Int(other.x), Int(other.y))
    let (otherWidth, otherHeight) = (Int(other.width), Int(other.height))
    let (area, otherArea) = (width * height, otherWidth * otherHeight)
    if area + otherArea <= 0 { return 1 }
    let across = min(left + width, otherLeft + otherWidth) - max(left, otherLeft)
    let down = min(top + height, otherTop + otherHeight) - max(top, otherTop)
    let common = across > 0 && down > 0 ? Double(across * down) : 0
    let distance = 1 - common / (Double(area + otherArea) - common)
    return 1 - Float(distance)
  }

  private func intersection(_ other: Candidate) -> Float {
    let across = min(x + width, other.x + other.width) - max(x, other.x)
    let down = min(y + height, other.y + other.height) - max(y, other.y)
    return max(across, 0) * max(down, 0)
  }

  fileprivate func overlap(_ other: Candidate) -> Float {
    let common = intersection(other)
    return common / max(area + other.area - common, .leastNormalMagnitude)
  }

  fileprivate func containment(_ other: Candidate) -> Float {
    intersection(other) / max(min(area, other.area), .leastNormalMagnitude)
  }

  /// The mean of the candidates that agree, and a score that grows with the root of their number:
  /// logit(score) + ln(sum of scores) / 2.
  fileprivate func voted(by candidates: [Candidate], _ agreement: Float) -> Candidate {
    var (left, top, right, bottom) = (Float(0), Float(0), Float(0), Float(0))
    var total: Float = 0
    for voter in candidates where overlap(voter) > agreement {
      total += voter.score
      left += voter.score * voter.x
      top += voter.score * voter.y
      right += voter.score * (voter.x + voter.width)
      bottom += voter.score * (voter.y + voter.height)
    }
    guard total > 0 else { return self }
    let odds = score / (1 - score + 1e-9) * (total + 1e-3).squareRoot()
    var voted = Candidate(
      x: left / total, y: top / total, width: (right - left) / total, height: (bottom - top) / total,
      score: odds / (1 + odds), points: points)
    voted.number = number
    return voted
  }
}
