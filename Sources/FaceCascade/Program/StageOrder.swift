/// The order in which a cascade's stages are tried.
///
/// A window is accepted if it passes all, so only the first must stay the first: it decides which windows are
/// skipped. Trying those first that reject the most windows for their number of nodes saves a tenth of the work. The
/// orders here were measured on the windows that pass the first stage in pictures with and without faces, choosing
/// each time the stage with the least cost for a rejected window; other cascades keep the order of the file.
enum StageOrder {
  private struct Known {
    var nodeCount: Int
    var window: Int
    var order: [Int]
  }

  private static let known = [
    // frontalface_alt
    Known(
      nodeCount: 2135, window: 20,
      order: [0, 2, 7, 8, 9, 13, 12, 16, 17, 15, 14, 18, 19, 20, 10, 21, 11, 5, 3, 1, 4, 6]),
    // frontalface_default
    Known(
      nodeCount: 2913, window: 24,
      order: [0, 1, 3, 6, 7, 9, 8, 12, 18, 17, 15, 20, 24, 19, 21, 23, 13, 22, 11, 14, 2, 16, 10, 5, 4]),
    // frontalface_alt2
    Known(
      nodeCount: 2094, window: 20,
      order: [0, 2, 3, 5, 6, 8, 7, 12, 13, 18, 15, 17, 11, 16, 14, 19, 9, 10, 1, 4]),
    // profileface
    Known(
      nodeCount: 2609, window: 20,
      order: [0, 1, 7, 9, 8, 10, 13, 12, 15, 17, 23, 25, 22, 24, 20, 19, 18, 16, 21, 3, 14, 11, 5, 6, 4, 2]),
    // eye
    Known(
      nodeCount: 1066, window: 20,
      order: [0, 3, 4, 1, 9, 10, 14, 6, 17, 15, 20, 21, 22, 23, 19, 18, 16, 11, 13, 2, 12, 8, 5, 7]),
  ]

  /// Each stage once, the first one first. Whatever it is, the same windows are accepted.
  static func measured(_ cascade: Cascade) -> [Int] {
    let order = known.first {
      $0.nodeCount == cascade.nodes.count && $0.window == cascade.windowWidth
        && $0.window == cascade.windowHeight
        && $0.order.count == cascade.stages.count
    }?.order
    return order ?? Array(cascade.stages.indices)
  }
}
