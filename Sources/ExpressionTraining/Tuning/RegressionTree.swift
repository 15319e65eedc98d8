import PictureData

/// A table of trials for a regression: for each setting the value of each trial, as a number from 0 for its place among
/// the values that occur, and the trials' scores.
struct RegressionTable {
  /// One setting.
  struct Feature {
    /// Each trial's value.
    var values: [Int]
    /// How many values there are.
    var count: Int
    /// Whether values have an order; else a split takes one value apart from all others.
    var isOrdered: Bool

    /// The share of the trials with each value.
    var weights: [Double] {
      var weights = [Double](repeating: 0, count: count)
      for value in values { weights[value] += 1 / Double(values.count) }
      return weights
    }
  }

  var features: [Feature]
  var scores: [Double]
}

/// A regression tree over a ``RegressionTable``: boxes of values, each with the mean score of the trials in it.
struct RegressionTree {
  /// A box: for each feature which of its values are inside, and the mean score there.
  struct Leaf {
    var inside: [[Bool]]
    var score: Double
  }

  private(set) var leaves: [Leaf] = []
  private let table: RegressionTable
  /// Trials in a leaf, at least.
  private static let least = 2

  /// Grows a tree on trials drawn with replacement, each split among two thirds of the features.
  init(_ table: RegressionTable, _ random: inout SeededGenerator) {
    self.table = table
    let count = table.scores.count
    let drawn = (0..<count).map { _ in Int.random(in: 0..<count, using: &random) }
    grow(drawn, table.features.map { [Bool](repeating: true, count: $0.count) }, depth: 0, &random)
  }

  private mutating func grow(
    _ trials: [Int], _ inside: [[Bool]], depth: Int, _ random: inout SeededGenerator
  ) {
    guard depth < 32, let split = bestSplit(trials, inside, &random) else {
      let sum = trials.reduce(0) { $0 + table.scores[$1] }
      leaves.append(Leaf(inside: inside, score: sum / Double(max(trials.count, 1))))
      return
    }
    for side in [true, false] {
      var part = inside
      for value in part[split.feature].indices where split.isLeft[value] != side {
        part[split.feature][value] = false
      }
      let values = table.features[split.feature].values
      grow(trials.filter { split.isLeft[values[$0]] == side }, part, depth: depth + 1, &random)
    }
  }

  /// The split after which the squared errors are least; nil if none makes them less.
  private func bestSplit(
    _ trials: [Int], _ inside: [[Bool]], _ random: inout SeededGenerator
  ) -> (feature: Int, isLeft: [Bool])? {
    guard trials.count >= 2 * Self.least else { return nil }
    let total = trials.reduce(0) { $0 + table.scores[$1] }
    var best: (gain: Double, feature: Int, isLeft: [Bool])?
    let wanted = max(1, (2 * table.features.count + 2) / 3)
    for feature in table.features.indices.shuffled(using: &random).prefix(wanted) {
      let column = table.features[feature]
      var counts = [Int](repeating: 0, count: column.count)
      var sums = [Double](repeating: 0, count: column.count)
      for trial in trials {
        counts[column.values[trial]] += 1
        sums[column.values[trial]] += table.scores[trial]
      }
      var (leftCount, leftSum) = (0, 0.0)
      for value in 0..<column.count where inside[feature][value] {
        (leftCount, leftSum) =
          column.isOrdered ? (leftCount + counts[value], leftSum + sums[value]) : (counts[value], sums[value])
        let rightCount = trials.count - leftCount
        guard leftCount >= Self.least, rightCount >= Self.least else { continue }
        let rightSum = total - leftSum
        let gain =
          leftSum * leftSum / Double(leftCount) + rightSum * rightSum / Double(rightCount)
          - total * total / Double(trials.count)
        if gain > (best?.gain ?? 1e-12) {
          best = (gain, feature, (0..<column.count).map { column.isOrdered ? $0 <= value : $0 == value })
        }
      }
    }
    return best.map { ($0.feature, $0.isLeft) }
  }

  /// The share of the tree's variance that each feature has by itself: that of its marginal, the mean over all values
  /// of the others. Nil for a tree without variance.
  func mainEffects() -> [Double]? {
    let weights = table.features.map(\.weights)
    var marginals = weights.map { [Double](repeating: 0, count: $0.count) }
    var (mean, square) = (0.0, 0.0)
    for leaf in leaves {
      let shares = zip(leaf.inside, weights).map { inside, weights in
        zip(inside, weights).reduce(0) { $0 + ($1.0 ? $1.1 : 0) }
      }
      let volume = shares.reduce(1, *)
      mean += leaf.score * volume
      square += leaf.score * leaf.score * volume
      for feature in shares.indices {
        // The box's extent in all other features.
        let others = shares.indices.reduce(1) { $1 == feature ? $0 : $0 * shares[$1] }
        for value in leaf.inside[feature].indices where leaf.inside[feature][value] {
          marginals[feature][value] += leaf.score * others
        }
      }
    }
    let variance = square - mean * mean
    guard variance > 1e-15 else { return nil }
    return zip(marginals, weights).map { marginal, weights in
      zip(marginal, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) } / variance
    }
  }
}
