import SystemIO

/// The last records of a stored stream, read without those before them.
package struct StreamEnding {
  /// What the end record says.
  package let end: EndRecord
  /// Where the end record begins, in bytes from the start of the file without compression.
  package let offset: Int
  /// What the index record before it says, and where it begins; nil if there is none that the end record names.
  package let index: (record: IndexRecord, offset: Int)?
  /// Where the stream begins by what the end record says of its index; nil without an index.
  package let streamOffset: Int?

  /// Nearly every index and end record fit into this.
  private static let usual = 1 << 19
  /// An index and an end record, with their newlines.
  private static let limit = 2 * (StreamLimits.line + 1) + 1

  /// Reads the end of a file.
  /// - Parameters:
  ///   - reader: whose next record has to be found by ``StreamReader/seek(to:)`` afterwards.
  ///   - length: the file's bytes without compression.
  /// - Throws: `Failure`: `inputOutput` if there is no end record at its end, `badInput` for an index that is none.
  package init(_ reader: StreamReader, length: Int) throws(Failure) {
    var tail = try reader.bytes(at: max(0, length - Self.usual), count: min(length, Self.usual))
    var lines = Self.lastLines(tail)
    if lines.count < 2, length > tail.count {
      tail = try reader.bytes(at: max(0, length - Self.limit), count: min(length, Self.limit))
      lines = Self.lastLines(tail)
    }
    let start = length - tail.count
    guard let last = lines.first, let end = Self.record(tail[last]), end.kind == .end else {
      throw Failure(.inputOutput, step: "input cut short", cause: "it does not end with an end record")
    }
    self.end = try EndRecord(end.line)
    offset = start + last.lowerBound
    guard let place = end.line.indexOffset else {
      (index, streamOffset) = (nil, nil)
      return
    }
    guard lines.count > 1, let record = Self.record(tail[lines[1]]), record.isIndex else {
      throw Failure(
        .badInput, step: "bad index", cause: "the end record names one, but none comes before it")
    }
    let indexOffset = start + lines[1].lowerBound
    index = (try IndexRecord(record.line), indexOffset)
    streamOffset = indexOffset - place
  }

  /// The last two lines, the last one first, without their newlines; fewer if they do not begin in `bytes`.
  private static func lastLines(_ bytes: [UInt8]) -> [Range<Int>] {
    guard bytes.last == UInt8(ascii: "\n") else { return [] }
    var lines: [Range<Int>] = []
    var end = bytes.count - 1
    while lines.count < 2, let newline = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")) {
      lines.append(newline + 1..<end)
      end = newline
    }
    return lines
  }

  private static func record(_ bytes: ArraySlice<UInt8>) -> Record? {
    let record = Record()
    return bytes.withUnsafeBufferPointer { bytes in
      do throws(Failure) {
        try record.line.assign(bytes)
        try record.interpret()
      } catch { return nil }
      return record.payloadCount == 0 ? record : nil
    }
  }
}
