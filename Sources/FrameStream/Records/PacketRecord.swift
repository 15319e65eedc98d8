import SystemIO

/// A compressed packet of another track as its record describes it; the packet itself is the payload.
public struct PacketRecord: Sendable {
  /// The ``Track/id`` of its track.
  public var track: Int
  /// When it is presented, in the track's time base.
  public var pts: Int?
  /// When it is decoded, in the track's time base.
  public var dts: Int?
  /// How long it lasts, in the track's time base.
  public var duration: Int?
  /// True if decoding can start here.
  public var isKey: Bool
  /// How many decoded samples to discard at the packet's start and end.
  public var skippedSamples: (start: Int, end: Int)?

  /// A packet with times in units of its track's time base.
  public init(
    track: Int, pts: Int?, dts: Int?, duration: Int? = nil, isKey: Bool = false,
    skippedSamples: (start: Int, end: Int)? = nil
  ) {
    self.track = track
    self.pts = pts
    self.dts = dts
    self.duration = duration
    self.isKey = isKey
    self.skippedSamples = skippedSamples
  }
}

private enum Key {
  static let track: StaticString = "track"
  static let pts: StaticString = "pts"
  static let dts: StaticString = "dts"
  static let duration: StaticString = "duration"
  static let isKey: StaticString = "key"
  static let skippedSamples: StaticString = "skip"
}

extension PacketRecord {
  /// Reads a packet record's line.
  /// - Throws: `Failure` (`badInput`) if `track` is not a positive number.
  public init(_ line: RecordLine) throws(Failure) {
    self.init(
      track: try line.packetTrack(), pts: line[Key.pts]?.int, dts: line[Key.dts]?.int,
      duration: line[Key.duration]?.int, isKey: line[Key.isKey]?.bool ?? false)
    guard let list = line[Key.skippedSamples] else { return }
    var numbers = (start: 0, end: 0)
    var count = 0
    try list.forEachElement { (number) throws(Failure) in
      if count == 0 { numbers.start = number.int ?? 0 } else { numbers.end = number.int ?? 0 }
      count += 1
    }
    if count == 2 { skippedSamples = numbers }
  }
}

extension RecordLine {
  /// Replaces the line with a packet's.
  /// - Parameters:
  ///   - packet: what the line says of the packet.
  ///   - byteCount: the payload's length.
  public mutating func assign(_ packet: PacketRecord, byteCount: Int) {
    assign(type: "packet") { json in
      json.field(Key.track, packet.track)
      json.field(Key.pts, packet.pts)
      json.field(Key.dts, packet.dts)
      json.field(Key.duration, packet.duration)
      json.field(Key.isKey, packet.isKey ? true : nil)
      if let skipped = packet.skippedSamples {
        json.key(Key.skippedSamples)
        json.array { json in
          json.value(skipped.start)
          json.value(skipped.end)
        }
      }
      json.payload(byteCount)
    }
  }

  /// The track of a packet.
  func packetTrack() throws(Failure) -> Int {
    guard let track = self[Key.track]?.int, track > 0 else {
      throw Failure(.badInput, step: "bad packet", cause: "\"track\" is not a positive number")
    }
    return track
  }
}
