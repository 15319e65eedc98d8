import CFFmpeg
import FrameStream
import Glibc
import SystemIO

extension MediaOutput {
  /// Opens encoder and container; with pictures the encoder waits for the first of them.
  func open(_ tracks: [Track]) throws(Failure) {
    guard let settings else { return }
    var allocated: UnsafeMutablePointer<AVFormatContext>?
    guard avformat_alloc_output_context2(&allocated, format, nil, name) >= 0, let context = allocated else {
      throw Failure(.failed, step: "cannot write", subject: name, cause: "out of memory")
    }
    self.context = context
    context.pointee.opaque = log.mark
    // Ten bits in yuv4mpegpipe, which most readers of it know.
    if settings.formats != nil { context.pointee.strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL }
    context.pointee.interrupt_callback.opaque = Unmanaged.passUnretained(sendLimit).toOpaque()
    context.pointee.interrupt_callback.callback = { opaque in
      Unmanaged<SendLimit>.fromOpaque(opaque!).takeUnretainedValue().isOver ? 1 : 0
    }
    if let channel {
      context.pointee.pb = channel.context
      context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    } else if format.pointee.flags & AVFMT_NOFILE == 0 {
      let result = avio_open2(
        &context.pointee.pb, name, AVIO_FLAG_WRITE, &context.pointee.interrupt_callback, nil)
      try check(result, "cannot open")
    }
    if options.live {
      context.pointee.flags |= AVFMT_FLAG_FLUSH_PACKETS
      // Pictures do not wait long for sound that is late.
      context.pointee.max_interleave_delta = 100_000
    }

    guard let stream = avformat_new_stream(context, nil) else {
      throw Failure(.failed, step: "cannot write", subject: name, cause: "out of memory")
    }
    stream.pointee.time_base = settings.timeBase.native
    if let ratio = video.sampleAspectRatio, ratio.isPositive {
      stream.pointee.sample_aspect_ratio = ratio.native
    }
    if let rate = video.frameRate, rate.isPositive { stream.pointee.avg_frame_rate = rate.native }
    if settings.isSinglePicture {
      stream.pointee.codecpar.pointee.codec_type = AVMEDIA_TYPE_VIDEO
      stream.pointee.codecpar.pointee.codec_id = settings.codec.pointee.id
      stream.pointee.codecpar.pointee.width = Int32(clamping: video.width)
      stream.pointee.codecpar.pointee.height = Int32(clamping: video.height)
    } else {
      let layout = try PictureLayout(video.pixelFormat, width: video.width, height: video.height)
      let encoder = try PictureEncoder(settings, video: video, layout: layout, name: name, log: log)
      self.encoder = encoder
      avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context)
      if let rate = video.frameRate, rate.isPositive {
        nominalDuration = av_rescale_q(
          1, Rational(rate.denominator, rate.numerator).native, settings.timeBase.native)
      }
      addTracks(tracks, to: context)
    }
    try writeHeader(context)
  }

  private func writeHeader(_ context: UnsafeMutablePointer<AVFormatContext>) throws(Failure) {
    var settings: OpaquePointer?
    defer { av_dict_free(&settings) }
    let formatName = String(cString: format.pointee.name)
    if describesTracksLate {
      if channel?.isSeekable == true, !options.live {
        // The index goes to the front at the end; libav reads the file again for that.
        if let channel, case let path = "/proc/self/fd/\(channel.descriptor)", access(path, R_OK) == 0 {
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
    // Likewise of a cluster.
    if options.live, ["matroska", "webm"].contains(formatName) {
      av_dict_set(&settings, "cluster_time_limit", "1", 0)
    }
    // A sequence's files appear whole.
    if isPictureSequence { av_dict_set(&settings, "atomic_writing", "1", 0) }
    for (key, value) in options.outputOptions { av_dict_set(&settings, key, value, 0) }
    let result = avformat_write_header(context, &settings)
    if result < 0 {
      if let failure = channel?.failure("writing", name) { throw failure }
      throw Failure(
        .usage, step: "cannot write \(formatName)", subject: name,
        cause: log.takeErrors() ?? errorText(result))
    }
    hasHeader = true
    try check(0, "writing")
  }

  /// A picture by itself: one packet, one file.
  func writePicture(
    _ picture: UnsafePointer<UInt8>, _ layout: PictureLayout, _ range: ColorRange,
    _ settings: PictureEncoder.Settings
  ) throws(Failure) {
    if !isPictureSequence, lastTime != nil {
      throw Failure(
        .usage, step: "cannot write", subject: name,
        cause: "one picture file cannot take several frames; give a pattern like %05d.png")
    }
    let encoder: PictureEncoder
    if let kept = self.encoder, kept.layout == layout, kept.range == range {
      encoder = kept
    } else {
      var description = video
      description.colorRange = range
      encoder = try PictureEncoder(settings, video: description, layout: layout, name: name, log: log)
    }
    self.encoder = encoder
    let number = lastTime.map { $0 + 1 } ?? 0
    lastTime = number
    try encoder.send(picture, layout, range, pts: number, duration: 1)
    if try encoder.receive(packet) {
      try writePicturePacket(number)
      return
    }
    // Some encoders give a picture only when drained, and can take no other then.
    self.encoder = nil
    encoder.drain()
    while try encoder.receive(packet) { try writePicturePacket(number) }
  }

  private func writePicturePacket(_ number: Int64) throws(Failure) {
    packet.pointee.stream_index = 0
    packet.pointee.pts = number
    packet.pointee.dts = number
    let result = av_write_frame(context, packet)
    av_packet_unref(packet)
    if let context, context.pointee.pb != nil { avio_flush(context.pointee.pb) }
    if result < 0, isPictureSequence { removePart(number) }
    try check(result, "writing")
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

  /// Writes what the encoder has ready.
  func writeEncoded() throws(Failure) {
    guard let encoder else { return }
    while try encoder.receive(packet) { try writePacket() }
  }

  /// Writes what the drained encoder still holds. In MOV and MP4 a track is as long as its packets' distances in
  /// decoding order, so the last of those makes up for what its picture's place in the order leaves out.
  func writeRest() throws(Failure) {
    guard let encoder else { return }
    var isWaiting = try encoder.receive(packet)
    while isWaiting {
      isWaiting = try encoder.receive(following)
      if !isWaiting, ["mp4", "mov"].contains(String(cString: format.pointee.name)), let firstTime {
        let first = firstDecodeTime ?? packet.pointee.dts
        let length = (endTime &- firstTime) &- (packet.pointee.dts &- first)
        if length > 0 { packet.pointee.duration = length }
      }
      try writePacket()
      if isWaiting { av_packet_move_ref(packet, following) }
    }
  }

  private func writePacket() throws(Failure) {
    guard let settings, let context, let stream = context.pointee.streams[0] else { return }
    if packet.pointee.duration <= 0 {
      packet.pointee.duration = lastDistance > 0 ? lastDistance : nominalDuration
    }
    if firstDecodeTime == nil { firstDecodeTime = packet.pointee.dts }
    av_packet_rescale_ts(packet, settings.timeBase.native, stream.pointee.time_base)
    packet.pointee.stream_index = 0
    lastDecodeTime = keepRising(lastDecodeTime)
    try interleave(in: context)
  }

  /// Hands `packet` on. Muxers look into packets: one of a damaged track, perhaps an earlier one, may be none to them,
  /// and the file goes on without it.
  private func interleave(in context: UnsafeMutablePointer<AVFormatContext>) throws(Failure) {
    let result = av_interleaved_write_frame(context, packet)
    av_packet_unref(packet)
    if !isRefusal(result) { try check(result, "writing") }
  }

  /// Writes what waits for packets of other tracks. The container's end would stop at the first damaged one.
  func writeWaiting(in context: UnsafeMutablePointer<AVFormatContext>) throws(Failure) {
    var result: Int32
    var left = 100_000
    repeat {
      result = av_interleaved_write_frame(context, nil)
      left -= 1
    } while isRefusal(result) && left > 0
    try check(result, "finishing")
  }

  /// Whether libav's muxer could not read a packet, which is told and counted.
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

  func writeTrack(_ media: MediaPacket) throws(Failure) {
    guard let context, let track = trackStreams[media.track] else { return }
    let count = media.data.count
    guard count <= StreamLimits.payload, av_new_packet(packet, Int32(count)) >= 0 else {
      throw Failure(
        .failed, step: "writing", subject: name, cause: "no memory for a packet of \(count) bytes")
    }
    if let base = media.data.baseAddress, count > 0 {
      UnsafeMutableRawPointer(packet.pointee.data).copyMemory(from: base, byteCount: count)
    }
    let stream = context.pointee.streams[track.index]!
    packet.pointee.pts = media.pts.map { Int64($0) } ?? fm_no_timestamp
    packet.pointee.dts = media.dts.map { Int64($0) } ?? packet.pointee.pts
    packet.pointee.duration = Int64(media.duration ?? 0)
    packet.pointee.stream_index = Int32(track.index)
    if media.isKey { packet.pointee.flags |= AV_PKT_FLAG_KEY }
    if let skipped = media.skippedSamples,
      let side = av_packet_new_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, 10)
    {
      let bytes = UnsafeMutableRawPointer(side)
      bytes.storeBytes(of: UInt32(clamping: skipped.start).littleEndian, as: UInt32.self)
      bytes.storeBytes(of: UInt32(clamping: skipped.end).littleEndian, toByteOffset: 4, as: UInt32.self)
      bytes.storeBytes(of: 0, toByteOffset: 8, as: UInt16.self)
    }
    av_packet_rescale_ts(packet, track.timeBase.native, stream.pointee.time_base)
    trackStreams[media.track]?.lastDecodeTime = keepRising(track.lastDecodeTime)
    try interleave(in: context)
  }

  /// Muxers refuse decode times that do not rise; a damaged source's are moved on, as ffmpeg does.
  private func keepRising(_ last: Int64?) -> Int64? {
    guard packet.pointee.dts != fm_no_timestamp else { return last }
    if let last {
      let lowest = format.pointee.flags & AVFMT_TS_NONSTRICT != 0 ? last : last &+ 1
      if packet.pointee.dts < lowest {
        packet.pointee.dts = lowest
        if packet.pointee.pts != fm_no_timestamp { packet.pointee.pts = max(packet.pointee.pts, lowest) }
      }
    }
    return packet.pointee.dts
  }
}
