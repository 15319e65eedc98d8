import FrameStream

/// A small gray picture of a face, as a PNG file.
struct FaceThumbnail {
  /// How good the picture is, for choosing among a person's.
  let quality: Double
  /// The pixels, a byte each.
  private let pixels: [UInt8]

  /// Pixels on a side.
  static let side = 72

  /// - Parameters:
  ///   - gray: the frame's gray picture.
  ///   - range: its range; a limited one is brought to the full one.
  init(_ gray: PlaneView, _ range: ColorRange, _ box: PixelRectangle, quality: Double) {
    self.quality = quality
    let side = Self.side
    var pixels = [UInt8](repeating: 0, count: side * side)
    // A square around the face, with some room, edge pixels repeated outside the frame.
    let length = Double(max(box.width, box.height)) * 1.3
    let left = Double(box.x) + Double(box.width) / 2 - length / 2
    let top = Double(box.y) + Double(box.height) / 2 - length / 2
    let step = length / Double(side)
    for y in 0..<side {
      let rows = Self.rows(top + Double(y) * step, step, gray.height)
      for x in 0..<side {
        let columns = Self.rows(left + Double(x) * step, step, gray.width)
        var sum = 0
        for row in rows { for column in columns { sum += Int(gray.base[row * gray.stride + column]) } }
        var mean = Double(sum) / Double(rows.count * columns.count)
        if range == .tv { mean = (mean - 16) * 255 / 219 }
        pixels[y * side + x] = UInt8(mean.rounded().clamped(0...255))
      }
    }
    self.pixels = pixels
  }

  /// The pixels of a stretch, at most eight of them, within the picture.
  private static func rows(_ start: Double, _ length: Double, _ count: Int) -> [Int] {
    let first = Int(start.clamped(0...Double(count - 1)))
    let last = Int((start + length).clamped(Double(first)...Double(count - 1)))
    let stride = max(1, (last - first) / 8 + 1)
    return Array(Swift.stride(from: first, through: max(first, last - (last > first ? 1 : 0)), by: stride))
  }

  /// The picture as an address that holds it.
  var dataAddress: String { "data:image/png;base64," + Base64.encode(png) }

  /// A PNG file without compression: nothing beside it would be worth a library.
  private var png: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let side = Self.side
    func chunk(_ name: String, _ data: [UInt8]) {
      let body = Array(name.utf8) + data
      file += Self.number(UInt32(data.count)) + body + Self.number(Self.cyclicCheck(body))
    }
    chunk("IHDR", Self.number(UInt32(side)) + Self.number(UInt32(side)) + [8, 0, 0, 0, 0])
    var rows: [UInt8] = []
    for y in 0..<side { rows += [0] + pixels[y * side..<(y + 1) * side] }
    // One stored block (RFC 1951): the last one, its length, and that inverted.
    let length = UInt16(rows.count)
    var block: [UInt8] = [0x78, 0x01, 1]
    for value in [length, ~length] { block += [UInt8(value & 0xFF), UInt8(value >> 8)] }
    block += rows
    block += Self.number(Self.adler(rows))
    chunk("IDAT", block)
    chunk("IEND", [])
    return file
  }

  private static func number(_ value: UInt32) -> [UInt8] {
    [
      UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF),
    ]
  }

  /// PNG's CRC-32 (ISO 3309).
  private static func cyclicCheck(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = ~0
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB8_8320 }
    }
    return ~sum
  }

  /// zlib's Adler-32 (RFC 1950).
  private static func adler(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }
}
