import SystemIO

/// What a network has taught about the pictures so far: made once after each round, used for many canvases.
package struct CanvasFeedback: Sendable {
  /// Places that were taken for objects; each is as likely as the others to be shown.
  package let mined: [MinedSpot]
  /// The sums of the crops' weights up to each; empty if all are equally likely.
  private let sums: [Double]

  /// Nothing is known yet.
  package static let none = CanvasFeedback()

  /// - Parameters:
  ///   - hardness: How likely each crop is to be drawn compared with the others, 0 or more, a value for each crop; nil,
  ///     or nothing above 0, for all alike.
  package init(mined: [MinedSpot] = [], hardness: [Float]? = nil) {
    self.mined = mined
    var sums: [Double] = []
    var sum = 0.0
    for value in hardness ?? [] {
      sum += value.isFinite ? Double(max(value, 0)) : 0
      sums.append(sum)
    }
    self.sums = sum > 0 ? sums : []
  }

  /// Which of `count` crops is drawn.
  func crop(of count: Int, _ random: inout CounterRandom) -> Int {
    let unit = random.unit()
    guard sums.count == count, let total = sums.last else { return min(Int(unit * Float(count)), count - 1) }
    return sums.firstIndex(above: Double(unit) * total)
  }
}

extension [Double] {
  /// The first index whose value is more than `limit`, of ascending values; the last index if none is.
  func firstIndex(above limit: Double) -> Int {
    Swift.min(partitioningIndex { $0 > limit }, Swift.max(count - 1, 0))
  }
}
