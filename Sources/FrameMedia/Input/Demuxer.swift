import CFFmpeg
import FrameStream
import Glibc
import SystemIO

/// libavformat's reading side: the container, opened, with its streams known.
final class Demuxer {
  /// The outcome of ``read()``.
  enum Reading {
    case packet(CompressedPacket)
    case again
    case end
    case failed(Int32)
  }

  let channel: DescriptorChannel?
  let name: String
  private let log: MediaLog
  private let waitLimit: WaitLimit
  private(set) var context: UnsafeMutablePointer<AVFormatContext>
  private var continuity = TimestampContinuity()
  /// The times of live input that has none of its own; nil for all other input.
  private(set) var arrival: ArrivalTimes?
  /// True for what turned out to be one JPEG, though it could have been many.
  private(set) var isSinglePicture = false
  /// True for live input and pipes that have more than one picture.
  private(set) var hasSeveralPictures = false
  /// Makes times of the picture numbers that libav's reader of Dirac gives instead; 1 for all others.
  private var ticksPerPicture: Int64 = 1
  /// What was read to find out whether times of arrival are needed.
  private var held: [HeldReading] = []

  /// Bytes that libav may take at once: a payload, and room for what lies around it.
  private static let largestAllocation = 320 << 20

  init(name: String, descriptor: Int32?, options: MediaInputOptions, log: MediaLog) throws(Failure) {
    self.name = name
    self.log = log
    waitLimit = WaitLimit(options.interruption, seconds: options.patience)
    hasKey = options.inputOptions.contains { $0.0 == "decryption_key" }
    let source = try MediaSource(name: name, descriptor: descriptor, options: options)
    channel = source.channel
    // A file's claims about itself must not take more memory than a whole picture may.
    av_max_alloc(Demuxer.largestAllocation)
    guard let allocated = avformat_alloc_context() else {
      throw Failure(.failed, step: "cannot open", subject: name, cause: "out of memory")
    }
    context = allocated
    context.pointee.opaque = log.mark
    context.pointee.interrupt_callback.opaque = Unmanaged.passUnretained(waitLimit).toOpaque()
    context.pointee.interrupt_callback.callback = { opaque in
      Unmanaged<WaitLimit>.fromOpaque(opaque!).takeUnretainedValue().isOver ? 1 : 0
    }
    if let channel {
      context.pointee.pb = channel.context
      context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    }
    // What a network stream sends first holds its first key frame: that is kept.
    if options.live, !FilePath.isURL(name) { context.pointee.flags |= AVFMT_FLAG_NOBUFFER }

    var settings: OpaquePointer?
    defer { av_dict_free(&settings) }
    if let protocols = source.protocols { av_dict_set(&settings, "protocol_whitelist", protocols, 0) }
    if let refused = source.refusedProtocols { av_dict_set(&settings, "protocol_blacklist", refused, 0) }
    for (key, value) in source.inputOptions + options.inputOptions { av_dict_set(&settings, key, value, 0) }
    var opened: UnsafeMutablePointer<AVFormatContext>? = context
    waitLimit.start()
    var result = avformat_open_input(&opened, source.url.fileNameBytes, source.format, &settings)
    guard result >= 0, let opened else {
      // libav has freed the context.
      isClosed = true
      throw Demuxer.openFailure(result, name, channel, log, waitLimit)
    }
    context = opened
    waitLimit.follow(opened)
    // A live playlist grows by one part at a time, often of ten seconds.
    if isPlaylist { waitLimit.stretch(by: 3) }
    if let unused = av_dict_get(settings, "", nil, AV_DICT_IGNORE_SUFFIX) {
      let key = String(cString: unused.pointee.key)
      close()
      throw Failure(.usage, step: "cannot open", subject: name, cause: "the input has no option \(key)")
    }
    // To guess a rate, or in the hope of times, libav would gather dozens of pictures first.
    if countsPictures, !isSeekable {
      context.pointee.fps_probe_size = 0
      context.pointee.max_ts_probe = 0
    }
    waitLimit.start()
    result = Demuxer.findStreams(context, maximumPixels: options.maximumPixels)
    if result < 0 {
      let failure = Demuxer.openFailure(result, name, channel, log, waitLimit)
      close()
      throw failure
    }
    forgetErrors()
    if isContainerless { settleRates() }
    if needsArrivalTimes(options) { (held, arrival) = observeArrival() }
    isSinglePicture = isSinglePicture(held)
    hasSeveralPictures = held.count { if case .packet = $0.reading { true } else { false } } > 1
  }

  /// Clears I/O errors left over from probing for the index or the end of the file.
  private func forgetErrors() {
    if channel == nil { context.pointee.pb?.pointee.error = 0 }
  }

  /// Corrects what libav makes of a rate that the bits do not give.
  private func settleRates() {
    for stream in streams {
      let (base, assumed) = (stream.pointee.time_base, stream.pointee.avg_frame_rate)
      // FFmpeg 6.1 and later take every tick for a picture if they have seen too few, and then count by that.
      if assumed.num > 0, stream.pointee.r_frame_rate.num == base.den,
        stream.pointee.r_frame_rate.den == base.num
      {
        stream.pointee.r_frame_rate = assumed
      }
      if formatName == "dirac", let rate = nominalRate(stream) {
        ticksPerPicture = max(1, av_rescale_q(1, Rational(rate.denominator, rate.numerator).native, base))
      }
    }
  }

  deinit { close() }

  /// Whether the key of an encrypted MP4 was given.
  let hasKey: Bool
  private(set) var isClosed = false

  /// Releases the input, so that a port or a device is free for another. Only the names may be used after that.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    waitLimit.follow(nil)
    var context: UnsafeMutablePointer<AVFormatContext>? = self.context
    avformat_close_input(&context)
  }

  /// avformat_find_stream_info, whose decoders keep to a size: they decode the first pictures of some formats.
  private static func findStreams(
    _ context: UnsafeMutablePointer<AVFormatContext>, maximumPixels: Int
  ) -> Int32 {
    var options = [OpaquePointer?](repeating: nil, count: Int(context.pointee.nb_streams))
    for index in options.indices { av_dict_set_int(&options[index], "max_pixels", Int64(maximumPixels), 0) }
    let result = options.withUnsafeMutableBufferPointer {
      avformat_find_stream_info(context, $0.isEmpty ? nil : $0.baseAddress)
    }
    for index in options.indices { av_dict_free(&options[index]) }
    return result
  }

  /// True for what is read through a descriptor: a read error there means a damaged file, not a lost connection.
  var isFile: Bool { channel != nil }

  /// True for what is read in parts, each over a connection of its own.
  var isPlaylist: Bool { ["hls", "dash"].contains(formatName) }

  /// True for live input, from a device or over a network: it has no length and cannot be sought.
  var isLive: Bool {
    guard !isClosed, channel == nil, formatName != "lavfi", formatName != "image2" else { return false }
    // Their connection is a playlist, which has a length.
    if formatName.contains("v4l2") || formatName == "rtsp" || isPlaylist {
      return context.pointee.duration <= 0
    }
    guard let io = context.pointee.pb else { return context.pointee.duration <= 0 }
    return context.pointee.duration <= 0 && io.pointee.seekable == 0 && avio_size(io) <= 0
  }

  /// True for containers whose index may be at the end (MP4, MOV).
  var isIndexed: Bool { formatName.contains("mp4") }

  var formatName: String { context.pointee.iformat.map { String(cString: $0.pointee.name) } ?? "" }

  /// The container's first time stamp in microseconds; 0 if it does not say.
  var startTime: Int64 {
    isClosed || context.pointee.start_time == fm_no_timestamp ? 0 : context.pointee.start_time
  }

  /// Whether the container's time stamps may jump.
  var mayJump: Bool { context.pointee.iformat.pointee.flags & AVFMT_TS_DISCONT != 0 }

  /// Reads the next packet.
  func read() -> Reading {
    if !held.isEmpty { return held.removeFirst().reading }
    let reading = readFresh()
    if case .packet(let packet) = reading { arrival?.stamp(packet, at: MonotonicClock.seconds()) }
    return reading
  }

  /// Reads the next packet from the input.
  func readFresh() -> Reading {
    guard !isClosed else { return .end }
    guard let packet = CompressedPacket() else { return .failed(-ENOMEM) }
    waitLimit.start()
    switch av_read_frame(context, packet.native) {
    case 0...:
      if ticksPerPicture != 1 { packet.multiplyTimes(by: ticksPerPicture) }
      if mayJump, let stream = context.pointee.streams[packet.streamIndex] {
        continuity.apply(to: packet.native, of: stream)
      }
      return .packet(packet)
    case -EAGAIN: return .again
    case fm_error_end:
      // A connection that broke off looks like the end to most demuxers.
      guard hasBrokenOff else { return .end }
      return waitLimit.isExceeded ? .failed(-ETIMEDOUT) : endOrFailure(context.pointee.pb.pointee.error)
    case fm_error_exit where waitLimit.isExceeded: return .failed(-ETIMEDOUT)
    case let code: return endOrFailure(code)
    }
  }

  /// Whether the connection has failed, so that the last packet may be a part of one.
  var hasBrokenOff: Bool {
    guard !isClosed, channel == nil, let io = context.pointee.pb else { return false }
    return io.pointee.error < 0 && io.pointee.error != fm_error_end
  }

  /// HTTP without a length ends with its connection; libav looks for more all the same.
  private func endOrFailure(_ code: Int32) -> Reading {
    let isEnd = code == -EIO && channel == nil && name.hasPrefix("http") && avio_size(context.pointee.pb) <= 0
    return isEnd ? .end : .failed(code)
  }

  /// Goes to the key frame at or before a time; where that is impossible, reading continues where it is.
  /// - Returns: whether it was possible.
  @discardableResult
  func seek(toMicrosecond time: Int64) -> Bool {
    if let channel, !channel.isSeekable { return false }
    // Where times are counted, they would be counted from where a jump ended.
    if countsPictures { return false }
    var target = time
    // As ffmpeg does: where decode times are sought, pictures are shown later than they are decoded.
    if context.pointee.iformat.pointee.flags & AVFMT_SEEK_TO_PTS == 0 { target -= 3 * 1_000_000 / 23 }
    continuity.restart()
    defer { forgetErrors() }
    if avformat_seek_file(context, -1, Int64.min, target, target, 0) >= 0 { return true }
    // Nothing is before the beginning.
    return target < startTime && avformat_seek_file(context, -1, Int64.min, startTime, startTime, 0) >= 0
  }

  /// Makes the container skip the streams that are not wanted.
  func discardAll(except isWanted: (Int) -> Bool) {
    for (index, stream) in streams.enumerated() where !isWanted(index) {
      stream.pointee.discard = AVDISCARD_ALL
    }
  }

  var streams: [UnsafeMutablePointer<AVStream>] {
    (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams[$0] }
  }

  private static func openFailure(
    _ code: Int32, _ name: String, _ channel: DescriptorChannel?, _ log: MediaLog, _ waitLimit: WaitLimit
  ) -> Failure {
    let line = log.takeErrors()
    if let failure = channel?.failure("cannot read", name) { return failure }
    if waitLimit.isExceeded {
      return Failure(system: ETIMEDOUT, step: "cannot open", subject: name)
    }
    if code == fm_error_exit {
      return Failure(.failed, step: "cannot open", subject: name, cause: "interrupted")
    }
    let isSystem = code > -200 && code < 0 && code != -EINVAL
    if channel == nil, isSystem {
      return Failure(system: -code, step: "cannot open", subject: name)
    }
    if fm_error_is_http(code) != 0 || code == fm_error_unknown_protocol {
      var failure = Failure(
        code == fm_error_unknown_protocol ? .usage : .inputOutput, step: "cannot open", subject: name,
        cause: errorText(code))
      failure.isTemporary = code == fm_error_http_server
      return failure
    }
    if let line, let refused = line.firstRange(of: "Protocol '"), line.contains("' not on whitelist") {
      let scheme = line[refused.upperBound...].prefix { $0 != "'" }
      return Failure(
        .badInput, step: "cannot open", subject: name,
        cause:
          "it leads to other files or addresses (\(scheme)), which are not read; --allow-protocols opens it")
    }
    let known = code == fm_error_invalid_data || code == fm_error_end
    var cause = known ? "not a media file, or damaged at its beginning" : errorText(code)
    if let line {
      let hasNoIndex = line.contains("moov atom not found")
      cause =
        hasNoIndex && channel?.isStillPicture == true
        ? "it is a HEIF picture (HEIC, AVIF), which this FFmpeg build cannot read"
        : hasNoIndex
          ? "truncated: its index (moov) is missing, if it is a media file at all" : "\(cause) (\(line))"
    }
    return Failure(.badInput, step: "cannot open", subject: name, cause: cause)
  }
}
