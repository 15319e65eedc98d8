import CFFmpeg
import SystemIO

/// Times for live input whose pictures have none: when each arrived, counted from the first.
struct ArrivalTimes {
  /// The units of the times.
  static let timeBase = AVRational(num: 1, den: 1_000_000)

  private let videoIndex: Int
  /// When the first picture arrived, on ``SystemIO/MonotonicClock``.
  private let origin: Double
  private var last: Int64 = -1

  fileprivate init(videoIndex: Int, origin: Double) {
    self.videoIndex = videoIndex
    self.origin = origin
  }

  /// Gives a picture's packet its time, later than that of the one before.
  mutating func stamp(_ packet: CompressedPacket, at seconds: Double) {
    guard packet.streamIndex == videoIndex else { return }
    let time = max(last + 1, Int64((seconds - origin) * Double(ArrivalTimes.timeBase.den)))
    last = time
    // Pictures are shown in another order than they come in: the decoder takes the packets' order for it.
    packet.native.pointee.pts = fm_no_timestamp
    packet.native.pointee.dts = time
    packet.native.pointee.duration = 0
  }
}

/// The outcome of a read, and its time.
struct HeldReading {
  let reading: Demuxer.Reading
  var arrival: Double
}

extension Demuxer {
  /// True for formats without times, whose pictures libav counts at a rate that is assumed.
  var countsPictures: Bool {
    guard let format = context.pointee.iformat else { return false }
    return format.pointee.flags & AVFMT_NOTIMESTAMPS != 0 || isElementaryStream(format)
      || ["mpjpeg", "image2pipe"].contains(formatName) || formatName.hasSuffix("_pipe")
  }

  /// Whether a format is a codec's bits without a container: libav's readers of those have an option in common.
  private func isElementaryStream(_ format: UnsafePointer<AVInputFormat>) -> Bool {
    var options = format.pointee.priv_class
    guard options != nil else { return false }
    return withUnsafeMutablePointer(to: &options) {
      av_opt_find($0, "raw_packet_size", nil, 0, AV_OPT_SEARCH_FAKE_OBJ) != nil
    }
  }

  /// True for a file that can be read again.
  var isSeekable: Bool { channel.map(\.isSeekable) ?? !isLive }

  /// Whether the rate at which pictures are counted is one that nobody gave.
  func countsAtAssumedRate(_ options: MediaInputOptions) -> Bool {
    countsPictures && !isSinglePicture && !options.inputOptions.contains { $0.0 == "framerate" }
      && (["mjpeg", "mpjpeg"].contains(formatName) || hasSinglePictures && hasSeveralPictures)
  }

  /// Whether the times of pictures may have to be those of their arrival.
  func needsArrivalTimes(_ options: MediaInputOptions) -> Bool {
    countsPictures && !isSeekable && !isPictureFile && !options.inputOptions.contains { $0.0 == "framerate" }
  }

  /// Whether the input ended after a single JPEG: it is a picture then, counted as FFmpeg counts those.
  func isSinglePicture(_ held: [HeldReading]) -> Bool {
    guard formatName == "mjpeg", held.count == 2, case .packet(let packet) = held[0].reading,
      case .end = held[1].reading
    else { return false }
    av_packet_rescale_ts(
      packet.native, streams[packet.streamIndex].pointee.time_base, AVRational(num: 1, den: 25))
    streams[packet.streamIndex].pointee.time_base = AVRational(num: 1, den: 25)
    return true
  }

  /// How many packets are looked at, and for how many seconds, to see whether an input is live.
  private static let trial = (packets: 6, seconds: 0.5)
  /// Seconds between two pictures from which on an input counts as live: programs that convert a film are faster.
  private static let shortestInterval = 0.012

  /// Reads the first packets as fast as they come. Whoever waits for most of them has a camera before them; from a
  /// file or a converter they are there at once.
  func observeArrival() -> ([HeldReading], ArrivalTimes?) {
    guard
      let index = streams.firstIndex(where: { $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO })
    else { return ([], nil) }
    var held: [HeldReading] = []
    let start = MonotonicClock.seconds()
    var pictures: [Int] = []
    trial: while pictures.count < Demuxer.trial.packets,
      MonotonicClock.seconds() - start < Demuxer.trial.seconds
    {
      let reading = readFresh()
      let now = MonotonicClock.seconds()
      switch reading {
      case .packet(let packet):
        if packet.streamIndex == index { pictures.append(held.count) }
      case .again: continue
      case .end, .failed:
        held.append(HeldReading(reading: reading, arrival: now))
        break trial
      }
      held.append(HeldReading(reading: reading, arrival: now))
    }
    let gaps = zip(pictures.dropFirst(), pictures).map { held[$0].arrival - held[$1].arrival }
    // One wait may be the machine's; several, or a long one, are the camera's.
    let waits = gaps.filter { $0 >= Demuxer.shortestInterval }
    let isLive = waits.count > 1 || waits.contains { $0 >= Demuxer.trial.seconds / 2 }
    guard !gaps.isEmpty, isLive || formatName == "mpjpeg" else { return (held, nil) }
    let usual = gaps.reduce(0, +) / Double(gaps.count)
    // Those that libav gathered to look into them came earlier, one after the other.
    for (earlier, later) in zip(pictures, pictures.dropFirst()).reversed() {
      if held[later].arrival - held[earlier].arrival < usual / 4 {
        held[earlier].arrival = held[later].arrival - usual
      }
    }
    var arrival = ArrivalTimes(videoIndex: index, origin: held[pictures[0]].arrival)
    for item in held {
      if case .packet(let packet) = item.reading { arrival.stamp(packet, at: item.arrival) }
    }
    streams[index].pointee.time_base = ArrivalTimes.timeBase
    return (held, arrival)
  }
}
