import FrameStream

/// Finds cuts between scenes from a thumbnail of the luma: a picture that differs everywhere from the one before, far
/// more than its predecessors did.
package struct SceneCuts: Sendable {
  private static let columns = 16
  private static let rows = 9
  private var last: [Float] = []
  /// The mean difference lately.
  private var usual: Float = 0

  /// No frame yet.
  package init() {}

  /// True if a cut lies between the frame before and this one.
  package mutating func isCut(_ plane: PlaneView) -> Bool {
    let now = Self.thumbnail(plane)
    defer { last = now }
    guard last.count == now.count, !now.isEmpty else { return false }
    var sum: Float = 0
    for index in now.indices { sum += abs(now[index] - last[index]) }
    let difference = sum / Float(now.count)
    defer { usual = usual * 0.8 + min(difference, 40) * 0.2 }
    return difference > 24 && difference > 4 * usual
  }

  /// Means of a grid of cells, sampled: at most 16 by 16 pixels of each.
  private static func thumbnail(_ plane: PlaneView) -> [Float] {
    guard plane.width >= columns, plane.height >= rows else { return [] }
    var means: [Float] = []
    means.reserveCapacity(columns * rows)
    for row in 0..<rows {
      let ys = row * plane.height / rows..<(row + 1) * plane.height / rows
      for column in 0..<columns {
        let xs = column * plane.width / columns..<(column + 1) * plane.width / columns
        var sum = 0
        var count = 0
        for y in stride(from: ys.lowerBound, to: ys.upperBound, by: max(1, ys.count / 16)) {
          let line = plane.row(y)
          for x in stride(from: xs.lowerBound, to: xs.upperBound, by: max(1, xs.count / 16)) {
            sum += Int(line[x])
            count += 1
          }
        }
        means.append(Float(sum) / Float(count))
      }
    }
    return means
  }
}
