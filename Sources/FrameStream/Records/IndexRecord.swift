import SystemIO

/// Where some of a stored stream's frames are, so that a reader need not begin with the first one.
package struct IndexRecord: Sendable, Equatable {
  /// A frame that is listed.
  package struct Entry: Sendable, Equatable {
    /// Its number.
    package var sequence: Int
    /// Its presentation time, in the stream's time base; 0 if the index has no times.
    package var presentationTime: Int
    /// Where its record begins, in bytes from the start of the stream.
    package var offset: Int

    /// A frame at a place.
    package init(sequence: Int, presentationTime: Int, offset: Int) {
      self.sequence = sequence
      self.presentationTime = presentationTime
      self.offset = offset
    }
  }

  /// Frames in their order, of which the first is the stream's first.
  package var entries: [Entry]
  /// Whether presentation times are known, which they are where no frame of the stream is earlier than the one before.
  package var hasTimes: Bool

  /// An index of these frames.
  package init(entries: [Entry], hasTimes: Bool) {
    self.entries = entries
    self.hasTimes = hasTimes
  }
}

private enum Key {
  static let sequence: StaticString = "seq"
  static let presentationTime: StaticString = "pts"
  static let offset: StaticString = "offset"
  /// Of the end record.
  static let index: StaticString = "index"
}

extension IndexRecord {
  /// Reads an index record's line.
  /// - Throws: `Failure` (`badInput`) if its lists are not whole numbers in order, one for each frame.
  package init(_ line: RecordLine) throws(Failure) {
    func fail(_ cause: String) -> Failure { Failure(.badInput, step: "bad index", cause: cause) }
    func numbers(_ key: StaticString) throws(Failure) -> [Int]? {
      guard let list = line[key] else { return nil }
      guard list.isArray else { throw fail("\"\(key)\" is not an array") }
      var numbers: [Int] = []
      try list.forEachElement { (element) throws(Failure) in
        guard let number = element.int else { throw fail("\"\(key)\" has what is not a whole number") }
        numbers.append(number)
      }
      return numbers
    }
    guard let sequences = try numbers(Key.sequence), let offsets = try numbers(Key.offset) else {
      throw fail("\"seq\" or \"offset\" is missing")
    }
    let times = try numbers(Key.presentationTime)
    guard sequences.count == offsets.count, times?.count ?? offsets.count == offsets.count else {
      throw fail("its lists differ in length")
    }
    func grows(_ numbers: [Int]) -> Bool { zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 } }
    guard grows(sequences), grows(offsets), sequences.first ?? 0 >= 0, offsets.first ?? 0 >= 0 else {
      throw fail("its numbers do not grow from 0 on")
    }
    if let times, zip(times, times.dropFirst()).contains(where: { $0 > $1 }) {
      throw fail("its times run back")
    }
    self.init(
      entries: sequences.indices.map {
        Entry(sequence: sequences[$0], presentationTime: times?[$0] ?? 0, offset: offsets[$0])
      }, hasTimes: times != nil)
  }

  /// The last frame that is listed and has at most this number; nil if there is none.
  package func entry(before sequence: Int) -> Entry? { last { $0.sequence <= sequence } }

  /// The last frame that is listed and shown before this time; nil if there is none, and for an index without times.
  package func entry(beforeTime time: Int) -> Entry? {
    hasTimes ? last { $0.presentationTime < time } : nil
  }

  private func last(where isBefore: (Entry) -> Bool) -> Entry? {
    let next = entries.partitioningIndex { !isBefore($0) }
    return next > 0 ? entries[next - 1] : nil
  }
}

extension RecordLine {
  /// Replaces the line with an index record's.
  package mutating func assign(_ index: IndexRecord) {
    func write(_ key: StaticString, _ json: inout JSONWriter, _ number: (IndexRecord.Entry) -> Int) {
      json.key(key)
      json.array { json in for entry in index.entries { json.value(number(entry)) } }
    }
    assign(type: IndexRecord.type) { json in
      write(Key.sequence, &json) { $0.sequence }
      if index.hasTimes { write(Key.presentationTime, &json) { $0.presentationTime } }
      write(Key.offset, &json) { $0.offset }
    }
  }

  /// Where an end record says that the index is, in bytes from the start of the stream; nil if it names none.
  package var indexOffset: Int? { self[Key.index]?.int }

  /// Sets what an end record says of the index.
  package mutating func setIndexOffset(_ offset: Int) { set(Key.index) { $0.value(offset) } }

  /// Removes what an end record says of an index.
  mutating func removeIndex() { remove(Key.index) }
}

extension IndexRecord {
  fileprivate static let type = "index"
}

extension Record {
  /// Whether this is an index record.
  package var isIndex: Bool { kind == .other && line.isOfType(IndexRecord.type) }
}
