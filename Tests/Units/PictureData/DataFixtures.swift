import Foundation
import Synchronization
import SystemIO

@testable import PictureData

/// A folder that is removed with its object.
final class DataFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "data-set-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(_ name: String) -> String { path + "/" + name }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: self[name], withIntermediateDirectories: true)
  }

  /// Writes a file, its folders with it.
  func write(_ bytes: [UInt8], to name: String) throws {
    let url = URL(fileURLWithPath: self[name])
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: self[name])))
  }

  /// Class folders with this many pictures each, every one different.
  func writeClasses(_ counts: KeyValuePairs<String, Int>, width: Int = 12, height: Int = 12) throws {
    var random = CounterRandom(seed: 1, purpose: .order, epoch: 0, index: 0)
    for (name, count) in counts {
      try makeFolder(name)
      for number in 0..<count {
        let pixels = (0..<(width * height)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        try write(PNG.gray(pixels, width: width, height: height), to: "\(name)/\(number).png")
      }
    }
  }
}

/// Warnings, gathered.
final class Messages: Sendable {
  private let lines = Mutex<[String]>([])
  func add(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
  func contain(_ part: String) -> Bool { all.contains { $0.contains(part) } }
}

extension LoadingOptions {
  static func small(_ messages: Messages? = nil, cache: String? = nil) -> LoadingOptions {
    var options = LoadingOptions(width: 12, height: 12)
    options.cache = cache
    if let messages { options.onWarning = { messages.add($0) } }
    return options
  }
}

/// What `body` throws; nil if it goes well.
func failure(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch {
    return error
  }
}

extension PictureSet {
  /// The pixels of all pictures, one after the other.
  var allPixels: [UInt8] { (0..<count).flatMap { withPixels($0) { Array($0) } } }
  var names: [String] { (0..<count).map(name) }
  var labels: [Int] { (0..<count).map(label) }
}

/// Writes PNG files (RFC 2083) without compressing them (RFC 1951, stored blocks).
enum PNG {
  static func gray(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
    file(width, height, depth: 8, color: 0, rows: rows(pixels, width))
  }

  static func rgb(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
    file(width, height, depth: 8, color: 2, rows: rows(pixels, width * 3))
  }

  static func gray16(_ pixels: [UInt16], width: Int, height: Int) -> [UInt8] {
    let bytes = pixels.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    return file(width, height, depth: 16, color: 0, rows: rows(bytes, width * 2))
  }

  static func palette(_ pixels: [UInt8], width: Int, height: Int, colors: [[UInt8]]) -> [UInt8] {
    file(
      width, height, depth: 8, color: 3, rows: rows(pixels, width),
      before: chunk("PLTE", colors.flatMap { $0 }))
  }

  static func rgba(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
    file(width, height, depth: 8, color: 6, rows: rows(pixels, width * 4))
  }

  /// A header that promises more than there is.
  static func header(width: Int, height: Int) -> [UInt8] {
    file(width, height, depth: 8, color: 0, rows: [0])
  }

  private static func rows(_ bytes: [UInt8], _ stride: Int) -> [UInt8] {
    Swift.stride(from: 0, to: bytes.count, by: stride).flatMap { [0] + bytes[$0..<($0 + stride)] }
  }

  private static func file(
    _ width: Int, _ height: Int, depth: UInt8, color: UInt8, rows: [UInt8], before: [UInt8] = []
  ) -> [UInt8] {
    var zlib: [UInt8] = [0x78, 0x01]
    var rest = rows[...]
    repeat {
      let part = rest.prefix(65_535)
      rest = rest.dropFirst(part.count)
      let length = UInt16(part.count)
      zlib += [rest.isEmpty ? 1 : 0, UInt8(length & 0xFF), UInt8(length >> 8)]
      zlib += [UInt8(~length & 0xFF), UInt8(~length >> 8)] + part
    } while !rest.isEmpty
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in rows {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    zlib += big(b << 16 | a)
    let head = big(UInt32(width)) + big(UInt32(height)) + [depth, color, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", head) + before
      + chunk("IDAT", zlib) + chunk("IEND", [])
  }

  private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + body
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in named {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return big(UInt32(body.count)) + named + big(~crc)
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
