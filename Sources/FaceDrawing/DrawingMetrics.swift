import FrameStream

/// Line and text sizes for pictures of one size.
struct DrawingMetrics: Hashable {
  /// Height of the em of label text, in rows.
  let textSize: Double
  /// Width of a box's colored line, in rows.
  let stroke: Int
  /// Width to height of one pixel.
  let aspect: Double

  /// - Parameter requestedSize: the size that the user's font description asks for.
  init(layout: PictureLayout, sampleAspectRatio: Rational?, requestedSize: Double? = nil) {
    let value = sampleAspectRatio?.value ?? 1
    // Beyond these no picture was ever shot; 0/1 and 0/0 mean unknown.
    aspect = value.isFinite && value > 0 ? min(max(value, 0.25), 4) : 1
    let width = Double(layout.width) * aspect
    let height = Double(layout.height)
    // The height of a 16:9 picture of this area, so that upright pictures get text that fits them.
    let side = (width * height).squareRoot() * 0.75
    textSize = requestedSize ?? min(max(side / 28, 11), 200)
    let shorter = min(width, height)
    // One pixel has little color where chroma is subsampled, so two from the smallest videos on.
    stroke = max(shorter >= 120 ? 2 : 1, Int(shorter / 180))
  }

  /// Text size for one face: small faces get smaller text, in few steps so that labels are used again.
  func textSize(forBoxWidth width: Int) -> Double {
    let displayed = Double(width) * aspect
    if displayed >= textSize * 3.5 { return textSize }
    return min(textSize, max(11, (textSize * 0.72).rounded()))
  }

  /// Line width for one face.
  func stroke(forBox box: PixelRectangle) -> Int {
    min(stroke, max(1, min(box.width, box.height) / 16))
  }
}
