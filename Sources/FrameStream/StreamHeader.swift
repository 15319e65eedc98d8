import SystemIO

/// The stream record read into memory: what the frames that follow have in common.
///
/// Keys that are not known here stay in the record's line; ``write(to:)`` touches only those that are.
public struct StreamHeader: Sendable, Equatable {
  /// What the pictures were read from, for messages and people.
  public var source: String?
  /// Nil in a stream that does not say; its frames still give their own size and format.
  public var video: VideoDescription?
  public var tracks: [Track] = []
  /// True if the frames come at the pace of their times, to be seen soon: they should not pile up on their way.
  public var isLive = false

  public init(
    source: String? = nil, video: VideoDescription? = nil, tracks: [Track] = [], isLive: Bool = false
  ) {
    self.source = source
    self.video = video
    self.tracks = tracks
    self.isLive = isLive
  }

  /// Reads the header from a stream record's line.
  /// - Throws: ``Failure`` (`badInput`) naming the key that is wrong.
  public init(_ line: RecordLine) throws(Failure) {
    if let source = line["source"], !source.isNull {
      guard let text = source.string else { throw StreamHeader.fail("\"source\" is not a string") }
      self.source = text
    }
    if let video = line["video"], !video.isNull {
      self.video = try VideoDescription(json: JSONValue(video))
    }
    if let tracks = line["tracks"], !tracks.isNull {
      guard let elements = try JSONValue(tracks).array else {
        throw StreamHeader.fail("\"tracks\" is not an array")
      }
      for element in elements {
        let track = try Track(json: element)
        guard !self.tracks.contains(where: { $0.id == track.id }) else {
          throw StreamHeader.fail("track \(track.id) stands in \"tracks\" twice")
        }
        self.tracks.append(track)
      }
    }
    if let live = line["live"], !live.isNull {
      guard let isLive = live.bool else { throw StreamHeader.fail("\"live\" is neither true nor false") }
      self.isLive = isLive
    }
  }

  static func fail(_ cause: String) -> Failure {
    Failure(.badInput, step: "bad stream record", cause: cause)
  }

  /// Seconds in one unit of `pts`; microseconds where the stream does not say.
  public var timeBase: Rational { video?.timeBase ?? Rational(1, 1_000_000) }

  /// A stream record's line that says all this, with nothing in its history.
  public func makeLine() -> RecordLine {
    var line = RecordLine()
    line.assign { writer in
      writer.key("fm")
      writer.value(StreamParser.majorVersion)
      writer.key("type")
      writer.value("stream")
      if let source {
        writer.key("source")
        writer.value(source)
      }
      if isLive {
        writer.key("live")
        writer.value(true)
      }
      if let video {
        writer.key("video")
        video.write(to: &writer)
      }
      if !tracks.isEmpty {
        writer.key("tracks")
        writer.array { writer in for track in tracks { track.write(to: &writer) } }
      }
    }
    return line
  }
}

/// One filter's entry in a stream's `history`.
public struct HistoryEntry: Sendable {
  public var name: String
  public var version: String
  public var arguments: [String]
  /// More that the filter wants to be known, such as its model: written under the entry's own keys.
  public var details: [(key: String, value: String)] = []

  public init(name: String, version: String, arguments: [String]) {
    self.name = name
    self.version = version
    self.arguments = arguments
  }
}

extension RecordLine {
  /// Appends an entry to the stream record's `history`; what is there stays as it was written.
  public mutating func appendHistory(_ entry: HistoryEntry) {
    let old = self["history"]
    set("history") { writer in
      writer.array { writer in
        try? old?.forEachElement { writer.value($0) }
        writer.object { writer in
          writer.key("name")
          writer.value(entry.name)
          writer.key("version")
          writer.value(entry.version)
          writer.key("arguments")
          writer.array { writer in for argument in entry.arguments { writer.value(argument) } }
          for detail in entry.details {
            writer.key(detail.key)
            writer.value(detail.value)
          }
        }
      }
    }
  }
}
