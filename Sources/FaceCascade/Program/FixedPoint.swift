/// The fixed point in which the kernels add up a stage's leaves: as fine as 32 bits allow.
///
/// Sums so near to the threshold that rounding might decide are left to the exact arithmetic.
struct FixedPoint {
  /// Units of one.
  let scale: Double
  /// Sums above it pass.
  let high: Int32
  /// Sums not above it fail.
  let low: Int32

  /// - Parameter trees: for each tree the leaves a and b of a stump; a, b and c of two nodes; all of a large one.
  ///   A tree's last leaf is the one that it is worth before its nodes have added anything; a large one starts from 0.
  init(stage: Cascade.Stage, trees: [(leaves: [Float], nodeCount: Int)]) {
    var largest = 0.0
    var constant = 0.0
    var units = 4
    for (leaves, nodeCount) in trees {
      let leaves = leaves.map(Double.init)
      switch nodeCount {
      case 1:
        largest += abs(leaves[0] - leaves[1])
        constant += leaves[1]
      case 2:
        largest += abs(leaves[0] - leaves[1]) + abs(leaves[1] - leaves[2])
        constant += leaves[2]
      default:
        largest += leaves.map(abs).max() ?? 0
      }
      units += 2
    }
    // Rounding may add half a unit a leaf; all stays below 2^30.
    scale = largest > 0 ? 0x1p29 / largest : 1
    // OpenCV adds doubles, which lose what is small beside the sum so far: that counts as rounding, too.
    var magnitude = abs(Double(stage.threshold))
    for (leaves, _) in trees { magnitude += leaves.map { abs(Double($0)) }.max() ?? 0 }
    let limit = (Double(stage.threshold) - constant) * scale
    let margin = Double(units) + magnitude * Double(trees.count + 1) * 0x1p-52 * scale
    low = Self.clamped((limit - margin).rounded(.down))
    high = Self.clamped((limit + margin).rounded(.up))
  }

  private static func clamped(_ value: Double) -> Int32 {
    value >= 0x1p31 ? .max : value <= -0x1p31 ? .min : Int32(value)
  }

  func value(_ number: Double) -> Int32 {
    Int32((number * scale).rounded())
  }
}
