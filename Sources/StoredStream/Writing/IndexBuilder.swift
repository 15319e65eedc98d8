import FrameStream

/// Makes the index of a stream while it is written: every frame that is far enough from the one before, and fewer of them
/// the longer the stream becomes.
package struct IndexBuilder {
  private var entries: [IndexRecord.Entry] = []
  /// How far apart frames are at least, in bytes.
  private var distance = 1 << 18
  private var lastTime = Int.min
  private var hasTimes = true

  /// The most frames that are listed. Numbers of 19 digits make a line of 250 KB, a quarter of what is allowed.
  package static let limit = 4096

  /// An index without frames.
  package init() {}

  /// A frame is written.
  /// - Parameter offset: where its record begins, in bytes from the start of the stream.
  package mutating func add(sequence: Int, presentationTime: Int, at offset: Int) {
    if presentationTime < lastTime { hasTimes = false }
    lastTime = presentationTime
    if let last = entries.last, offset - last.offset < distance { return }
    entries.append(
      IndexRecord.Entry(sequence: sequence, presentationTime: presentationTime, offset: offset))
    guard entries.count > Self.limit else { return }
    // Every second one stays, the first among them.
    distance *= 2
    entries = stride(from: 0, to: entries.count, by: 2).map { entries[$0] }
  }

  /// The index of the frames so far.
  package var index: IndexRecord {
    guard !hasTimes else { return IndexRecord(entries: entries, hasTimes: true) }
    return IndexRecord(
      entries: entries.map {
        IndexRecord.Entry(sequence: $0.sequence, presentationTime: 0, offset: $0.offset)
      }, hasTimes: false)
  }
}
