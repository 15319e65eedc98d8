import Foundation

/// A plain reader of 8-bit gray PNG files (RFC 1950, 1951, 2083), so that tests need no picture library.
struct GrayPNG {
  let width: Int
  let height: Int
  let pixels: [UInt8]

  struct Unreadable: Error {}

  init(_ url: URL) throws {
    let file = [UInt8](try Data(contentsOf: url))
    var position = 8
    var packed: [UInt8] = []
    var size = (0, 0)
    while position + 8 <= file.count {
      let length = file[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
      let kind = String(decoding: file[(position + 4)..<(position + 8)], as: UTF8.self)
      let body = file[(position + 8)..<(position + 8 + length)]
      if kind == "IHDR" {
        let bytes = Array(body)
        size = (
          bytes[0..<4].reduce(0) { $0 << 8 | Int($1) }, bytes[4..<8].reduce(0) { $0 << 8 | Int($1) }
        )
        guard bytes[8] == 8, bytes[9] == 0, bytes[12] == 0 else { throw Unreadable() }
      } else if kind == "IDAT" {
        packed += body
      }
      position += 12 + length
    }
    var inflater = Inflater(bytes: packed, position: 2)
    let raw = try inflater.inflate()
    (width, height) = size
    var previous = [UInt8](repeating: 0, count: width)
    var pixels: [UInt8] = []
    for y in 0..<height {
      let start = y * (width + 1)
      var row = Array(raw[(start + 1)..<(start + 1 + width)])
      for x in 0..<width {
        let left = x > 0 ? Int(row[x - 1]) : 0
        let above = Int(previous[x])
        let corner = x > 0 ? Int(previous[x - 1]) : 0
        let guess: Int
        switch raw[start] {
        case 1: guess = left
        case 2: guess = above
        case 3: guess = (left + above) / 2
        case 4:
          let estimate = left + above - corner
          let distances = [abs(estimate - left), abs(estimate - above), abs(estimate - corner)]
          guess =
            distances[0] <= distances[1] && distances[0] <= distances[2]
            ? left : distances[1] <= distances[2] ? above : corner
        default: guess = 0
        }
        row[x] = UInt8(truncatingIfNeeded: Int(row[x]) + guess)
      }
      pixels += row
      previous = row
    }
    self.pixels = pixels
  }
}

/// Deflate's decompression (RFC 1951).
private struct Inflater {
  let bytes: [UInt8]
  var position: Int
  var buffer = 0
  var available = 0

  init(bytes: [UInt8], position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func bits(_ count: Int) throws -> Int {
    while available < count {
      guard position < bytes.count else { throw GrayPNG.Unreadable() }
      buffer |= Int(bytes[position]) << available
      position += 1
      available += 8
    }
    let value = buffer & ((1 << count) - 1)
    buffer >>= count
    available -= count
    return value
  }

  /// A canonical Huffman code: how many codes of each length, and the symbols in order.
  struct Code {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int] = []

    init(_ lengths: [Int]) {
      for length in lengths { counts[length] += 1 }
      counts[0] = 0
      for length in 1..<16 {
        for (symbol, own) in lengths.enumerated() where own == length { symbols.append(symbol) }
      }
    }
  }

  mutating func symbol(_ code: Code) throws -> Int {
    var (value, first, index) = (0, 0, 0)
    for length in 1..<16 {
      value |= try bits(1)
      let count = code.counts[length]
      if value - count < first { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw GrayPNG.Unreadable()
  }

  mutating func inflate() throws -> [UInt8] {
    let lengthBases = [
      3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
      227, 258,
    ]
    let lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
    let distanceBases = [
      1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
      4097, 6145,
      8193, 12289, 16385, 24577,
    ]
    var result: [UInt8] = []
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      let kind = try bits(2)
      if kind == 0 {
        buffer = 0
        available = 0
        let length = Int(bytes[position]) | Int(bytes[position + 1]) << 8
        result += bytes[(position + 4)..<(position + 4 + length)]
        position += 4 + length
        continue
      }
      let (literals, distances) = try kind == 1 ? fixedCodes() : dynamicCodes()
      while true {
        let value = try symbol(literals)
        if value == 256 { break }
        if value < 256 {
          result.append(UInt8(value))
          continue
        }
        let length = lengthBases[value - 257] + (try bits(lengthExtra[value - 257]))
        let code = try symbol(distances)
        let distance = distanceBases[code] + (try bits(max(0, code / 2 - 1)))
        for _ in 0..<length { result.append(result[result.count - distance]) }
      }
    }
    return result
  }

  private func fixedCodes() -> (Code, Code) {
    let lengths =
      [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112) + [Int](repeating: 7, count: 24)
      + [Int](repeating: 8, count: 8)
    return (Code(lengths), Code([Int](repeating: 5, count: 30)))
  }

  private mutating func dynamicCodes() throws -> (Code, Code) {
    let literals = try bits(5) + 257
    let distances = try bits(5) + 1
    let count = try bits(4) + 4
    var lengths = [Int](repeating: 0, count: 19)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    for index in 0..<count { lengths[order[index]] = try bits(3) }
    let code = Code(lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      let value = try symbol(code)
      switch value {
      case 0..<16: all.append(value)
      case 16: all += [Int](repeating: all.last ?? 0, count: 3 + (try bits(2)))
      case 17: all += [Int](repeating: 0, count: 3 + (try bits(3)))
      default: all += [Int](repeating: 0, count: 11 + (try bits(7)))
      }
    }
    return (Code(Array(all[..<literals])), Code(Array(all[literals..<(literals + distances)])))
  }
}
