import Glibc

/// Rotation, zoom, shift, crop and flip as one map from output pixels to positions between a picture's pixels. What lies
/// beyond the picture is its nearest edge pixel.
struct PictureWarp {
  /// Radians, clockwise as the picture is seen.
  var angle: Float
  /// How much larger things become.
  var zoom: Float
  /// The position in the picture that is shown in the middle of the output.
  var center: (x: Float, y: Float)
  var isFlipped: Bool

  /// - Parameters:
  ///   - pixels: `stored` width·height values.
  ///   - output: `size` width·height values, 0…255.
  func apply(
    to pixels: UnsafeBufferPointer<UInt8>, stored: (width: Int, height: Int),
    into output: UnsafeMutablePointer<Float>, size: (width: Int, height: Int)
  ) {
    let source = pixels.baseAddress!
    let (storedWidth, width, height) = (stored.width, size.width, size.height)
    let (cosine, sine) = (cos(angle) / zoom, sin(angle) / zoom)
    let (middleX, middleY) = (Float(width - 1) / 2, Float(height - 1) / 2)
    let side: Float = isFlipped ? -1 : 1
    let (lastX, lastY) = (Float(storedWidth - 1), Float(stored.height - 1))
    let (stepX, stepY) = (side * cosine, -side * sine)
    for y in 0..<height {
      let v = Float(y) - middleY
      let startX = center.x + sine * v - stepX * middleX
      let startY = center.y + cosine * v - stepY * middleX
      let to = output + y &* width
      for x in 0..<width {
        let u = Float(x)
        let placeX = min(max(startX + stepX * u, 0), lastX)
        let placeY = min(max(startY + stepY * u, 0), lastY)
        let (column, row) = (Int32(placeX), Int32(placeY))
        let (right, down) = (placeX - Float(column), placeY - Float(row))
        let corner = source + (Int(row) &* storedWidth &+ Int(column))
        let nextColumn = right > 0 ? 1 : 0
        let nextRow = down > 0 ? storedWidth : 0
        let (a, b) = (Float(corner[0]), Float(corner[nextColumn]))
        let (c, d) = (Float(corner[nextRow]), Float(corner[nextRow &+ nextColumn]))
        let above = a + (b - a) * right
        let below = c + (d - c) * right
        to[x] = above + (below - above) * down
      }
    }
  }
}
