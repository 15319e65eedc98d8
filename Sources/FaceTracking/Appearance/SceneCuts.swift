import FrameStream

/// What a frame shows, compared with the frame before it.
package enum SceneChange: Sendable {
  /// The same scene.
  case none
  /// There are no pixels to compare: the boxes must say.
  case unknown
  /// Another scene, or for some frames something before it, such as a flash.
  case cut
  /// The scene before the cut a moment ago is back: that was a flash.
  case flashOver

  /// The longest flash, in seconds.
  static let longestFlash = 0.5
}

/// Finds cuts between scenes from a thumbnail of the luma: a picture that differs everywhere from the one before, far
/// more than its predecessors did. If the old picture is back within half a second, there was no cut.
package struct SceneCuts: Sendable {
  private static let columns = 16
  private static let rows = 9
  private static let leastDifference: Float = 24
  private var last: [Float] = []
  /// The mean difference lately.
  private var usual: Float = 0
  /// The picture before the latest cut, when that was, how much the pictures differed, and ``usual`` then.
  private var before: (picture: [Float], time: Double, difference: Float, usual: Float)?

  /// No frame yet.
  package init() {}

  /// Looks at the next frame.
  /// - Parameter time: seconds.
  package mutating func look(_ plane: PlaneView, at time: Double) -> SceneChange {
    let now = Self.thumbnail(plane)
    defer { last = now }
    guard last.count == now.count, !now.isEmpty else { return .none }
    let difference = Self.difference(now, last)
    if let before, !(0...SceneChange.longestFlash).contains(time - before.time) { self.before = nil }
    if let before, case let rest = Self.difference(now, before.picture),
      rest < min(Self.leastDifference, before.difference / 2)
    {
      usual = before.usual
      self.before = nil
      return .flashOver
    }
    let isCut = difference > Self.leastDifference && difference > 4 * usual
    // A flash may have more than one picture.
    if isCut, before == nil { before = (last, time, difference, usual) }
    usual = usual * 0.8 + min(difference, 40) * 0.2
    return isCut ? .cut : .none
  }

  private static func difference(_ a: [Float], _ b: [Float]) -> Float {
    var sum: Float = 0
    for index in a.indices { sum += abs(a[index] - b[index]) }
    return sum / Float(a.count)
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
