import Glibc

/// The scale and shift of logits with which scores are right as often as they say: logistic regression of hits on
/// logits by Newton's method, with Platt's targets (1999) in place of 1 and 0, which keep it finite.
package struct ScoreCalibration: Sendable, Equatable {
  /// What a logit is multiplied by.
  package let slope: Double
  /// What is added then.
  package let offset: Double

  /// - Parameter findings: Scores from 0 to 1, and whether they were right.
  /// - Returns: nil if all were right or all wrong, or higher scores are not right more often.
  package init?(_ findings: [(score: Double, isHit: Bool)]) {
    let hits = findings.count { $0.isHit }
    let others = findings.count - hits
    guard hits > 0, others > 0 else { return nil }
    let right = (Double(hits) + 1) / (Double(hits) + 2)
    let wrong = 1 / (Double(others) + 2)
    let values = findings.map { finding in
      let score = min(max(finding.score, 1e-7), 1 - 1e-7)
      return (logit: log(score / (1 - score)), target: finding.isHit ? right : wrong)
    }
    var (slope, offset) = (1.0, 0.0)
    for _ in 0..<50 {
      var (first, second) = (0.0, 0.0)
      var (a, b, c) = (1e-9, 0.0, 1e-9)
      for (logit, target) in values {
        let p = 1 / (1 + exp(-(slope * logit + offset)))
        first += (p - target) * logit
        second += p - target
        let weight = p * (1 - p)
        a += weight * logit * logit
        b += weight * logit
        c += weight
      }
      let determinant = a * c - b * b
      guard determinant.magnitude > 1e-12 else { return nil }
      // Far from the minimum a whole step may lead away.
      let steps = ((c * first - b * second) / determinant, (a * second - b * first) / determinant)
      let reach = max(steps.0.magnitude, steps.1.magnitude, 1)
      slope -= steps.0 / reach
      offset -= steps.1 / reach
      if steps.0.magnitude < 1e-9, steps.1.magnitude < 1e-9 { break }
    }
    guard slope.isFinite, offset.isFinite, slope > 0.01, slope < 100, offset.magnitude < 100 else {
      return nil
    }
    self.slope = slope
    self.offset = offset
  }
}
