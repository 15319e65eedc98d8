import FrameStream

/// One of the eight ways a stored picture is oriented for display: transposed or not, then mirrored or not.
struct Orientation: Equatable {
  /// Rows become columns.
  var transposes = false
  /// Left and right are swapped, after transposing.
  var flipsColumns = false
  /// Top and bottom are swapped, after transposing.
  var flipsRows = false

  static let upright = Orientation()

  init(transposes: Bool = false, flipsColumns: Bool = false, flipsRows: Bool = false) {
    self.transposes = transposes
    self.flipsColumns = flipsColumns
    self.flipsRows = flipsRows
  }

  /// From the nine numbers of a display matrix (libavutil/display.h): a point (x, y) is shown at
  /// (a·x + c·y, b·x + d·y). Nil if it is not a multiple of a right angle.
  init?(displayMatrix matrix: UnsafePointer<Int32>) {
    let (a, b, c, d) = (Double(matrix[0]), Double(matrix[1]), Double(matrix[3]), Double(matrix[4]))
    let straight = min(abs(a), abs(d))
    let crossed = min(abs(b), abs(c))
    // About one degree.
    if straight > 0, max(abs(b), abs(c)) <= straight / 50 {
      self.init(flipsColumns: a < 0, flipsRows: d < 0)
    } else if crossed > 0, max(abs(a), abs(d)) <= crossed / 50 {
      self.init(transposes: true, flipsColumns: c < 0, flipsRows: b < 0)
    } else {
      return nil
    }
  }

  /// From EXIF's Orientation, 1 to 8 (Exif 2.3, tag 0x0112).
  init?(exif number: Int) {
    switch number {
    case 1: self.init()
    case 2: self.init(flipsColumns: true)
    case 3: self.init(flipsColumns: true, flipsRows: true)
    case 4: self.init(flipsRows: true)
    case 5: self.init(transposes: true)
    case 6: self.init(transposes: true, flipsColumns: true)
    case 7: self.init(transposes: true, flipsColumns: true, flipsRows: true)
    case 8: self.init(transposes: true, flipsRows: true)
    default: return nil
    }
  }

  /// Writes `source` as displayed into `target`; a sample is `sampleSize` bytes (1, 2 or 3), and widths are whole
  /// numbers of samples.
  func apply(to source: PlaneView, into target: MutablePlaneView, sampleSize: Int) {
    switch sampleSize {
    case 1: turn(source, target, UInt8.self)
    case 2: turn(source, target, SamplePair.self)
    default: turn(source, target, SampleTriple.self)
    }
  }

  private func turn<Sample: BitwiseCopyable>(_ source: PlaneView, _ target: MutablePlaneView, _: Sample.Type)
  {
    let size = MemoryLayout<Sample>.stride
    let width = target.width / size
    let height = target.height
    precondition(
      transposes
        ? source.width / size >= height && source.height >= width
        : source.width / size >= width && source.height >= height,
      "the turned plane does not fit")
    // Steps in bytes through the source for one sample to the right and one row down in the target.
    var right = transposes ? source.stride : size
    var down = transposes ? size : source.stride
    var start = UnsafeRawPointer(source.base)
    if flipsColumns {
      start += right * (width - 1)
      right = -right
    }
    if flipsRows {
      start += down * (height - 1)
      down = -down
    }
    // Tiles, so that both sides of a transposition stay in the cache.
    let tile = 32
    for top in stride(from: 0, to: height, by: tile) {
      let bottom = min(top + tile, height)
      for left in stride(from: 0, to: width, by: tile) {
        let columns = min(tile, width - left)
        for y in top..<bottom {
          var from = start + down * y + right * left
          let into = UnsafeMutableRawPointer(target.base + target.stride * y + left * size)
          for x in 0..<columns {
            into.storeBytes(of: from.loadUnaligned(as: Sample.self), toByteOffset: x &* size, as: Sample.self)
            from += right
          }
        }
      }
    }
  }
}

/// A U and V of nv12.
private struct SamplePair: BitwiseCopyable {
  var first: UInt8
  var second: UInt8
}

/// A pixel of rgb24.
private struct SampleTriple: BitwiseCopyable {
  var first: UInt8
  var second: UInt8
  var third: UInt8
}
