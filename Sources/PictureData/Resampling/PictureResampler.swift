import FrameStream
import SystemIO

/// Brings a part of a grey picture to a size.
///
/// A part of exactly that size is copied. Otherwise each side is resampled with pixel centres at half
/// coordinates: linearly between two pixels, as faces are cut for a network (OpenCV's INTER_LINEAR, Keras's
/// Resizing), unless the side shrinks to less than half. Then the triangle is widened to cover all pixels
/// (Pillow's BILINEAR, `tf.image.resize(antialias=True)`), as points between would miss most of them.
/// Pixels outside the picture repeat its edge.
struct PictureResampler {
  let width: Int
  let height: Int
  private var columns = ResamplingTaps()
  private var rows = ResamplingTaps()
  private var line: [Float]
  private var sums: [Float]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    line = [Float](repeating: 0, count: width)
    sums = [Float](repeating: 0, count: width * height)
  }

  /// A part of a picture, in pixels; it may stick out.
  struct Part {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
  }

  /// Writes `part` of `plane` to `output`, width·height bytes.
  /// - Throws: ``Failure`` (`badInput`) for a part that is empty or much larger than the picture.
  mutating func resample(
    _ plane: PlaneView, _ part: Part, range: ColorRange, into output: UnsafeMutablePointer<UInt8>
  ) throws(Failure) {
    guard plane.width > 0, plane.height > 0, part.width > 0, part.height > 0 else {
      throw Failure(.badInput, step: "resizing", cause: "there are no pixels")
    }
    let limit = 1 << 26
    guard part.width <= 8 * plane.width, part.height <= 8 * plane.height, abs(part.x) <= limit,
      abs(part.y) <= limit
    else {
      throw Failure(
        .badInput, step: "resizing",
        cause: "a part of \(part.width)x\(part.height) is too large for a picture of "
          + "\(plane.width)x\(plane.height)")
    }
    if part.width == width, part.height == height {
      for y in 0..<height {
        let source = plane.row(min(max(part.y + y, 0), plane.height - 1))
        for x in 0..<width {
          let value = source[min(max(part.x + x, 0), plane.width - 1)]
          output[y * width + x] = range == .tv ? Self.expanded[Int(value)] : value
        }
      }
      return
    }
    columns.plan(width, over: part.width, widensBeyond: 2)
    rows.plan(height, over: part.height, widensBeyond: 2)
    for place in sums.indices { sums[place] = 0 }
    accumulate(plane, part)
    // The expansion of limited range is linear but for its ends, so it can follow.
    for place in sums.indices {
      let value = range == .tv ? (sums[place] - 16) * (255 / 219) : sums[place]
      output[place] = UInt8(min(max(value.rounded(), 0), 255))
    }
  }

  /// Adds each line of the part, resampled across, to the output rows that it belongs to.
  private mutating func accumulate(_ plane: PlaneView, _ part: Part) {
    var earliest = 0
    for offset in 0..<part.height {
      while earliest < height,
        rows.first[earliest] + rows.starts[earliest + 1] - rows.starts[earliest] <= offset
      {
        earliest += 1
      }
      guard earliest < height else { break }
      guard rows.first[earliest] <= offset else { continue }
      fillLine(plane.row(min(max(part.y + offset, 0), plane.height - 1)), part.x)
      var row = earliest
      while row < height, rows.first[row] <= offset {
        let place = rows.starts[row] + offset - rows.first[row]
        if place < rows.starts[row + 1] {
          let weight = rows.weights[place]
          for x in 0..<width { sums[row * width + x] += weight * line[x] }
        }
        row += 1
      }
    }
  }

  private mutating func fillLine(_ source: UnsafeBufferPointer<UInt8>, _ start: Int) {
    for x in 0..<width {
      var value: Float = 0
      var position = start + columns.first[x]
      for place in columns.starts[x]..<columns.starts[x + 1] {
        value += columns.weights[place] * Float(source[min(max(position, 0), source.count - 1)])
        position += 1
      }
      line[x] = value
    }
  }

  /// Limited range (16…235) made full.
  private static let expanded: [UInt8] = (0..<256).map {
    UInt8(min(max((Float($0 - 16) * 255 / 219).rounded(), 0), 255))
  }
}
