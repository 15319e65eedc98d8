import FrameMedia
import FrameStream

/// The packets of a stream that come before its first picture. Only that picture shows where the stream's times begin.
struct HeldPackets {
  private(set) var packets: [(record: PacketRecord, track: Track, data: [UInt8])] = []
  private var byteCount = 0
  private var times: ClosedRange<Double>?
  /// When the first sound of each track begins, in seconds, and the packets that were not held because they were too many.
  private var sounds: [Int: (begin: Double, skipped: Double)] = [:]
  private(set) var lostCount = 0

  /// Bytes and seconds of packets that wait.
  static let largestByteCount = 16 << 20
  static let longestTime = 30.0

  /// Whether no more packets should wait.
  var isFull: Bool {
    byteCount >= Self.largestByteCount
      || times.map { $0.upperBound - $0.lowerBound >= Self.longestTime } ?? false
  }

  /// Adds a packet behind the others.
  mutating func append(_ record: PacketRecord, _ track: Track, _ data: UnsafeRawBufferPointer) {
    if let ticks = record.pts ?? record.dts {
      let time = track.timeBase.seconds(ticks)
      times = min(times?.lowerBound ?? time, time)...max(times?.upperBound ?? time, time)
      if track.kind == "audio", sounds[track.id] == nil {
        let skipped = Double(record.skippedSamples?.start ?? 0) / Double(max(1, track.sampleRate ?? 1))
        sounds[track.id] = (time, skipped)
      }
    }
    byteCount += data.count + 256
    packets.append((record, track, Array(data)))
  }

  /// Counts a packet that is too much.
  mutating func lose() { lostCount += 1 }

  /// When the first sound begins in the output, in seconds of the stream's clock.
  /// - Parameter lead: seconds that a track's sound begins earlier because it is encoded; nil if it is not, for sound that
  ///   is encoded begins where it is heard.
  func firstSound(lead: (_ track: Int) -> Double?) -> Double? {
    sounds.map { id, sound in lead(id).map { sound.begin + sound.skipped - $0 } ?? sound.begin }.min()
  }
}
