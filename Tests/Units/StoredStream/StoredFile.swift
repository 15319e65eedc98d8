import FrameStream
import SystemIO

@testable import StoredStream

/// Streams in a file without a name.
struct StoredFile {
  let file: TemporaryFile

  init(_ bytes: [UInt8]) throws {
    file = try TemporaryFile()
    try bytes.withUnsafeBytes { try file.descriptor.write($0) }
    try rewind()
  }

  init(_ stream: StreamText) throws { try self.init(stream.bytes) }

  func rewind() throws { try file.descriptor.seek(to: 0) }

  var bytes: [UInt8] {
    get throws { try file.bytes(at: 0, count: file.descriptor.fileLength) }
  }

  var reader: StreamReader { StreamReader(file.descriptor) }

  /// The same streams in another form.
  func rewritten(_ form: StoredForm) throws -> StoredFile {
    try rewind()
    let result = try StoredFile([])
    let writer = StoredStreamWriter(result.file.descriptor, form)
    let (reader, record) = (reader, Record())
    while case .record = try reader.read(into: record) { try writer.write(record) }
    try writer.finish()
    try result.rewind()
    return result
  }

  /// All lines that a reader gives.
  func lines(keepsIndex: Bool = false) throws -> [String] {
    try rewind()
    let (reader, record) = (reader, Record())
    reader.keepsIndex = keepsIndex
    var lines: [String] = []
    while case .record = try reader.read(into: record) {
      lines.append(String(decoding: record.line.bytes, as: UTF8.self))
    }
    return lines
  }
}

/// Streams as text with payloads.
struct StreamText {
  private(set) var bytes: [UInt8] = []
  private var frames = 0

  /// - Parameter header: keys of the stream record after `video`.
  init(_ header: String = "") {
    line(
      #"{"fm":1,"type":"stream","source":"a","video":{"width":4,"height":2,"pixel_format":"gray","time_base":[1,25]}\#(header)}"#
    )
  }

  mutating func line(_ text: String, payload: [UInt8]? = nil) {
    bytes += Array(text.utf8) + [0x0A]
    if let payload { bytes += payload + [0x0A] }
  }

  mutating func frame(_ sequence: Int, pts: Int? = nil, rest: String = "", size: (Int, Int) = (4, 2)) {
    let (pts, count) = (pts ?? sequence, size.0 * size.1)
    line(
      #"{"type":"frame","seq":\#(sequence),"pts":\#(pts),"time":\#(Double(pts) / 25),"width":\#(size.0),"height":\#(size.1),"pixel_format":"gray","bytes":\#(count)\#(rest)}"#,
      payload: (0..<count).map { UInt8(truncatingIfNeeded: sequence &* 31 &+ $0 &* 10) })
    frames += 1
  }

  mutating func packet(_ track: Int, _ text: String = "abc") {
    line(
      #"{"type":"packet","track":\#(track),"pts":0,"bytes":\#(text.utf8.count)}"#, payload: Array(text.utf8))
  }

  mutating func end(_ rest: String = #""status":"ok""#, frames count: Int? = nil) {
    line(#"{"type":"end","frames":\#(count ?? frames),\#(rest)}"#)
  }

  /// A whole stream of frames with these numbers.
  static func whole(_ sequences: Range<Int>, header: String = "", size: (Int, Int) = (4, 2)) -> StreamText {
    var stream = StreamText(header)
    for sequence in sequences { stream.frame(sequence, size: size) }
    stream.end()
    return stream
  }
}
