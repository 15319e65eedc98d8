import CFFmpeg

/// Makes one clock of time stamps that jump, as those of MPEG-TS do where recordings were joined, a broadcaster
/// restarted, or 33 bits overflowed.
///
/// It does what ffmpeg does by default: the jump of one stream moves all of them, so that sound keeps in step.
struct TimestampContinuity {
  private struct Place {
    /// The last decode time, in the stream's own units, and how often its bits overflowed before it.
    var stamp: Int64
    var turns: Int64
    /// The last decode time and where the next is due, in microseconds of the one clock.
    var last: Int64
    var next: Int64
  }

  /// Microseconds after it was due, or before its last time, at which a stream's next packet counts as a jump.
  private static let farAhead: Int64 = 10_000_000
  private static let farBack: Int64 = 100_000
  private static let microsecond = AVRational(num: 1, den: 1_000_000)

  private var places: [Int: Place] = [:]
  /// Microseconds that are added to all times.
  private var shift: Int64 = 0

  /// Reading continues at another position, on the container's own clock.
  mutating func restart() {
    places = [:]
    shift = 0
  }

  /// Converts a packet's times to the one clock.
  mutating func apply(to packet: UnsafeMutablePointer<AVPacket>, of stream: UnsafePointer<AVStream>) {
    let (index, base) = (Int(packet.pointee.stream_index), stream.pointee.time_base)
    let stamp = packet.pointee.dts
    guard stamp != fm_no_timestamp, base.num > 0, base.den > 0 else {
      if packet.pointee.pts != fm_no_timestamp { packet.pointee.pts &+= shiftInUnits(base) }
      return
    }
    let bits = Int64(stream.pointee.pts_wrap_bits)
    let period: Int64 = (1..<62).contains(bits) ? 1 << bits : 0
    var turns = places[index]?.turns ?? 0
    if period > 0, let last = places[index]?.stamp {
      if stamp &- last < -(period / 2) { turns += 1 } else if stamp &- last > period / 2 { turns -= 1 }
    }
    let added = turns &* period
    func microseconds(_ time: Int64) -> Int64 { av_rescale_q(time, base, TimestampContinuity.microsecond) }
    let time = microseconds(stamp &+ added)
    if let place = places[index] {
      let isAhead = (time &+ shift &- place.next).magnitude > TimestampContinuity.farAhead.magnitude
      if isAhead || time &+ shift &+ TimestampContinuity.farBack < place.last {
        shift &-= time &+ shift &- place.next
      }
    }
    let units = added &+ shiftInUnits(base)
    if packet.pointee.pts != fm_no_timestamp {
      // Shown after a turn that its decoding came before, or the other way round.
      let distance = packet.pointee.pts &- stamp
      if period > 0, distance < -(period / 2) { packet.pointee.pts &+= period }
      if period > 0, distance > period / 2 { packet.pointee.pts &-= period }
      packet.pointee.pts &+= units
    }
    packet.pointee.dts &+= units
    let now = time &+ shift
    places[index] = Place(
      stamp: stamp, turns: turns, last: now, next: now &+ microseconds(max(0, packet.pointee.duration)))
  }

  private func shiftInUnits(_ base: AVRational) -> Int64 {
    shift == 0 ? 0 : av_rescale_q(shift, TimestampContinuity.microsecond, base)
  }
}
