import SystemIO

/// The stream record read into memory: what the frames that follow have in common.
///
/// Keys that this version does not know stay in the record's line.
public struct StreamHeader: Sendable, Equatable {
  /// What the pictures were read from, for people.
  public var source: String?
  /// What the pictures have in common; nil in a stream that does not say. Its frames still give their own size and
  /// format.
  public var video: VideoDescription?
  /// The tracks whose packets are in the stream.
  public var tracks: [Track] = []
  /// The tags of the source as a whole, such as `title`, in the container's order.
  public var metadata: [Tag] = []
  /// The chapters of the source.
  public var chapters: [Chapter] = []
  /// The names of the filters that the stream has been through, from its `history`; not written.
  package private(set) var filters: [String] = []
  /// True if the frames come at the pace of their times, as from a camera: a reader should not let them pile up.
  public var isLive = false
  /// Which part of its source the stream holds; nil for all of it, or a part that is none of several.
  public var chunk: Chunk?

  /// The first bytes of a stream as writers make it; readers allow white space among them.
  package static let opening = Array("{\"fm\":".utf8)

  /// A header, without a history.
  public init(
    source: String? = nil, video: VideoDescription? = nil, tracks: [Track] = [], isLive: Bool = false
  ) {
    self.source = source
    self.video = video
    self.tracks = tracks
    self.isLive = isLive
  }

  /// Reads the header from a stream record's line.
  /// - Throws: `Failure` (`badInput`) naming the wrong key.
  public init(_ line: RecordLine) throws(Failure) {
    if let source = line[Key.source], !source.isNull {
      guard let text = source.string else { throw StreamHeader.fail("\"source\" is not a string") }
      self.source = text
    }
    if let chunk = line[Key.chunk] { self.chunk = try Chunk(json: JSONValue(chunk), "chunk") }
    if let video = line[Key.video], !video.isNull {
      self.video = try VideoDescription(json: JSONValue(video))
    }
    if let tracks = line[Key.tracks], !tracks.isNull {
      guard let elements = try JSONValue(tracks).array else {
        throw StreamHeader.fail("\"tracks\" is not an array")
      }
      var identifiers: Set<Int> = []
      for element in elements {
        let track = try Track(json: element)
        guard identifiers.insert(track.id).inserted else {
          throw StreamHeader.fail("track \(track.id) appears in \"tracks\" twice")
        }
        self.tracks.append(track)
      }
    }
    if let tags = line[Key.metadata], !tags.isNull { metadata = [Tag](json: try JSONValue(tags)) }
    if let chapters = line[Key.chapters], !chapters.isNull {
      guard let elements = try JSONValue(chapters).array else {
        throw StreamHeader.fail("\"chapters\" is not an array")
      }
      for element in elements { self.chapters.append(try Chapter(json: element)) }
    }
    try line[Key.history]?.forEachElement { (entry) throws(Failure) in
      if let name = entry[Key.name]?.string { filters.append(name) }
    }
    if let live = line[Key.isLive], !live.isNull {
      guard let isLive = live.bool else { throw StreamHeader.fail("\"live\" is neither true nor false") }
      self.isLive = isLive
    }
  }

  static func fail(_ cause: String) -> Failure {
    Failure(.badInput, step: "bad stream record", cause: cause)
  }

  /// Seconds in one unit of `pts`; microseconds where the stream does not say.
  public var timeBase: Rational { video?.timeBase ?? Rational(1, 1_000_000) }

  /// The line of a stream record with this header, without a history.
  public func makeLine() -> RecordLine {
    var line = RecordLine()
    line.assign { writer in
      writer.field(Key.version, StreamHeader.formatVersion)
      writer.field(RecordLine.typeKey, "stream")
      writer.field(Key.source, source)
      writer.field(Key.isLive, isLive ? true : nil)
      writer.field(Key.chunk, chunk)
      if let video {
        writer.key(Key.video)
        video.write(to: &writer)
      }
      if !tracks.isEmpty {
        writer.key(Key.tracks)
        writer.array { writer in for track in tracks { track.write(to: &writer) } }
      }
      metadata.write(Key.metadata, to: &writer)
      if !chapters.isEmpty {
        writer.key(Key.chapters)
        writer.array { writer in for chapter in chapters { chapter.write(to: &writer) } }
      }
    }
    return line
  }

  /// The newest major version of the format, which this library reads and writes.
  public static let formatVersion = 1
}

private enum Key {
  static let version: StaticString = "fm"
  static let source: StaticString = "source"
  static let isLive: StaticString = "live"
  static let chunk: StaticString = "chunk"
  static let video: StaticString = "video"
  static let tracks: StaticString = "tracks"
  static let metadata: StaticString = "metadata"
  static let chapters: StaticString = "chapters"
  static let history: StaticString = "history"
  static let name: StaticString = "name"
}

extension RecordLine {
  /// Sets the keys of a stream record in which two headers differ, and leaves the rest as it was written.
  package mutating func update(from old: StreamHeader, to new: StreamHeader) {
    guard old != new else { return }
    let line = new.makeLine()
    func copy(_ key: StaticString) {
      if let value = line[key] { set(key) { $0.value(value) } } else { remove(key) }
    }
    if old.source != new.source { copy(Key.source) }
    if old.isLive != new.isLive { copy(Key.isLive) }
    if old.chunk != new.chunk { copy(Key.chunk) }
    if old.video != new.video { copy(Key.video) }
    if old.tracks != new.tracks { copy(Key.tracks) }
    if old.metadata != new.metadata { copy(Key.metadata) }
    if old.chapters != new.chapters { copy(Key.chapters) }
  }

  /// Checks that a stream record begins with a format version that this library reads.
  /// - Throws: `Failure` (`badInput`).
  func checkFormatVersion() throws(Failure) {
    func fail(_ cause: String) -> Failure {
      Failure(.badInput, step: "bad record", subject: "stream record", cause: cause)
    }
    guard begins(with: Key.version), let version = self[Key.version]?.int else {
      throw fail("its first key is not \"fm\" with a whole number")
    }
    guard version == StreamHeader.formatVersion else {
      throw fail(
        "format version \(version) is not known here; this tool reads version \(StreamHeader.formatVersion)")
    }
  }
}
