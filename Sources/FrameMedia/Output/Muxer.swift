import CFFmpeg
import FrameStream
import Glibc
import SystemIO

/// libavformat's writing side: a container with one video and the tracks beside it.
final class Muxer {
  let container: Container
  private let name: String
  private let options: MediaOutputOptions
  private let log: MediaLog
  /// Where the bytes go; nil if libav opens the output by itself.
  private let channel: DescriptorChannel?
  private let sendLimit: SendLimit
  let context: UnsafeMutablePointer<AVFormatContext>
  let videoStream: UnsafeMutablePointer<AVStream>
  private var lastDecodeTime: Int64?
  /// Whether ``writeHeader()`` has been called.
  private(set) var hasHeader = false
  /// Packets of the video that wait for the header, their times in the encoder's units, and their size.
  private var early: [(packet: CompressedPacket, timeBase: Rational)] = []
  private(set) var earlyByteCount = 0
  /// Bytes of other streams' packets since libav was last made to write all that it has.
  private var waitingByteCount = 0
  /// Of fragments: streams without a packet so far, for whose sake libav holds back all others.
  private var silentStreams: Set<Int> = []
  /// Of fragments: when the first picture is decoded, in seconds; nil once the description has been written.
  private var fragmentBegin: Double?
  /// Cover art, by the index of its stream: packets that follow the header.
  var coverArt: [(stream: Int, data: [UInt8])] = []
  /// Packets that libav's muxer could make nothing of.
  private var refusedCount = 0

  /// Opens the output; nothing is written before ``writeHeader()``.
  /// - Throws: ``Failure`` (`inputOutput`) if it cannot be opened.
  init(
    _ container: Container, name: String, channel: DescriptorChannel?, video: VideoDescription,
    settings: PictureEncoder.Settings, options: MediaOutputOptions, log: MediaLog
  ) throws(Failure) {
    let outOfMemory = Failure(.failed, step: "cannot write", subject: name, cause: "out of memory")
    var allocated: UnsafeMutablePointer<AVFormatContext>?
    guard
      avformat_alloc_output_context2(
        &allocated, container.native, nil, options.temporaryPath ?? name) >= 0,
      let context = allocated
    else { throw outOfMemory }
    guard let stream = avformat_new_stream(context, nil) else {
      avformat_free_context(context)
      throw outOfMemory
    }
    self.container = container
    self.name = name
    self.options = options
    self.log = log
    self.channel = channel
    self.context = context
    videoStream = stream
    sendLimit = SendLimit(options.interruption)
    // From here on deinit frees the context.
    context.pointee.opaque = log.mark
    // Equal input gives equal files: no random identifiers, no version.
    context.pointee.flags |= AVFMT_FLAG_BITEXACT
    context.pointee.strict_std_compliance = container.compliance
    // Ten bits in yuv4mpegpipe, which most of its readers know.
    if settings.formats != nil { context.pointee.strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL }
    context.pointee.interrupt_callback.opaque = Unmanaged.passUnretained(sendLimit).toOpaque()
    context.pointee.interrupt_callback.callback = { opaque in
      Unmanaged<SendLimit>.fromOpaque(opaque!).takeUnretainedValue().isOver ? 1 : 0
    }
    if let channel {
      context.pointee.pb = channel.context
      context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    } else if !container.hasNoFile {
      let result = avio_open2(
        &context.pointee.pb, name, AVIO_FLAG_WRITE, &context.pointee.interrupt_callback, nil)
      try check(result, "cannot open")
    }
    if options.live {
      context.pointee.flags |= AVFMT_FLAG_FLUSH_PACKETS
      // Pictures do not wait long for sound that is late.
      context.pointee.max_interleave_delta = 100_000
    }
    stream.pointee.time_base = settings.timeBase.native
    if let ratio = video.sampleAspectRatio, ratio.isPositive {
      stream.pointee.sample_aspect_ratio = ratio.native
    }
    if let rate = video.frameRate, rate.isPositive { stream.pointee.avg_frame_rate = rate.native }
  }

  deinit {
    // A muxer without our channel opened its output by itself.
    if hasHeader, channel == nil, !container.hasNoFile { avio_closep(&context.pointee.pb) }
    avformat_free_context(context)
  }

  /// A call that may wait for a network begins.
  func beginCall() { sendLimit.start() }

  // MARK: Header

  /// Describes the video as the encoder's.
  func describeVideo(_ encoder: PictureEncoder) { encoder.describe(videoStream.pointee.codecpar) }

  /// Describes the video as pictures that are files of their own.
  func describePictures(_ codec: UnsafePointer<AVCodec>, width: Int, height: Int) {
    let parameters = videoStream.pointee.codecpar!
    parameters.pointee.codec_type = AVMEDIA_TYPE_VIDEO
    parameters.pointee.codec_id = codec.pointee.id
    parameters.pointee.width = Int32(clamping: width)
    parameters.pointee.height = Int32(clamping: height)
  }

  /// What shows whether the container holds a track beside the video.
  var trial: TrackTrial { TrackTrial(container: container.ofTracks, video: videoStream, log: log) }

  /// Makes a stream of a track that the container takes; nil if there is no memory for it.
  func addStream(_ track: Track) -> Int? {
    guard let stream = avformat_new_stream(context, nil), track.apply(to: stream) else { return nil }
    let codec = stream.pointee.codecpar.pointee.codec_id
    stream.pointee.codecpar.pointee.codec_tag = container.ofTracks.tag(track.codecTag, for: codec)
    return Int(stream.pointee.index)
  }

  /// Whether the container seems to take the video; ``writeHeader()`` says why not.
  var takesVideo: Bool { container.hasNoFile || trial.holdsVideo() }

  /// Writes the container's beginning, when all its streams are described.
  /// - Throws: ``Failure``: `usage` if the container cannot hold them, `inputOutput` if writing fails.
  func writeHeader() throws(Failure) {
    var settings: OpaquePointer?
    defer { av_dict_free(&settings) }
    if container.describesTracksLate {
      if let channel, channel.isSeekable, !options.live {
        // The index goes to the front at the end; libav reads the file again for that.
        if case let path = "/proc/self/fd/\(channel.descriptor)", FilePath.isReadable(path) {
          av_freep(&context.pointee.url)
          context.pointee.url = av_strdup("file:" + path)
          av_dict_set(&settings, "movflags", "+faststart", 0)
        }
      } else if channel != nil {
        // A viewer sees nothing of a fragment before its end. (frag_every_frame ends one at each packet of any track,
        // and gives the sound wrong times.) Only with delay_moov do tracks keep their places beside each other.
        if options.live { av_dict_set(&settings, "frag_duration", "1", 0) }
        let fragments = options.live ? "" : "+frag_keyframe"
        av_dict_set(&settings, "movflags", fragments + "+delay_moov+default_base_moof", 0)
        silentStreams = Set(0..<Int(context.pointee.nb_streams))
      }
    }
    if container.isPlaylist { setPlaylist(&settings) }
    // The same holds for a Matroska cluster.
    if options.live, ["matroska", "webm"].contains(container.name) {
      av_dict_set(&settings, "cluster_time_limit", "1", 0)
    }
    for (key, value) in options.outputOptions { av_dict_set(&settings, key, value, 0) }
    let result = avformat_write_header(context, &settings)
    if result < 0 {
      if let failure = channel?.failure("writing", name) { throw failure }
      // libav's own codes are far below the system's. A muxer that speaks to a server connects here.
      let isOfTheSystem = result > -4096 && ![-EINVAL, -ENOSYS].contains(result)
      var failure = Failure(
        isOfTheSystem ? .inputOutput : .usage, step: "cannot write \(container.name)", subject: name,
        cause: log.takeErrors() ?? errorText(result))
      failure.isTemporary = Failure.isTemporary(-result)
      throw failure
    }
    hasHeader = true
    try check(0, "writing")
    for (stream, data) in coverArt { try write(coverArt: data, stream) }
    let waiting = early
    early = []
    for (packet, timeBase) in waiting { try write(video: packet, timeBase) }
  }

  /// A playlist of all segments, which is written when they are; names of segments begin with the playlist's.
  private func setPlaylist(_ settings: inout OpaquePointer?) {
    if container.name == "hls", !options.live {
      av_dict_set(&settings, "hls_playlist_type", "vod", 0)
      av_dict_set(&settings, "hls_list_size", "0", 0)
    }
    if container.name == "dash" {
      let file = FilePath.lastComponent(name)
      let base = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
      guard !base.contains("$"), !base.contains("%") else { return }
      av_dict_set(&settings, "init_seg_name", base + "-init$RepresentationID$.m4s", 0)
      av_dict_set(&settings, "media_seg_name", base + "-$RepresentationID$-$Number%05d$.m4s", 0)
    }
  }

  // MARK: Packets

  private func write(coverArt data: [UInt8], _ stream: Int) throws(Failure) {
    guard let packet = CompressedPacket() else {
      throw Failure(.failed, step: "writing", subject: name, cause: "out of memory")
    }
    let native = packet.native
    guard av_new_packet(native, Int32(clamping: data.count)) >= 0 else { return }
    silentStreams.remove(stream)
    data.withUnsafeBytes {
      UnsafeMutableRawPointer(native.pointee.data).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
    }
    (native.pointee.pts, native.pointee.dts) = (0, 0)
    native.pointee.stream_index = Int32(stream)
    native.pointee.flags |= AV_PKT_FLAG_KEY
    try interleave(packet)
  }

  /// Writes a packet of the video and empties it.
  /// - Parameter timeBase: the units of its times.
  func write(video packet: CompressedPacket, _ timeBase: Rational) throws(Failure) {
    guard hasHeader else { return try keep(packet, timeBase) }
    av_packet_rescale_ts(packet.native, timeBase.native, videoStream.pointee.time_base)
    packet.native.pointee.stream_index = 0
    lastDecodeTime = keepRising(packet, lastDecodeTime)
    let time = Double(packet.native.pointee.dts) * Rational(videoStream.pointee.time_base).value
    try interleave(packet)
    if !silentStreams.isEmpty { try describeFragments(at: time) }
  }

  /// Keeps a packet for when the header is written.
  private func keep(_ packet: CompressedPacket, _ timeBase: Rational) throws(Failure) {
    guard let copy = CompressedPacket() else {
      throw Failure(.failed, step: "writing", subject: name, cause: "out of memory")
    }
    earlyByteCount += packet.byteCount + 256
    av_packet_move_ref(copy.native, packet.native)
    early.append((copy, timeBase))
  }

  /// libav describes the tracks of fragments when each has a packet; who watches cannot wait for a subtitle.
  private func describeFragments(at time: Double) throws(Failure) {
    silentStreams.remove(0)
    guard !silentStreams.isEmpty, time - (fragmentBegin ?? time) >= Muxer.longestSilence else {
      fragmentBegin = fragmentBegin ?? time
      return
    }
    silentStreams = []
    try writeWaiting()
    try check(av_write_frame(context, nil), "writing")
    // Tracks that begin after the description would otherwise begin at 0.
    av_opt_set(context.pointee.priv_data, "movflags", "+frag_discont", 0)
  }

  /// Bytes of sound and subtitles that may wait inside libav for pictures.
  private static let largestWait = 16 << 20
  /// Seconds that pictures in fragments wait for the first packets of other tracks.
  private static let longestSilence = 0.5

  /// Writes a packet that is a whole picture, for a file of its own, and empties it.
  /// - Parameter number: counted from 0.
  func write(picture packet: CompressedPacket, number: Int64) throws(Failure) {
    packet.native.pointee.stream_index = 0
    packet.native.pointee.pts = number
    packet.native.pointee.dts = number
    let result = av_write_frame(context, packet.native)
    av_packet_unref(packet.native)
    if context.pointee.pb != nil { avio_flush(context.pointee.pb) }
    try check(result, "writing")
  }

  /// The number of samples in a sound stream's packet; 0 if its codec does not say.
  func sampleCount(ofPacket packet: CompressedPacket, stream: Int) -> Int {
    Int(
      av_get_audio_frame_duration2(
        context.pointee.streams[stream]!.pointee.codecpar, packet.native.pointee.size))
  }

  /// Writes a packet of another stream and empties it.
  /// - Parameters:
  ///   - timeBase: the units of its times.
  ///   - last: what was returned for the packet before.
  /// - Returns: its decode time.
  func write(
    _ packet: CompressedPacket, stream: Int, _ timeBase: Rational, after last: Int64?
  ) throws(Failure) -> Int64? {
    packet.native.pointee.stream_index = Int32(stream)
    av_packet_rescale_ts(packet.native, timeBase.native, context.pointee.streams[stream]!.pointee.time_base)
    let time = keepRising(packet, last)
    silentStreams.remove(stream)
    waitingByteCount += packet.byteCount + 256
    try interleave(packet)
    if waitingByteCount > Muxer.largestWait {
      waitingByteCount = 0
      try writeWaiting()
    }
    return time
  }

  /// Writes what waits for packets of other tracks, and the container's end.
  /// - Throws: ``Failure``, also if an earlier write failed that was buffered.
  func finish() throws(Failure) {
    if !hasHeader { try writeHeader() }
    if hasTracks { try writeWaiting() }
    let result = av_write_trailer(context)
    if context.pointee.pb != nil { avio_flush(context.pointee.pb) }
    try check(result, "finishing")
    if refusedCount > 3 { options.onWarning?("\(refusedCount - 3) more damaged packets are left out") }
  }

  /// Hands a packet on. Muxers look into packets: a damaged track's packet, perhaps an earlier one, may be refused, and
  /// the file is continued without it.
  private func interleave(_ packet: CompressedPacket) throws(Failure) {
    let result = av_interleaved_write_frame(context, packet.native)
    av_packet_unref(packet.native)
    if !isRefusal(result) { try check(result, "writing") }
  }

  private var hasTracks: Bool { context.pointee.nb_streams > 1 }

  /// Writes the packets that wait. The container's end would stop at the first damaged one.
  func writeWaiting() throws(Failure) {
    var result: Int32
    var left = 100_000
    repeat {
      result = av_interleaved_write_frame(context, nil)
      left -= 1
    } while isRefusal(result) && left > 0
    try check(result, "finishing")
  }

  /// Whether libav's muxer could not read a packet, which is reported and counted.
  private func isRefusal(_ result: Int32) -> Bool {
    guard result == fm_error_invalid_data, hasTracks, channel?.failure("writing", name) == nil
    else {
      return false
    }
    refusedCount += 1
    let cause = log.takeErrors() ?? errorText(result)
    if refusedCount <= 3 { options.onWarning?("a damaged packet is left out: \(cause)") }
    return true
  }

  /// Muxers refuse decode times that do not rise; a damaged source's are moved on, as ffmpeg does.
  private func keepRising(_ packet: CompressedPacket, _ last: Int64?) -> Int64? {
    let native = packet.native
    guard native.pointee.dts != fm_no_timestamp else { return last }
    if let last {
      let lowest = container.allowsEqualTimes ? last : last &+ 1
      if native.pointee.dts < lowest {
        native.pointee.dts = lowest
        if native.pointee.pts != fm_no_timestamp { native.pointee.pts = max(native.pointee.pts, lowest) }
      }
    }
    return native.pointee.dts
  }

  /// Throws the failure that a libav call's result, or a write behind it, amounts to.
  private func check(_ result: Int32, _ step: String) throws(Failure) {
    if let failure = channel?.failure(step, name) { throw failure }
    guard result < 0 else { return }
    if result == fm_error_exit {
      throw Failure(.inputOutput, step: step, subject: name, cause: "interrupted: nothing reads it")
    }
    if result > -200, result != -EINVAL { throw Failure(system: -result, step: step, subject: name) }
    throw Failure(.failed, step: step, subject: name, cause: log.takeErrors() ?? errorText(result))
  }
}
