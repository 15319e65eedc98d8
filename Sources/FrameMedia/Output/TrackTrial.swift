import CFFmpeg
import FrameStream

/// Whether a container takes a track beside the video: a header is written for the two of them, to nowhere.
///
/// What FFmpeg's tables say of containers is not complete.
struct TrackTrial {
  let container: Container
  /// The video's stream, described already.
  let video: UnsafePointer<AVStream>
  let log: MediaLog

  /// Whether the container holds the track.
  func holds(_ track: Track) -> Bool {
    guard isHeaderWritten(with: track) else { return false }
    // MP4 describes its tracks in the index at the end, when it is too late to leave one out; with fragments it does so
    // at once. Of these codecs it must have seen packets first.
    let needsPackets = ["ac3", "eac3", "truehd"].contains(track.codec)
    guard container.describesTracksLate, !needsPackets, isHeaderWritten(with: nil, flags: "+empty_moov")
    else {
      return true
    }
    return isHeaderWritten(with: track, flags: "+empty_moov")
  }

  /// - Parameters:
  ///   - track: the track beside the video; nil for none.
  ///   - flags: MP4's `movflags`.
  private func isHeaderWritten(with track: Track?, flags: String? = nil) -> Bool {
    var trial: UnsafeMutablePointer<AVFormatContext>?
    guard avformat_alloc_output_context2(&trial, container.native, nil, nil) >= 0, let trial else {
      return false
    }
    defer { avformat_free_context(trial) }
    guard let copy = avformat_new_stream(trial, nil),
      avcodec_parameters_copy(copy.pointee.codecpar, video.pointee.codecpar) >= 0
    else { return false }
    copy.pointee.time_base = video.pointee.time_base
    copy.pointee.avg_frame_rate = video.pointee.avg_frame_rate
    if let track {
      guard let stream = avformat_new_stream(trial, nil), track.apply(to: stream) else { return false }
      let codec = stream.pointee.codecpar.pointee.codec_id
      stream.pointee.codecpar.pointee.codec_tag = container.tag(track.codecTag, for: codec)
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
}
