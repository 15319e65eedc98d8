import CFFmpeg
import FrameStream

/// Whether a container takes a track beside the video: a header is written for the two of them, to nowhere.
///
/// What FFmpeg's tables say of containers is not complete, and some muxers write what no demuxer knows again.
struct TrackTrial {
  let container: Container
  /// The video's stream, described already.
  let video: UnsafePointer<AVStream>
  let log: MediaLog

  /// Whether the container holds the track.
  func holds(_ track: Track) -> Bool {
    // Over a network nothing can be tried: a header would call the server.
    if container.name == "rtsp" { return TrackTrial.realTimeCodecs.contains(track.codec) }
    guard let descriptor = avcodec_descriptor_get_by_name(track.codec),
      !container.denies(track, descriptor.pointee.id),
      isHeaderWritten(with: track)
    else { return false }
    if container.name == "mpegts" { return isKnownAgain(descriptor.pointee.id, track) }
    // MP4 describes its tracks in the index at the end, when it is too late to leave one out; with fragments it does so
    // at once. Of these codecs it must have seen packets first.
    let needsPackets = ["ac3", "eac3", "truehd"].contains(track.codec)
    guard container.describesTracksLate, !needsPackets, isHeaderWritten(with: nil, flags: "+empty_moov")
    else {
      return true
    }
    return isHeaderWritten(with: track, flags: "+empty_moov")
  }

  /// Sound for which RTP has a payload format that libavformat writes.
  private static let realTimeCodecs: Set<String> = [
    "aac", "ac3", "amr_nb", "amr_wb", "mp2", "mp3", "opus", "pcm_alaw", "pcm_mulaw", "vorbis",
  ]

  /// Whether the container takes the video alone.
  func holdsVideo() -> Bool { isHeaderWritten(with: nil) }

  /// - Parameters:
  ///   - track: the track beside the video; nil for none.
  ///   - flags: MP4's `movflags`.
  private func isHeaderWritten(with track: Track?, flags: String? = nil) -> Bool {
    guard let trial = Trial(container) else { return false }
    guard let copy = avformat_new_stream(trial.context, nil),
      avcodec_parameters_copy(copy.pointee.codecpar, video.pointee.codecpar) >= 0
    else { return false }
    copy.pointee.time_base = video.pointee.time_base
    copy.pointee.avg_frame_rate = video.pointee.avg_frame_rate
    if let track, !trial.add(track) { return false }
    defer { _ = log.takeErrors() }
    return trial.writeHeader(flags)
  }

  /// Whether a demuxer finds the codec in what the muxer writes. MPEG-TS takes any, most of them as private data.
  private func isKnownAgain(_ codec: AVCodecID, _ track: Track) -> Bool {
    defer { _ = log.takeErrors() }
    guard let trial = Trial(container), let picture = CompressedPacket(),
      let stream = avformat_new_stream(trial.context, nil)
    else { return false }
    // A video whose packets the muxer does not look into: with the first one it describes all tracks.
    stream.pointee.codecpar.pointee.codec_type = AVMEDIA_TYPE_VIDEO
    stream.pointee.codecpar.pointee.codec_id = AV_CODEC_ID_MPEG2VIDEO
    stream.pointee.codecpar.pointee.width = 16
    stream.pointee.codecpar.pointee.height = 16
    stream.pointee.time_base = AVRational(num: 1, den: 25)
    guard trial.add(track), trial.writeHeader(nil), av_new_packet(picture.native, 64) >= 0 else {
      return false
    }
    picture.native.pointee.data.update(repeating: 0, count: 64)
    picture.native.pointee.flags |= AV_PKT_FLAG_KEY
    (picture.native.pointee.pts, picture.native.pointee.dts) = (0, 0)
    guard av_write_frame(trial.context, picture.native) >= 0 else { return false }
    av_write_trailer(trial.context)
    guard let found = trial.codecsReadBack() else { return true }
    // A layer of MPEG audio is known by its packets only.
    let layers = [AV_CODEC_ID_MP1, AV_CODEC_ID_MP2, AV_CODEC_ID_MP3]
    return found.contains { $0 == codec || layers.contains($0) && layers.contains(codec) }
  }
}

/// A container that is written to memory.
private final class Trial {
  let context: UnsafeMutablePointer<AVFormatContext>
  private let container: Container

  init?(_ container: Container) {
    var allocated: UnsafeMutablePointer<AVFormatContext>?
    guard avformat_alloc_output_context2(&allocated, container.native, nil, nil) >= 0, let allocated else {
      return nil
    }
    context = allocated
    self.container = container
    context.pointee.strict_std_compliance = container.compliance
    // A muxer that makes its files by itself is not tried. The context is freed with the object, here too.
    guard !container.hasNoFile, avio_open_dyn_buf(&context.pointee.pb) >= 0 else { return nil }
  }

  deinit {
    if context.pointee.pb != nil { _ = bytes() }
    avformat_free_context(context)
  }

  func add(_ track: Track) -> Bool {
    guard let stream = avformat_new_stream(context, nil), track.apply(to: stream) else { return false }
    let codec = stream.pointee.codecpar.pointee.codec_id
    stream.pointee.codecpar.pointee.codec_tag = container.tag(track.codecTag, for: codec)
    return true
  }

  /// - Parameter flags: MP4's `movflags`.
  func writeHeader(_ flags: String?) -> Bool {
    var settings: OpaquePointer?
    defer { av_dict_free(&settings) }
    if let flags { av_dict_set(&settings, "movflags", flags, 0) }
    return avformat_write_header(context, &settings) >= 0
  }

  private func bytes() -> [UInt8] {
    var data: UnsafeMutablePointer<UInt8>?
    let count = avio_close_dyn_buf(context.pointee.pb, &data)
    context.pointee.pb = nil
    defer { av_free(data) }
    return Array(UnsafeBufferPointer(start: data, count: Int(max(0, count))))
  }

  /// The codecs of all streams but the first, as a demuxer finds them; nil if it finds no second one.
  func codecsReadBack() -> [AVCodecID]? {
    let source = MemorySource(bytes())
    guard let format = av_find_input_format(container.name), let io = source.open() else { return nil }
    defer { source.close(io) }
    var input = avformat_alloc_context()
    input?.pointee.pb = io
    input?.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    guard input != nil, avformat_open_input(&input, nil, format, nil) >= 0, let opened = input else {
      return nil
    }
    defer { avformat_close_input(&input) }
    guard opened.pointee.nb_streams > 1 else { return nil }
    return (1..<Int(opened.pointee.nb_streams)).compactMap {
      opened.pointee.streams[$0]?.pointee.codecpar.pointee.codec_id
    }
  }
}

/// Bytes in memory as libav's input.
private final class MemorySource {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func open() -> UnsafeMutablePointer<AVIOContext>? {
    guard let buffer = av_malloc(4096) else { return nil }
    return avio_alloc_context(
      buffer.assumingMemoryBound(to: UInt8.self), 4096, 0, Unmanaged.passUnretained(self).toOpaque(),
      { opaque, target, count in
        Unmanaged<MemorySource>.fromOpaque(opaque!).takeUnretainedValue().read(target!, Int(count))
      }, nil, nil)
  }

  func close(_ io: UnsafeMutablePointer<AVIOContext>) {
    var io: UnsafeMutablePointer<AVIOContext>? = io
    av_freep(&io!.pointee.buffer)
    avio_context_free(&io)
  }

  private func read(_ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int32 {
    let taken = min(count, bytes.count - position)
    guard taken > 0 else { return fm_error_end }
    bytes.withUnsafeBufferPointer { target.update(from: $0.baseAddress! + position, count: taken) }
    position += taken
    return Int32(taken)
  }
}
