import CFFmpeg
import FrameStream

extension MediaOutput {
  /// Makes a stream of each track that the container takes, and says which it does not.
  func addTracks(_ tracks: [Track], to context: UnsafeMutablePointer<AVFormatContext>) {
    for track in tracks {
      guard let descriptor = avcodec_descriptor_get_by_name(track.codec),
        avformat_query_codec(format, descriptor.pointee.id, FF_COMPLIANCE_NORMAL) != 0, holds(track),
        let stream = avformat_new_stream(context, nil)
      else {
        options.onWarning?(
          "\(String(cString: format.pointee.name)) cannot hold the \(track.kind) track \(track.id) "
            + "(\(track.codec)); it is left out")
        continue
      }
      _ = track.apply(to: stream)
      stream.pointee.codecpar.pointee.codec_tag = tag(for: track, descriptor.pointee.id)
      trackStreams[track.id] = TrackStream(
        index: Int(stream.pointee.index),
        timeBase: track.timeBase.isPositive ? track.timeBase : Rational(1, 1000))
    }
  }

  /// Whether the container takes the track beside the video: a header is written for the two of them, to nowhere.
  /// What FFmpeg's tables say of containers is not complete.
  private func holds(_ track: Track) -> Bool {
    guard isHeaderWritten(with: track) else { return false }
    // MP4 describes its tracks in the index at the end, when it is too late to leave one out; with fragments it does so
    // at once. Of these codecs it must have seen packets first.
    let needsPackets = ["ac3", "eac3", "truehd"].contains(track.codec)
    guard describesTracksLate, !needsPackets, isHeaderWritten(with: nil, flags: "+empty_moov") else {
      return true
    }
    return isHeaderWritten(with: track, flags: "+empty_moov")
  }

  /// True for MP4 and its kin.
  var describesTracksLate: Bool {
    ["mp4", "mov", "ipod", "3gp", "3g2", "f4v", "psp", "ismv"].contains(String(cString: format.pointee.name))
  }

  /// - Parameters:
  ///   - track: What stands beside the video; nil for nothing.
  ///   - flags: MP4's way to write.
  private func isHeaderWritten(with track: Track?, flags: String? = nil) -> Bool {
    var trial: UnsafeMutablePointer<AVFormatContext>?
    guard avformat_alloc_output_context2(&trial, format, nil, nil) >= 0, let trial, let context else {
      return false
    }
    defer { avformat_free_context(trial) }
    guard let video = avformat_new_stream(trial, nil), let own = context.pointee.streams[0],
      avcodec_parameters_copy(video.pointee.codecpar, own.pointee.codecpar) >= 0
    else { return false }
    video.pointee.time_base = own.pointee.time_base
    video.pointee.avg_frame_rate = own.pointee.avg_frame_rate
    if let track {
      guard let stream = avformat_new_stream(trial, nil), track.apply(to: stream) else { return false }
      stream.pointee.codecpar.pointee.codec_tag = tag(for: track, stream.pointee.codecpar.pointee.codec_id)
    }
    guard avio_open_dyn_buf(&trial.pointee.pb) >= 0 else { return false }
    defer {
      var bytes: UnsafeMutablePointer<UInt8>?
      _ = avio_close_dyn_buf(trial.pointee.pb, &bytes)
      av_free(bytes)
    }
    var settings: OpaquePointer?
    defer { av_dict_free(&settings) }
    if let flags { av_dict_set(&settings, "movflags", flags, 0) }
    let result = avformat_write_header(trial, &settings)
    _ = log.takeErrors()
    return result >= 0
  }

  /// The track's own tag if the container knows it for this codec, else the container's choice (0), as ffmpeg does.
  private func tag(for track: Track, _ codec: AVCodecID) -> UInt32 {
    guard track.codecTag != 0, let tables = format.pointee.codec_tag else { return 0 }
    var known: UInt32 = 0
    if av_codec_get_id(tables, track.codecTag) == codec { return track.codecTag }
    if av_codec_get_tag2(tables, codec, &known) == 0 { return track.codecTag }
    return 0
  }
}
