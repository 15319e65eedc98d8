import FrameStream
import SystemIO

/// What is worked out once for a size of picture: the levels, and how to shrink to each.
final class ScanPlan {
  let pictureWidth: Int
  let pictureHeight: Int
  let levels: [ScaleLevel]
  let resamplers: [LevelResampler]
  let strip: IntegralStrip
  let features: FeatureTable
  /// Rows of windows, in pixels, of one strip.
  let stripRows: Int

  private static let stripBytes = 4 << 20

  init(_ cascade: Cascade, width: Int, height: Int, options: DetectionOptions) throws(Failure) {
    pictureWidth = width
    pictureHeight = height
    levels = try ScaleLevel.levels(
      pictureWidth: width, pictureHeight: height, windowWidth: cascade.windowWidth,
      windowHeight: cascade.windowHeight, options: options)
    resamplers = levels.map { LevelResampler(pictureWidth: width, pictureHeight: height, level: $0) }
    let widest = levels.map(\.width).max() ?? 0
    let highest = levels.map(\.height).max() ?? 0
    let rows = max(2 * cascade.windowHeight, min(highest, Self.stripBytes / (8 * (widest + 1))))
    strip = IntegralStrip(width: widest, rows: rows, hasTilted: cascade.hasTilted)
    // Even, so that every strip begins at a row that is visited.
    stripRows = (rows - cascade.windowHeight) & ~1
    features = FeatureTable(cascade, strip)
  }
}

/// The features' corners as distances from a window's top left in an ``IntegralStrip``.
final class FeatureTable {
  /// One to three rectangles' four corners: a - b - c + d.
  struct Haar {
    var corners: (SIMD4<Int32>, SIMD4<Int32>, SIMD4<Int32>) = (.zero, .zero, .zero)
    var weights: SIMD4<Float> = .zero
    var isTilted = false
  }

  let haar: UnsafeMutableBufferPointer<Haar>
  /// Sixteen corners of three by three blocks, rows first.
  let lbp: UnsafeMutableBufferPointer<SIMD16<Int32>>
  /// The corners of the window without its outermost pixels, over which brightness is normalised.
  let normalisation: SIMD4<Int32>

  init(_ cascade: Cascade, _ strip: IntegralStrip) {
    let stride = strip.stride
    func offset(_ x: Int, _ y: Int) -> Int32 { Int32(y * stride + x) }
    haar = .allocate(capacity: cascade.haarFeatures.count)
    for (index, feature) in cascade.haarFeatures.enumerated() {
      var entry = Haar(isTilted: feature.tilted)
      for (number, r) in feature.rectangles.enumerated() {
        let corners =
          feature.tilted
          ? SIMD4(
            offset(r.x, r.y), offset(r.x - r.height, r.y + r.height), offset(r.x + r.width, r.y + r.width),
            offset(r.x + r.width - r.height, r.y + r.width + r.height))
          : SIMD4(
            offset(r.x, r.y), offset(r.x + r.width, r.y), offset(r.x, r.y + r.height),
            offset(r.x + r.width, r.y + r.height))
        switch number {
        case 0: entry.corners.0 = corners
        case 1: entry.corners.1 = corners
        default: entry.corners.2 = corners
        }
        entry.weights[number] = r.weight
      }
      haar.initializeElement(at: index, to: entry)
    }
    lbp = .allocate(capacity: cascade.lbpFeatures.count)
    for (index, feature) in cascade.lbpFeatures.enumerated() {
      var corners = SIMD16<Int32>.zero
      for corner in 0..<16 {
        corners[corner] = offset(
          feature.x + corner % 4 * feature.width, feature.y + corner / 4 * feature.height)
      }
      lbp.initializeElement(at: index, to: corners)
    }
    let (right, bottom) = (cascade.windowWidth - 1, cascade.windowHeight - 1)
    normalisation = SIMD4(offset(1, 1), offset(right, 1), offset(1, bottom), offset(right, bottom))
  }

  deinit {
    haar.deallocate()
    lbp.deallocate()
  }
}
