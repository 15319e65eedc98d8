import SystemIO

/// A chapter of the source (an element of the stream record's `chapters`).
public struct Chapter: Sendable, Equatable {
  /// Seconds in one unit of ``start`` and ``end``.
  public var timeBase: Rational
  /// Where it begins, on the clock of the frames' times.
  public var start: Int
  /// Where it ends.
  public var end: Int
  /// Its tags, such as `title`.
  public var metadata: [Tag]

  /// A chapter with its tags.
  public init(timeBase: Rational, start: Int, end: Int, metadata: [Tag] = []) {
    self.timeBase = timeBase
    self.start = start
    self.end = end
    self.metadata = metadata
  }

  /// Reads an element of `chapters`.
  /// - Throws: `Failure` (`badInput`) naming the wrong key.
  init(json: JSONValue) throws(Failure) {
    guard let start = json["start"]?.int, let end = json["end"]?.int else {
      throw StreamHeader.fail("\"start\" and \"end\" of a chapter are not whole numbers")
    }
    self.init(
      timeBase: try Rational(json: json["time_base"], "time_base") ?? Rational(1, 1_000_000), start: start,
      end: end, metadata: [Tag](json: json["metadata"]))
    guard timeBase.numerator > 0 else {
      throw StreamHeader.fail("a chapter's \"time_base\" is not positive")
    }
  }

  /// Writes the object that ``init(json:)`` reads.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("time_base", timeBase)
      writer.field("start", start)
      writer.field("end", end)
      metadata.write("metadata", to: &writer)
    }
  }
}
