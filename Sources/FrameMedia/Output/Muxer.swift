import CFFmpeg
import FrameStream
import Glibc
import SystemIO

/// libavformat's writing side: a container with one video and the tracks beside it.
final class Muxer {
  private struct TrackStream {
    var index: Int
    var timeBase: Rational
    var lastDecodeTime: Int64?
  }

  let container: Container
  private let name: String
  private let options: MediaOutputOptions
  private let log: MediaLog
  /// Where the bytes go; nil if libav opens the output by itself.
  private let channel: DescriptorChannel?
  private let sendLimit: SendLimit
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let videoStream: UnsafeMutablePointer<AVStream>
  /// A track's packet on its way.
  private let packet: CompressedPacket
  /// The muxer's stream of every track it can hold, by ``FrameStream/Track/id``.
  private var trackStreams: [Int: TrackStream] = [:]
  private var lastDecodeTime: Int64?
  private var hasHeader = false
  /// Packets that libav's muxer could make nothing of.
  private var refusedCount = 0

  /// Opens the output; nothing is written before ``writeHeader()``.
  /// - Throws: ``Failure`` (`inputOutput`) if it cannot be opened.
  init(
    _ container: Container, name: String, channel: DescriptorChannel?, video: VideoDescription,
    settings: PictureEncoder.Settings, options: MediaOutputOptions, log: MediaLog
  ) throws(Failure) {
    let outOfMemory = Failure(.failed, step: "cannot write", subject: name, cause: "out of memory")
    guard let packet = CompressedPacket() else { throw outOfMemory }
    var allocated: UnsafeMutablePointer<AVFormatContext>?
    guard avformat_alloc_output_context2(&allocated, container.native, nil, name) >= 0,
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
    self.packet = packet
    videoStream = stream
    sendLimit = SendLimit(options.interruption)
    // From here on deinit frees the context.
    context.pointee.opaque = log.mark
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

  /// Makes a stream of each track that the container takes, and reports those it does not.
  func add(_ tracks: [Track]) {
    let trial = TrackTrial(container: container, video: videoStream, log: log)
    for track in tracks {
      guard let descriptor = avcodec_descriptor_get_by_name(track.codec),
        container.mayHold(descriptor.pointee.id), trial.holds(track),
        let stream = avformat_new_stream(context, nil)
      else {
        options.onWarning?(
          "\(container.name) cannot hold the \(track.kind) track \(track.id) (\(track.codec)); it is left out"
        )
        continue
      }
      _ = track.apply(to: stream)
      stream.pointee.codecpar.pointee.codec_tag = container.tag(track.codecTag, for: descriptor.pointee.id)
      trackStreams[track.id] = TrackStream(
        index: Int(stream.pointee.index),
        timeBase: track.timeBase.isPositive ? track.timeBase : Rational(1, 1000))
    }
  }

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
        // A viewer sees nothing of a fragment before its end.
        let fragments = options.live ? "+frag_every_frame" : "+frag_keyframe"
        av_dict_set(&settings, "movflags", fragments + "+empty_moov+default_base_moof", 0)
      }
    }
    // The same holds for a Matroska cluster.
    if options.live, ["matroska", "webm"].contains(container.name) {
      av_dict_set(&settings, "cluster_time_limit", "1", 0)
    }
    // A sequence's files appear whole.
    if container.isPictureSequence { av_dict_set(&settings, "atomic_writing", "1", 0) }
    for (key, value) in options.outputOptions { av_dict_set(&settings, key, value, 0) }
    let result = avformat_write_header(context, &settings)
    if result < 0 {
      if let failure = channel?.failure("writing", name) { throw failure }
      throw Failure(
        .usage, step: "cannot write \(container.name)", subject: name,
        cause: log.takeErrors() ?? errorText(result))
    }
    hasHeader = true
    try check(0, "writing")
  }

  // MARK: Packets

  /// Writes a packet of the video and empties it.
  /// - Parameter timeBase: the units of its times.
  func write(video packet: CompressedPacket, _ timeBase: Rational) throws(Failure) {
    av_packet_rescale_ts(packet.native, timeBase.native, videoStream.pointee.time_base)
    packet.native.pointee.stream_index = 0
    lastDecodeTime = keepRising(packet, lastDecodeTime)
    try interleave(packet)
  }

  /// Writes a packet that is a whole picture, for a file of its own, and empties it.
  /// - Parameter number: counted from 0.
  func write(picture packet: CompressedPacket, number: Int64) throws(Failure) {
    packet.native.pointee.stream_index = 0
    packet.native.pointee.pts = number
    packet.native.pointee.dts = number
    let result = av_write_frame(context, packet.native)
    av_packet_unref(packet.native)
    if context.pointee.pb != nil { avio_flush(context.pointee.pb) }
    if result < 0, container.isPictureSequence { removePart(number) }
    try check(result, "writing")
  }

  /// Writes a track's packet; packets of tracks that the container does not hold are skipped.
  func write(_ media: MediaPacket) throws(Failure) {
    guard let track = trackStreams[media.track] else { return }
    let count = media.data.count
    let native = packet.native
    guard count <= StreamLimits.payload, av_new_packet(native, Int32(count)) >= 0 else {
      throw Failure(
        .failed, step: "writing", subject: name, cause: "no memory for a packet of \(count) bytes")
    }
    if let base = media.data.baseAddress, count > 0 {
      UnsafeMutableRawPointer(native.pointee.data).copyMemory(from: base, byteCount: count)
    }
    let stream = context.pointee.streams[track.index]!
    native.pointee.pts = media.pts.map { Int64($0) } ?? fm_no_timestamp
    native.pointee.dts = media.dts.map { Int64($0) } ?? native.pointee.pts
    native.pointee.duration = Int64(media.duration ?? 0)
    native.pointee.stream_index = Int32(track.index)
    if media.isKey { native.pointee.flags |= AV_PKT_FLAG_KEY }
    if let skipped = media.skippedSamples,
      let side = av_packet_new_side_data(native, AV_PKT_DATA_SKIP_SAMPLES, 10)
    {
      let bytes = UnsafeMutableRawPointer(side)
      bytes.storeBytes(of: UInt32(clamping: skipped.start).littleEndian, as: UInt32.self)
      bytes.storeBytes(of: UInt32(clamping: skipped.end).littleEndian, toByteOffset: 4, as: UInt32.self)
      bytes.storeBytes(of: 0, toByteOffset: 8, as: UInt16.self)
    }
    av_packet_rescale_ts(native, track.timeBase.native, stream.pointee.time_base)
    trackStreams[media.track]?.lastDecodeTime = keepRising(packet, track.lastDecodeTime)
    try interleave(packet)
  }

  /// Writes what waits for packets of other tracks, and the container's end.
  /// - Throws: ``Failure``, also if an earlier write failed that was buffered.
  func finish() throws(Failure) {
    guard hasHeader else { return }
    if !trackStreams.isEmpty { try writeWaiting() }
    let result = av_write_trailer(context)
    // A sequence's muxer has no output of its own.
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

  /// Writes the packets that wait. The container's end would stop at the first damaged one.
  private func writeWaiting() throws(Failure) {
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
    guard result == fm_error_invalid_data, !trackStreams.isEmpty, channel?.failure("writing", name) == nil
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

  /// Removes what image2 leaves of a picture that it could not write; it numbers files from 1.
  private func removePart(_ number: Int64) {
    var path = [CChar](repeating: 0, count: 4096)
    guard number < Int64(Int32.max) - 1,
      av_get_frame_filename2(&path, Int32(path.count), name, Int32(number) + 1, 0) >= 0
    else { return }
    let length = path.firstIndex(of: 0) ?? 0
    unlink(String(decoding: path[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self) + ".tmp")
  }

  /// Throws the failure that a libav call's result, or a write behind it, amounts to.
  private func check(_ result: Int32, _ step: String) throws(Failure) {
    if let failure = channel?.failure(step, name) { throw failure }
    guard result < 0 else { return }
    if result == fm_error_exit {
      throw Failure(.inputOutput, step: step, subject: name, cause: "interrupted: nothing reads it")
    }
    let isSystem = result > -200 && result != -EINVAL
    throw Failure(
      isSystem ? .inputOutput : .failed, step: step, subject: name,
      cause: isSystem ? systemMessage(-result) : log.takeErrors() ?? errorText(result))
  }
}
