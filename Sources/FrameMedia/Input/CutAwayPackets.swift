import CFFmpeg
import FrameStream

/// Keeps away what an edit list cuts out of sound and subtitles, for others would show it again. What a decoder of the
/// first sound that stays needs to begin is given out before it.
struct CutAwayPackets {
  /// The last packets that were cut away before a track's first one that stays, by the track's number.
  private var lead: [Int: [CompressedPacket]] = [:]
  private var begun: Set<Int> = []

  /// Reading continues at another position.
  mutating func restart() {
    lead = [:]
    begun = []
  }

  /// What is given out for a packet: nothing, the packet, or the packet with what must come before it.
  mutating func take(_ packet: CompressedPacket, of track: Track) -> [CompressedPacket] {
    if packet.isCutAway {
      if track.kind == "subtitle" { return shorten(packet) ? [packet] : [] }
      let count = CutAwayPackets.leadCount(track)
      guard count > 0, !begun.contains(track.id) else { return [] }
      lead[track.id, default: []].append(packet)
      if lead[track.id, default: []].count > count { lead[track.id]?.removeFirst() }
      return []
    }
    guard begun.insert(track.id).inserted, let before = lead.removeValue(forKey: track.id) else {
      return [packet]
    }
    for packet in before { mark(packet, track, packet.duration ?? 0) }
    if let begin = packet.pts, begin < 0, packet.skippedSamples == nil { mark(packet, track, -begin) }
    return before + [packet]
  }

  /// How many packets a decoder is ahead of what is heard.
  private static func leadCount(_ track: Track) -> Int {
    switch track.codec {
    // Profiles 4 and 28 are HE-AAC's (FF_PROFILE_AAC_HE, _HE_V2).
    case "aac": track.profile == 4 || track.profile == 28 ? 2 : 1
    case "mp3": 1
    // 80 ms (RFC 7845, 4.6) in packets of 20.
    case "opus": 4
    default: 0
    }
  }

  /// Marks the sound at a packet's beginning as not to be heard.
  private func mark(_ packet: CompressedPacket, _ track: Track, _ duration: Int) {
    guard let rate = track.sampleRate,
      let side = av_packet_new_side_data(packet.native, AV_PKT_DATA_SKIP_SAMPLES, 10)
    else { return }
    let samples = av_rescale_q(
      Int64(duration), track.timeBase.native, AVRational(num: 1, den: Int32(clamping: rate)))
    let bytes = UnsafeMutableRawPointer(side)
    bytes.initializeMemory(as: UInt8.self, repeating: 0, count: 10)
    bytes.storeBytes(of: UInt32(clamping: samples).littleEndian, as: UInt32.self)
  }

  /// Lets a subtitle that is shown across the beginning begin there; false if it ends before.
  private func shorten(_ packet: CompressedPacket) -> Bool {
    guard let begin = packet.pts, let duration = packet.duration, begin < 0, begin + duration > 0 else {
      return false
    }
    packet.native.pointee.pts = 0
    packet.native.pointee.dts = 0
    packet.native.pointee.duration = Int64(begin + duration)
    return true
  }
}
