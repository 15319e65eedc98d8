import SystemIO

/// The record that closes a stream: whether it is whole, and what was lost on the way.
public struct EndRecord: Sendable, Equatable {
  /// Whether all that was asked for is in the stream, the key `status`. Any name but `ok` means that it is not.
  public struct Status: RawRepresentable, Sendable, Equatable {
    /// The name in the stream.
    public var rawValue: String

    /// The status with a name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// All of the source that was asked for is in the stream.
    public static let ok = Status(rawValue: "ok")
    /// A signal stopped a writer; the records before it are good.
    public static let interrupted = Status(rawValue: "interrupted")
    /// A writer failed, and the stream may not be what was wanted. Readers treat every unknown name as this one.
    public static let error = Status(rawValue: "error")

    /// True if the records before the end are worth keeping: the stream is whole, or it was only interrupted.
    public var keepsRecords: Bool { self == .ok || self == .interrupted }
  }

  /// How many frame records the stream has.
  public var frames: Int?
  /// How many frames were left out because the tools were too slow, where that was allowed.
  public var dropped: Int?
  /// How many pictures of a folder or a list could not be read.
  public var unreadable: Int?
  /// How many damaged places the source had: packets and pictures that could not be decoded, or not wholly.
  public var damaged: Int?
  /// Whether the stream is whole.
  public var status: Status
  /// Why the status is not `ok`, for people.
  public var message: String?

  /// An end record that says nothing of what was lost.
  public init(frames: Int?, status: Status, message: String? = nil) {
    self.frames = frames
    self.status = status
    self.message = message
  }

  /// Why a reader of this stream ends with a failure; nil if the status is `ok`. A reader passes the end record on,
  /// and throws this when its input has ended.
  /// - Parameters:
  ///   - step: what the reader calls it in its message.
  ///   - subject: the name of the input.
  public func failure(step: String = "stopped upstream", subject: String) -> Failure? {
    guard status != .ok else { return nil }
    return Failure(
      .failed, step: step, subject: subject, cause: message ?? "status \"\(status.rawValue.prefix(60))\"")
  }
}

private enum Key {
  static let frames: StaticString = "frames"
  static let dropped: StaticString = "dropped"
  static let unreadable: StaticString = "unreadable"
  static let damaged: StaticString = "damaged"
  static let status: StaticString = "status"
  static let message: StaticString = "message"
}

extension EndRecord {
  /// Reads an end record's line.
  /// - Throws: `Failure` (`badInput`) if there is no string `status`: without it nobody knows whether the stream is
  ///   whole.
  public init(_ line: RecordLine) throws(Failure) {
    guard let status = line[Key.status]?.string else {
      throw Failure(.badInput, step: "bad record", cause: "there is no string \"status\" in it")
    }
    self.init(
      frames: line[Key.frames]?.int, status: Status(rawValue: status), message: line[Key.message]?.string)
    dropped = line[Key.dropped]?.int
    unreadable = line[Key.unreadable]?.int
    damaged = line[Key.damaged]?.int
  }
}

extension RecordLine {
  /// Sets how many frames an end record counts, and leaves the rest as it was written.
  package mutating func setFrameCount(_ count: Int) {
    if self[Key.frames]?.int != count { set(Key.frames) { $0.value(count) } }
  }

  /// Replaces the line with an end record's.
  public mutating func assign(_ end: EndRecord) {
    assign(type: "end") { json in
      json.field(Key.frames, end.frames)
      json.field(Key.dropped, end.dropped)
      json.field(Key.unreadable, end.unreadable)
      json.field(Key.damaged, end.damaged)
      json.field(Key.status, end.status.rawValue)
      json.field(Key.message, end.message)
    }
  }
}
