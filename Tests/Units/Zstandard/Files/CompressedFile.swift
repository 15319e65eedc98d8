import SystemIO

@testable import Zstandard

/// A file without a name, to be written and read in a test.
struct CompressedFile {
  let file: TemporaryFile

  /// With these bytes.
  init(_ bytes: [UInt8]) throws {
    file = try TemporaryFile()
    try bytes.withUnsafeBytes { try file.descriptor.write($0) }
    try file.descriptor.seek(to: 0)
  }

  /// With units that are compressed.
  init(units: [[UInt8]], threads: Int = 1) throws {
    file = try TemporaryFile()
    let output = CompressedOutput(file.descriptor, level: 1, threads: threads)
    for unit in units {
      unit.withUnsafeBytes { output.append($0) }
      try output.endUnit()
    }
    try output.finish()
    try file.descriptor.seek(to: 0)
  }

  var bytes: [UInt8] {
    get throws { try file.bytes(at: 0, count: file.descriptor.fileLength) }
  }

  func input() throws -> CompressedInput {
    try CompressedInput(
      file.descriptor, head: UnsafeRawBufferPointer(start: nil, count: 0), unless: nil)
  }

  /// What the rest of an input stands for, read in pieces.
  static func rest(of input: CompressedInput, piece: Int = 1 << 16) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var region = [UInt8](repeating: 0, count: piece)
    while let count = try region.withUnsafeMutableBytes({ try input.read(into: $0) }), count > 0 {
      bytes += region[..<count]
    }
    try input.finish()
    return bytes
  }

  /// All that it stands for.
  func decompressed(piece: Int = 1 << 16) throws -> [UInt8] {
    defer { file.close() }
    return try Self.rest(of: try input(), piece: piece)
  }
}
