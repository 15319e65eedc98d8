import FrameStream
import SystemIO

extension PixelRectangle {
  /// Numbers beyond this are refused: no picture has them, and sums of them cannot overflow.
  fileprivate static let limit = 1 << 24

  /// The box grown by `margin` of its own size on every side.
  /// - Throws: ``Failure`` (`badInput`) if the box is empty or beyond ``limit``.
  func enlarged(by margin: Double) throws(Failure) -> PixelRectangle {
    let range = -Self.limit...Self.limit
    guard width > 0, height > 0, width <= Self.limit, height <= Self.limit, range.contains(x),
      range.contains(y)
    else {
      throw Failure(
        .badInput, step: "cutting out a face",
        cause: "box [\(x),\(y),\(width),\(height)] is empty or out of range")
    }
    guard margin != 0 else { return self }
    let across = Int((Double(width) * margin).rounded())
    let down = Int((Double(height) * margin).rounded())
    return PixelRectangle(
      x: x - across, y: y - down, width: max(width + 2 * across, 1), height: max(height + 2 * down, 1))
  }
}

/// Cuts faces out of a grey picture and resizes them to a network's input.
///
/// Pixels outside the picture repeat its edge. Resizing is bilinear with pixel centres at half coordinates and
/// without low-pass filter (OpenCV's INTER_LINEAR, Keras's Resizing); a box of the input's size is copied.
struct FaceCut {
  let width: Int
  let height: Int
  let channels: Int
  let channelsFirst: Bool
  /// The input value of each of the 256 pixel values: range expanded, scaled, offset.
  private var values: [Float]
  private var columns: [Tap]
  private let preprocessing: Preprocessing
  private var range: ColorRange?

  /// Where one output pixel takes its value along one side: between two pixels.
  private struct Tap {
    var first: Int
    var second: Int
    var fraction: Float
  }

  init(_ shape: [Int], channelsFirst: Bool, _ preprocessing: Preprocessing) {
    (height, width, channels) =
      channelsFirst ? (shape[1], shape[2], shape[0]) : (shape[0], shape[1], shape[2])
    self.channelsFirst = channelsFirst
    self.preprocessing = preprocessing
    values = [Float](repeating: 0, count: 256)
    columns = [Tap](repeating: Tap(first: 0, second: 0, fraction: 0), count: width)
  }

  /// Writes the face in `box` of `plane` to `output`: height·width·channels values in the model's data format.
  /// Colour models get the grey value in every channel.
  /// - Throws: ``Failure`` (`badInput`) for a box that is empty or out of range, or a plane without pixels.
  mutating func cut(
    _ plane: PlaneView, _ colorRange: ColorRange, _ box: PixelRectangle,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(Failure) {
    guard plane.width > 0, plane.height > 0 else {
      throw Failure(.badInput, step: "cutting out a face", cause: "the picture has no pixels")
    }
    let box = try box.enlarged(by: preprocessing.margin)
    if range != colorRange { fillValues(colorRange) }
    for x in 0..<width {
      columns[x] = Self.tap(x, of: width, over: box.width, from: box.x, within: plane.width)
    }
    let (rowStride, pixelStride, channelStride) =
      channelsFirst ? (width, 1, width * height) : (width * channels, channels, 1)
    for y in 0..<height {
      let row = Self.tap(y, of: height, over: box.height, from: box.y, within: plane.height)
      let (upper, lower) = (plane.row(row.first), plane.row(row.second))
      for x in 0..<width {
        let column = columns[x]
        let top = values[Int(upper[column.first])]
        let topNext = values[Int(upper[column.second])]
        let bottom = values[Int(lower[column.first])]
        let bottomNext = values[Int(lower[column.second])]
        let above = top + (topNext - top) * column.fraction
        let below = bottom + (bottomNext - bottom) * column.fraction
        let value = above + (below - above) * row.fraction
        let place = y * rowStride + x * pixelStride
        for channel in 0..<channels { output[place + channel * channelStride] = value }
      }
    }
    if preprocessing.standardize { standardize(output) }
  }

  /// Brings a picture to its own mean and deviation, as `tf.image.per_image_standardization` does: one of a single grey
  /// is divided by 1/√N, N being its values in all channels.
  private func standardize(_ output: UnsafeMutableBufferPointer<Float>) {
    let count = Double(max(width * height * channels, 1))
    let mean = output.reduce(0) { $0 + Double($1) } / count
    let variance = output.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    let deviation = max(variance.squareRoot(), 1 / count.squareRoot())
    let scale = preprocessing.scale / Float(deviation)
    let offset = preprocessing.offset - Float(mean) * scale
    for index in output.indices { output[index] = output[index] * scale + offset }
  }

  /// Output pixel `index` of `count`, over `length` pixels from `start`, inside a side of `limit` pixels.
  private static func tap(_ index: Int, of count: Int, over length: Int, from start: Int, within limit: Int)
    -> Tap
  {
    var (whole, fraction) = (index, Float(0))
    if length != count {
      // The centre of the output pixel, in pixels of the box.
      let position = (Double(index) + 0.5) * Double(length) / Double(count) - 0.5
      whole = Int(position.rounded(.down))
      fraction = Float(position - Double(whole))
    }
    // Beyond the box's edge the box's own edge is repeated, beyond the picture's the picture's.
    func inside(_ offset: Int) -> Int { min(max(start + min(max(offset, 0), length - 1), 0), limit - 1) }
    return Tap(first: inside(whole), second: inside(whole + 1), fraction: fraction)
  }

  /// Limited range (16…235) is expanded to 0…255 first, what lies outside it clamped.
  private mutating func fillValues(_ colorRange: ColorRange) {
    for pixel in 0..<256 {
      let full =
        colorRange == .tv ? min(max((Float(pixel) - 16) * 255 / 219, 0), 255) : Float(pixel)
      // A picture that is brought to its own mean is scaled after that.
      values[pixel] =
        preprocessing.standardize ? full : full * preprocessing.scale + preprocessing.offset
    }
    range = colorRange
  }
}
