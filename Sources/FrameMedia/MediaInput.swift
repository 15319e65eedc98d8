import CFFmpeg
import FrameStream
import Glibc
import SystemIO

/// Reads a video, a picture, a camera or a live stream: decoded pictures of the main video stream in presentation
/// order, and between them the compressed packets of sound and subtitle tracks.
///
/// One thread at a time may use it; only the ``MediaInterruption`` it was opened with may be used from others.
package final class MediaInput {
  /// What the pictures are. Their size may change on the way; their pixel format does not.
  package internal(set) var video: VideoDescription
  /// The tracks whose packets ``next()`` gives; empty if they are not wanted.
  package internal(set) var tracks: [Track] = []
  /// True for a camera or a live stream, whose pictures come at their own pace.
  package var isLive: Bool { demuxer.isLive }
  /// When the input begins, in seconds on the clock of its times.
  package var startTime: Double { Double(demuxer.startTime) / 1e6 }
  /// Places where the input was found damaged so far.
  package internal(set) var damageCount = 0

  let name: String
  let options: MediaInputOptions
  let log: MediaLog
  let demuxer: Demuxer
  let decoder: PictureDecoder
  /// The stream's index in the container, and the track of every other one that is wanted.
  let videoIndex: Int
  var trackNumbers: [Int: Int] = [:]

  /// The display matrix that the container gives for the whole stream.
  let streamOrientation: Orientation
  var conversion: PictureConversion?
  var planes: [PlaneView] = []
  var window: TimeWindow
  var clock: PictureClock

  /// Packets of tracks that came before the first picture, the last one first once it is there, and whether that
  /// picture waits in the decoder.
  var earlyPackets: [Demuxer.Packet] = []
  var earlyByteCount = 0
  var hasFirstFrame = false
  var currentPacket: Demuxer.Packet?
  var packetCount = 0
  var lastTime: Double?
  var isAtEnd = false
  /// Whether a part of a playlist could not be read.
  var hasMissedPart = false
  /// The latest picture's time, also of those that wait inside the decoder.
  var latestTime: Int?
  /// Why there will be no more packets; told once the pictures inside the decoder are out.
  var lostConnection: Failure?
  /// Reading began at a place that was looked for, and no picture from there has been seen.
  var isSeeking = false
  /// Seconds before the start where decoding begins next, should it have begun too late.
  var nextStepBack = 2.0
  var warningCount = 0
  /// How many places are damaged in each way.
  var damageCounts: [String: Int] = [:]
  /// libav's words for the last damage.
  var lastCause: String?
  /// Between a jump and the first picture that was asked for a decoder may lack what its pictures refer to; nobody
  /// sees them.
  var isInLeadIn = false
  /// The first time of a packet of the lead-in that was asked for: its picture must come.
  var earliestWanted: Int?
  /// One picture is all that is read.
  let isPictureFile: Bool
  /// Packets that come next and are not pictures of their own, but belong to the one before them.
  var companionCount = 0
  /// JPEG files, also several in a row, which FFmpeg takes for a film.
  let mayHaveCompanions: Bool

  /// Opens a file, a URL (`scheme://…`), a picture sequence (`%05d.png`) or, with ``MediaInputOptions/format``, a
  /// device.
  /// - Throws: ``Failure``: `.inputOutput` if it cannot be opened, `.badInput` if it is no media or has no video.
  package convenience init(path: String, options: MediaInputOptions = MediaInputOptions()) throws(Failure) {
    try self.init(name: path, descriptor: nil, options: options)
  }

  /// Reads from an open descriptor, which may be a pipe and stays open.
  /// - Parameter name: what messages call it; its extension counts as a hint at the format.
  package convenience init(
    descriptor: Int32, name: String, options: MediaInputOptions = MediaInputOptions()
  ) throws(Failure) {
    try self.init(name: name, descriptor: descriptor, options: options)
  }

  private init(name: String, descriptor: Int32?, options: MediaInputOptions) throws(Failure) {
    self.name = name
    self.options = options
    log = MediaLog()
    demuxer = try Demuxer(name: name, descriptor: descriptor, options: options, log: log)
    let (stream, index) = try demuxer.videoStream(options.stream)
    videoIndex = index
    let hasManyPictures = !demuxer.hasSinglePictures
    isPictureFile = demuxer.isPictureFile
    mayHaveCompanions = demuxer.hasSinglePictures || demuxer.formatName == "mjpeg"
    // Somebody may be waiting for each picture: none stays in the decoder for the sake of speed.
    let isUnseekable = demuxer.isLive || demuxer.channel?.isSeekable == false && options.threads == 0
    decoder = try PictureDecoder(
      stream, name: name, threads: hasManyPictures ? options.threads : 1,
      withoutDelay: options.live || isUnseekable, options: self.options, log: log)
    var orientation: Orientation? = .upright
    if let matrix = fm_stream_display_matrix(stream) { orientation = Orientation(displayMatrix: matrix) }
    streamOrientation = orientation ?? .upright
    video = demuxer.describe(stream, hasManyPictures: hasManyPictures)
    window = TimeWindow(options, origin: demuxer.startTime)
    clock = PictureClock(timeBase: video.timeBase, frameRate: video.frameRate)
    if options.withTracks {
      for (index, track) in demuxer.tracks {
        tracks.append(track)
        trackNumbers[index] = tracks.count - 1
      }
    }
    demuxer.discardAll { $0 == index || trackNumbers[$0] != nil }
    if window.start > 0, options.start != nil {
      isSeeking = demuxer.seek(toMicrosecond: window.start)
      isInLeadIn = isSeeking
    }
    tellWhatIsLeft(of: stream)
    if orientation == nil {
      warn("the picture is turned by an angle that is not a right one; it is shown as stored")
    }
    try readFirstFrame(of: stream)
  }

  /// Says what the file has and the stream of frames will not.
  private func tellWhatIsLeft(of stream: UnsafeMutablePointer<AVStream>) {
    let others = demuxer.otherVideoStreams(than: videoIndex)
    if options.stream == nil, demuxer.isFile, !isPictureFile, !others.isEmpty {
      warn(
        "its video stream \(videoIndex) is read; --stream takes another: "
          + others.map(String.init).joined(separator: ", "))
    }
    let left = demuxer.leftBehind
    if !left.isEmpty { options.onDetail?("not carried into the stream: \(left.joined(separator: ", "))") }
  }

  /// Lets go of the input, so that it can be opened again: a port is bound to, a device used by one at a time.
  /// ``next()`` gives nil from now on.
  package func close() {
    warnOfRest()
    isAtEnd = true
    earlyPackets = []
    hasFirstFrame = false
    demuxer.close()
  }

  /// Whether pictures have come that are later than ``MediaInputOptions/duration`` asks for.
  package var isPastDuration: Bool { window.videoHasEnded }

  /// Stops waiting reads, from any thread; ``next()`` then gives nil.
  package var interruption: MediaInterruption { options.interruption }

  /// Decodes up to the first picture, which alone says how pictures are turned (EXIF) and what their format is.
  private func readFirstFrame(of stream: UnsafeMutablePointer<AVStream>) throws(Failure) {
    var step = try advance()
    while case .packet = step {
      if let packet = currentPacket {
        earlyByteCount += packet.byteCount
        earlyPackets.append(packet)
        currentPacket = nil
      }
      guard earlyByteCount <= StreamLimits.payload else {
        throw Failure(
          .badInput, step: "reading", subject: name,
          cause: "no picture before \(earlyByteCount) bytes of sound")
      }
      step = try advance()
    }
    guard case .frame = step else {
      if interruption.isRequested {
        throw Failure(.failed, step: "reading", subject: name, cause: "interrupted before the first picture")
      }
      if let failure = needsSeeking { throw failure }
      if decoder.isAnimatedWebP {
        throw Failure(
          .badInput, step: "reading", subject: name,
          cause: "it is an animated WebP, which FFmpeg cannot decode")
      }
      if demuxer.isScrambled(stream) { throw demuxer.encryptionFailure(canTakeKey: false) }
      let cause =
        options.start != nil && damageCount == 0
        ? "no picture at or after the start that was asked for" + (lastCause.map { " (\($0))" } ?? "")
        : ["no picture could be decoded", lastCause].compactMap { $0 }.joined(separator: ": ")
      throw Failure(.badInput, step: "reading", subject: name, cause: cause)
    }
    hasFirstFrame = true
    earlyPackets.reverse()
    let frame = decoder.frame
    let source = geometry(of: frame)
    guard let natural = PixelFormat(closestTo: source.format) else {
      throw Failure(
        .badInput, step: "decoding", subject: name,
        cause: "pixel format \(source.format.name) is not supported")
    }
    let orientation = self.orientation(of: frame)
    var format = options.pixelFormat ?? natural
    // A quarter turn would make 4:4:0 of 4:2:2.
    if format == .yuv422p, orientation.transposes { format = .yuv444p }
    video.pixelFormat = format
    let conversion = try plan(source, frame.pointee.colorspace, orientation, isBottomUp(frame))
    self.conversion = conversion
    let losses = format.losses(from: source.format)
    if !losses.isEmpty {
      options.onDetail?(
        "\(source.format.name) is converted to \(format.rawValue): \(losses.joined(separator: ", "))")
    }
    video.width = conversion.layout.width
    video.height = conversion.layout.height
    video.colorRange = PictureConversion.targetIsFullRange(source, format) ? .pc : .tv
    if orientation.transposes, let ratio = video.sampleAspectRatio {
      video.sampleAspectRatio = Rational(ratio.denominator, ratio.numerator)
    }
    if options.size != nil, let ratio = video.sampleAspectRatio {
      // The picture keeps its shape on the screen however its pixels were resampled.
      let shown = orientation.transposes ? (source.height, source.width) : (source.width, source.height)
      let scaled = av_mul_q(
        ratio.native,
        av_mul_q(
          Rational(shown.0, shown.1).native,
          Rational(conversion.layout.height, conversion.layout.width).native))
      video.sampleAspectRatio = Rational(scaled)
    }
    if format == .rgb24 || format == .gray {
      video.colorSpace = nil
      video.chromaLocation = nil
    }
  }

  /// The next picture or packet; nil at the end of the media, or after an interruption.
  /// - Throws: ``Failure``: `.inputOutput` if reading failed; `.badInput` for damage when
  ///   ``MediaInputOptions/strict`` is set.
  package func next() throws(Failure) -> MediaEvent? {
    currentPacket = nil
    if !earlyPackets.isEmpty {
      let packet = earlyPackets.removeLast()
      currentPacket = packet
      return .packet(event(of: packet))
    }
    if hasFirstFrame {
      hasFirstFrame = false
      if isPictureFile { isAtEnd = true }
      return .frame(try event(ofFrame: decoder.frame))
    }
    switch try advance() {
    case .end:
      warnOfRest()
      return nil
    case .frame: return .frame(try event(ofFrame: decoder.frame))
    case .packet:
      guard let packet = currentPacket else { return nil }
      return .packet(event(of: packet))
    }
  }

  func warn(_ text: String) {
    warningCount += 1
    if warningCount <= 200 {
      options.onWarning?(text)
    } else if warningCount == 201 {
      options.onWarning?("more such messages are not shown")
    }
  }
}
