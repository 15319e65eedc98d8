import FrameStream
import SystemIO

/// The index of a file that has one stream, found and tried.
package struct FoundIndex {
  /// The frames that it lists.
  package let record: IndexRecord
  /// Where the index record begins: all frames are before it.
  package let offset: Int

  /// What looking for an index came to.
  package enum Outcome {
    /// It is there, and true of the frame that was tried.
    case found(FoundIndex)
    /// There is none, or the input cannot be read from anywhere but its beginning, or it has several streams.
    case absent
    /// It says what is not so.
    case untrue(reason: String)
  }

  /// Looks for an index, and tries the entry that `choose` wants.
  /// - Parameters:
  ///   - file: a file that is open for reading; where it is read next is undefined afterwards.
  ///   - choose: the entry at which reading will begin, by the index and the stream's header; nil for none.
  /// - Throws: `Failure` if the file cannot be read. A damaged file is not looked at closely: reading it shows what is
  ///   wrong.
  package static func look(
    in file: Descriptor, for choose: (IndexRecord, StreamHeader) -> IndexRecord.Entry?
  ) throws(Failure) -> Outcome {
    let reader = StreamReader(file)
    do throws(Failure) {
      guard let length = try reader.seekableLength() else { return .absent }
      let ending = try StreamEnding(reader, length: length)
      guard let index = ending.index, let start = ending.streamOffset else { return .absent }
      if start > 0, try reader.beginsStream(at: start) { return .absent }
      guard start == 0 else { return .untrue(reason: "the stream does not begin where it says") }
      try reader.seek(to: 0)
      let record = Record()
      guard case .record = try reader.read(into: record), record.kind == .stream else { return .absent }
      let header = try StreamHeader(record.line)
      guard let entry = choose(index.record, header) else {
        return .found(FoundIndex(record: index.record, offset: index.offset))
      }
      guard try leads(entry, index.record.hasTimes, reader, record) else {
        return .untrue(reason: "frame \(entry.sequence) is not where it says")
      }
      return .found(FoundIndex(record: index.record, offset: index.offset))
    } catch {
      guard error.kind == .badInput else {
        if error.step == Self.cutShort { return .absent }
        throw error
      }
      return .untrue(reason: error.description)
    }
  }

  /// Whether an entry leads to its frame.
  private static func leads(
    _ entry: IndexRecord.Entry, _ hasTimes: Bool, _ reader: StreamReader, _ record: Record
  ) throws(Failure) -> Bool {
    do throws(Failure) {
      try reader.seek(to: entry.offset)
      guard case .record = try reader.read(into: record) else { return false }
    } catch {
      // What is there is no record, or nothing is there.
      guard error.kind == .badInput || error.kind == .failed || error.step == Self.cutShort else {
        throw error
      }
      return false
    }
    return record.kind == .frame && record.sequence == entry.sequence
      && (!hasTimes || record.presentationTime == entry.presentationTime)
  }

  /// The step of a failure that a stream has been cut.
  static let cutShort = "input cut short"
}
