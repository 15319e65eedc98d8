import FrameStream
import SystemIO

/// Lays the times of streams that follow each other end to end, in the first one's time bases, and begins at 0.
struct Timeline {
  private var first: StreamHeader?
  private var current = StreamHeader()
  /// Seconds to add to the current stream's times.
  private var shift = 0.0
  /// Where the last picture ends, in seconds.
  private var end = 0.0
  private var lastStart: Double?
  private var hasSeveral = false
  /// Whether a record has come that says where the current stream's times begin.
  private var hasOrigin: Bool

  /// A first record that is less than this after 0, in seconds, is where its source has it: pictures that begin after
  /// the sound.
  private static let nearStart = 0.5
  /// Sound that begins less than this before 0 is its encoder's delay.
  private static let longestPriming = 0.1

  /// - Parameter keepsStart: Whether the first stream's times stay as they are: a cut that began at an hour, or a
  ///   clock's time.
  init(keepsStart: Bool = false) { hasOrigin = keepsStart }

  /// A stream begins. What it has in common with the first decides whether it can follow it.
  mutating func begin(_ header: StreamHeader) throws(Failure) {
    current = header
    // An input that could not be opened: it has no times.
    if header.video == nil { return }
    if first == nil {
      first = header
    } else {
      hasSeveral = true
      hasOrigin = false
      shift = end
    }
    lastStart = nil
  }

  /// A frame's time and duration in the output's time base.
  mutating func frame(pts: Int, duration: Int?) throws(Failure) -> (pts: Int, duration: Int?) {
    let base = current.timeBase
    let start = base.seconds(pts)
    settleOrigin(at: start, isSound: false)
    let length = duration.map { base.seconds($0) } ?? lastStart.map { start - $0 } ?? 0.04
    lastStart = start
    end = max(end, start + shift + max(length, 0))
    return (
      try convert(pts, base, first?.timeBase ?? base, shift),
      try duration.map { (length) throws(Failure) in try convert(length, base, first?.timeBase ?? base, 0) }
    )
  }

  /// A packet's times in its track's time base; nil if the first stream has no such track.
  mutating func packet(track id: Int, pts: Int?, dts: Int?) throws(Failure) -> (pts: Int?, dts: Int?)? {
    guard let track = current.tracks.first(where: { $0.id == id }),
      let target = first?.tracks.first(where: { $0.id == id }), target.codec == track.codec
    else { return nil }
    if let time = pts ?? dts { settleOrigin(at: track.timeBase.seconds(time), isSound: true) }
    func convert(_ value: Int?) throws(Failure) -> Int? {
      try value.map { (value) throws(Failure) in
        try self.convert(value, track.timeBase, target.timeBase, shift)
      }
    }
    return (try convert(pts), try convert(dts))
  }

  /// The first record, sound or picture, goes to 0, or in a later stream where the one before ends.
  private mutating func settleOrigin(at start: Double, isSound: Bool) {
    defer { hasOrigin = true }
    if hasOrigin { return }
    if hasSeveral {
      shift -= start
    } else if start > Self.nearStart || start < (isSound ? -Self.longestPriming : 0) {
      // Whole ticks of the pictures, so that sound keeps its place beside them.
      let tick = current.timeBase.value
      shift = -(start / tick).rounded(.down) * tick
    }
  }

  private func convert(_ value: Int, _ from: Rational, _ to: Rational, _ shift: Double) throws(Failure) -> Int
  {
    if from == to, shift == 0 { return value }
    guard let result = to.ticks(from.seconds(value) + shift) else {
      throw Failure(.badInput, step: "bad time", cause: "\(value) is out of range")
    }
    return result
  }
}
