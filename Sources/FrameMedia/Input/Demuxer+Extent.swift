import CFFmpeg
import FrameStream
import SystemIO

/// What reading has seen of an input, compared with what the input promises.
struct ReadingExtent {
  /// The highest decode or presentation time of the video's packets, in its units.
  var lastVideoTime: Int64?
  /// Where the latest packet of any track ends, in seconds.
  var end: Double?
  /// Whether the last packet came in half.
  var hasHalfPacket = false
  /// Video packets.
  var packetCount = 0

  /// Takes note of a packet.
  mutating func note(_ packet: CompressedPacket, isVideo: Bool, _ timeBase: Rational) {
    hasHalfPacket = packet.isCorrupt
    let time = max(packet.native.pointee.pts, packet.native.pointee.dts)
    guard time != fm_no_timestamp else { return }
    end = max(end ?? 0, timeBase.seconds(Int(time)) + timeBase.seconds(packet.duration ?? 0))
    if isVideo { lastVideoTime = max(lastVideoTime ?? time, time) }
  }
}

extension Demuxer {
  /// Whether the input ended before its container says that it does, at its regular end.
  func hasEndedEarly(_ extent: ReadingExtent, video: UnsafeMutablePointer<AVStream>) -> Bool {
    guard !isClosed, isFile, !hasSinglePictures else { return false }
    // MP4's and Matroska's indices, as far as they were read.
    if isIndexed || formatName.contains("matroska"), let last = extent.lastVideoTime,
      case let promised = fm_stream_last_index_time(video), promised != fm_no_timestamp, promised > last
    {
      return true
    }
    guard let channel, let size = channel.size else { return false }
    let file = FileExtent(read: { channel.bytes(at: $0, count: $1) }, size: size)
    if file.endsEarly(formatName) {
      // Of these, some writers leave out or miscount the last bytes: something must be missing of the film too.
      switch formatName {
      case "avi": return Int64(extent.packetCount) < video.pointee.nb_frames
      case "flv": return context.pointee.duration <= 0 || missingSeconds(extent) > 0.06
      default: return true
      }
    }
    // Recordings of broadcasts end anywhere.
    if mayJump { return false }
    return extent.hasHalfPacket || isMuchShorter(extent)
  }

  /// Whether much of the length is missing that the container's header gives. Where a file says how many bytes it has,
  /// or tracks are not read, that says nothing.
  private func isMuchShorter(_ extent: ReadingExtent) -> Bool {
    guard ["flv", "asf", "nut", "mxf", "rm"].contains(formatName),
      context.pointee.duration_estimation_method == AVFMT_DURATION_FROM_STREAM,
      context.pointee.duration > 0, streams.allSatisfy({ $0.pointee.discard != AVDISCARD_ALL })
    else { return false }
    return missingSeconds(extent) > max(1, Double(context.pointee.duration) / 1e7)
  }

  /// By how much the packets that were read fall short of the length that the container gives.
  private func missingSeconds(_ extent: ReadingExtent) -> Double {
    let end = (extent.end ?? 0) - Double(startTime) / 1e6
    return Double(context.pointee.duration) / 1e6 - end
  }

  /// Why an input that ends early is not whole.
  func cutFailure(_ extent: ReadingExtent, video: UnsafeMutablePointer<AVStream>) -> Failure {
    let promised = Int(clamping: video.pointee.nb_frames)
    var cause = "it ends early"
    if promised > extent.packetCount {
      cause = "\(extent.packetCount) of \(promised) frames are there"
    } else if let end = extent.end, context.pointee.duration > 0 {
      func seconds(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
      let length = Double(context.pointee.duration) / 1e6
      if end < length { cause = "it ends after \(seconds(end)) of \(seconds(length)) s" }
    }
    return Failure(.inputOutput, step: "input cut short", subject: name, cause: cause)
  }
}
