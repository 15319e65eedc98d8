import FrameStream
import SystemIO
import Zstandard

/// Writes streams in one of the forms, one after the other.
package final class StoredStreamWriter {
  private enum Target {
    case plain(StreamWriter)
    case compressed(CompressedOutput)
  }

  private let target: Target
  private let isIndexed: Bool
  private var index = IndexBuilder()
  /// Bytes of the present stream so far, without compression.
  private var offset = 0
  /// Whether the present stream has no end record yet.
  package private(set) var isInsideStream = false
  /// Frames of the present stream so far.
  package private(set) var frames = 0
  private var line = RecordLine()

  /// - Parameter output: where to write; its owner closes it.
  package init(_ output: Descriptor, _ form: StoredForm) {
    switch form {
    case .compressed(let level, let threads):
      target = .compressed(CompressedOutput(output, level: level, threads: threads))
    case .plain, .indexed: target = .plain(StreamWriter(output))
    }
    isIndexed = form != .plain
  }

  /// Writes a record that was read. An index goes before an end record, if the form has one.
  /// - Throws: `Failure`: `brokenPipe` if the reader has gone, otherwise `inputOutput`; `failed` for a line over the
  ///   format's limit, of which nothing is written.
  package func write(_ record: Record) throws(Failure) {
    switch record.kind {
    case .stream: begin()
    case .frame:
      frames += 1
      if isIndexed {
        index.add(sequence: record.sequence, presentationTime: record.presentationTime, at: offset)
      }
    case .end: return try end(record.line)
    case .packet, .other: break
    }
    switch target {
    case .plain(let writer): try writer.write(record)
    case .compressed(let output):
      try append(record.line, to: output)
      if record.payloadCount > 0 {
        output.append(UnsafeRawBufferPointer(rebasing: record.payload.bytes[..<record.payloadCount]))
        output.append(Self.newline)
      }
      try output.endUnit()
    }
    offset += record.line.bytes.count + 1 + (record.payloadCount > 0 ? record.payloadCount + 1 : 0)
  }

  private func begin() {
    index = IndexBuilder()
    (offset, frames, isInsideStream) = (0, 0, true)
  }

  /// Writes the end record of the present stream, and what belongs before it.
  /// - Throws: as ``write(_:)``.
  package func end(_ record: RecordLine) throws(Failure) {
    isInsideStream = false
    var end = record
    if isIndexed {
      // The end of a file is read first: it is kept apart from the frames.
      if case .compressed(let output) = target { try output.endUnit(endsFrame: true) }
      line.assign(index.index)
      end.setIndexOffset(offset)
      try write(line)
    }
    try write(end)
    if case .compressed(let output) = target { try output.endUnit(endsFrame: true) }
  }

  private func write(_ line: RecordLine) throws(Failure) {
    switch target {
    case .plain(let writer): try writer.write(line)
    case .compressed(let output):
      try append(line, to: output)
      try output.endUnit()
    }
  }

  private static var newline: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: UnsafeRawPointer(("\n" as StaticString).utf8Start), count: 1)
  }

  private func append(_ line: RecordLine, to output: CompressedOutput) throws(Failure) {
    guard line.bytes.count <= StreamLimits.line else { throw StreamWriter.overlong(line) }
    line.bytes.withUnsafeBytes { output.append($0) }
    output.append(Self.newline)
  }

  /// Nothing more comes: writes what is still held, and the seek table of compressed output.
  /// - Throws: as ``write(_:)``.
  package func finish() throws(Failure) {
    if case .compressed(let output) = target { try output.finish() }
  }
}
