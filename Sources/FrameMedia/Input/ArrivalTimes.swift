import CFFmpeg
import FrameStream
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
    return format.pointee.flags & AVFMT_NOTIMESTAMPS != 0 || hasOption("raw_packet_size")
      || ["mpjpeg", "image2pipe"].contains(formatName) || formatName.hasSuffix("_pipe")
  }

  /// True for a codec's bits without a container, or pictures one after the other: libav's readers of those have an
  /// option for the rate, with a value of their own for it.
  var isContainerless: Bool { countsPictures && hasOption("framerate") }

  private func hasOption(_ name: String) -> Bool {
    guard var options = context.pointee.iformat?.pointee.priv_class else { return false }
    return withUnsafeMutablePointer(to: &options) {
      av_opt_find($0, name, nil, 0, AV_OPT_SEARCH_FAKE_OBJ) != nil
    }
  }

  /// True for a file that can be read again.
  var isSeekable: Bool { channel.map(\.isSeekable) ?? !isLive }

  /// Whether the rate at which pictures are counted is one that nobody gave.
  /// - Parameter rateOfBits: what the decoder found in the first picture.
  func countsAtAssumedRate(_ options: MediaInputOptions, rateOfBits: Rational?) -> Bool {
    guard countsPictures, !isSinglePicture, !options.inputOptions.contains(where: { $0.0 == "framerate" })
    else { return false }
    if hasSinglePictures { return hasSeveralPictures }
    return ["mjpeg", "mpjpeg"].contains(formatName) || isContainerless && rateOfBits == nil
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
  /// How many, and how many bytes of them, if the first come at once: a live source may begin with a burst, as
  /// `ffmpeg -re` does with half a second of its input since version 6.1.
  private static let burst = (packets: 40, bytes: 64 << 20, seconds: 1.0)
  /// Seconds between two pictures from which on an input counts as live: programs that convert a film are faster.
  private static let shortestInterval = 0.012

  /// Reads the first packets as fast as they come. Whoever waits for most of them, or for each after some that came at
  /// once, has a camera before them; from a file or a converter they are there at once.
  func observeArrival() -> ([HeldReading], ArrivalTimes?) {
    guard
      let index = streams.firstIndex(where: { $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO })
    else { return ([], nil) }
    var held: [HeldReading] = []
    let start = MonotonicClock.seconds()
    var pictures: [Int] = []
    var byteCount = 0
    var gaps: [Double] { zip(pictures.dropFirst(), pictures).map { held[$0].arrival - held[$1].arrival } }
    func mustReadOn() -> Bool {
      let seconds = MonotonicClock.seconds() - start
      if pictures.count < Demuxer.trial.packets { return seconds < Demuxer.trial.seconds }
      return !Demuxer.isLive(gaps) && seconds < Demuxer.burst.seconds
        && pictures.count < Demuxer.burst.packets && byteCount < Demuxer.burst.bytes
    }
    trial: while mustReadOn() {
      let reading = readFresh()
      let now = MonotonicClock.seconds()
      held.append(HeldReading(reading: reading, arrival: now))
      switch reading {
      case .packet(let packet):
        byteCount += packet.byteCount
        if packet.streamIndex == index { pictures.append(held.count - 1) }
      case .again: held.removeLast()
      case .end, .failed: break trial
      }
    }
    guard !gaps.isEmpty, Demuxer.isLive(gaps) || formatName == "mpjpeg" else { return (held, nil) }
    let waits = gaps.filter { $0 >= Demuxer.shortestInterval }.sorted()
    let usual = waits.isEmpty ? gaps.reduce(0, +) / Double(gaps.count) : waits[waits.count / 2]
    // Those of a burst, and those that libav gathered to look into them, came earlier, one after the other.
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

  /// Whether pictures that came at these intervals, in seconds, are those of a live source. One wait may be the
  /// machine's; several, or a long one, are the camera's. After a burst they must be there before each picture, and as long.
  private static func isLive(_ gaps: [Double]) -> Bool {
    let first = gaps.prefix(trial.packets - 1).filter { $0 >= shortestInterval }
    if first.count > 1 || first.contains(where: { $0 >= trial.seconds / 2 }) { return true }
    let last = gaps.suffix(3).sorted()
    return last.count == 3 && last[0] >= shortestInterval && last[2] < 4 * last[0]
  }
}
