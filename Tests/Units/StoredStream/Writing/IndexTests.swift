import FrameStream
import SystemIO
import Testing

@testable import StoredStream

/// The index of a stored stream: small, true, and never believed.
struct IndexTests {
  @Test func thinning() {
    var builder = IndexBuilder()
    for frame in 0..<300_000 {
      builder.add(sequence: frame, presentationTime: frame, at: 100 + frame * 120_000)
    }
    let index = builder.index
    #expect((IndexBuilder.limit / 2...IndexBuilder.limit).contains(index.entries.count))
    #expect(index.entries.first == IndexRecord.Entry(sequence: 0, presentationTime: 0, offset: 100))
    let distances = zip(index.entries.dropFirst(), index.entries).map { $0.offset - $1.offset }
    #expect(index.hasTimes && (distances.max() ?? 0) <= 2 * (distances.min() ?? 0))
    var line = RecordLine()
    line.assign(index)
    #expect(line.bytes.count < 1 << 18)
  }

  @Test func timesThatRunBackAreLeftOut() throws {
    var builder = IndexBuilder()
    for (frame, time) in [5, 9, 7].enumerated() {
      builder.add(sequence: frame, presentationTime: time, at: frame << 18)
    }
    #expect(!builder.index.hasTimes && builder.index.entries.count == 3)
    var line = RecordLine()
    line.assign(builder.index)
    #expect(try IndexRecord(line) == builder.index)
  }

  @Test func lookup() {
    let index = IndexRecord(
      entries: [(3, -10, 100), (7, 20, 200), (9, 20, 300)].map {
        IndexRecord.Entry(sequence: $0, presentationTime: $1, offset: $2)
      }, hasTimes: true)
    #expect([2, 3, 6, 7, 100].map { index.entry(before: $0)?.offset } == [nil, 100, 100, 200, 300])
    #expect([-10, -9, 20, 21].map { index.entry(beforeTime: $0)?.offset } == [nil, 100, 100, 300])
  }

  @Test(arguments: [
    #"{"type":"index"}"#, #"{"type":"index","seq":[0],"offset":[]}"#,
    #"{"type":"index","seq":[1,1],"offset":[1,2]}"#,
    #"{"type":"index","seq":[0],"offset":[-1]}"#, #"{"type":"index","seq":[0],"pts":[],"offset":[1]}"#,
    #"{"type":"index","seq":["0"],"offset":[1]}"#,
    #"{"type":"index","seq":[0,1],"pts":[1,0],"offset":[1,2]}"#,
  ]) func malformed(_ text: String) throws {
    var line = RecordLine()
    try Array(text.utf8).withUnsafeBufferPointer { try line.assign($0) }
    #expect(throws: Failure.self) { try IndexRecord(line) }
  }

  /// Every listed frame is where the index says, with and without compression, also of the second of two streams.
  @Test(arguments: [StoredForm.indexed, .compressed(level: 1, threads: 2)])
  func writtenIndexesAreTrue(_ form: StoredForm) throws {
    let text = StreamText.whole(0..<40, size: (400, 400))
    let stored = try StoredFile(text.bytes + text.bytes).rewritten(form)
    let reader = stored.reader
    let length = try #require(try reader.seekableLength())
    let ending = try StreamEnding(reader, length: length)
    let (index, start) = (try #require(ending.index), try #require(ending.streamOffset))
    #expect(index.record.entries.count == 20 && start > 0 && ending.end.frames == 40)
    for entry in index.record.entries {
      let line = try reader.bytes(at: start + entry.offset, count: 40)
      #expect(
        String(decoding: line, as: UTF8.self).hasPrefix(#"{"type":"frame","seq":\#(entry.sequence),"pts":"#))
    }
    // The first stream's ends where the second begins.
    #expect(try StreamEnding(reader, length: start).streamOffset == 0)
  }

  /// Readers do not see it, so that no filter passes it on.
  @Test(arguments: [StoredForm.plain, .indexed, .compressed(level: 3, threads: 1)])
  func readersPassOverIt(_ form: StoredForm) throws {
    let plain = try StoredFile(StreamText.whole(0..<9))
    let stored = try plain.rewritten(form)
    #expect(try stored.lines() == plain.lines())
    #expect(try stored.lines(keepsIndex: true).count == (form == .plain ? 11 : 12))
  }

  @Test func compressedStreamsGiveTheIndexedOne() throws {
    let plain = try StoredFile(StreamText.whole(0..<9))
    let reader = try plain.rewritten(.compressed(level: 1, threads: 1)).reader
    let length = try #require(try reader.seekableLength())
    #expect(try reader.bytes(at: 0, count: length) == plain.rewritten(.indexed).bytes)
  }
}
