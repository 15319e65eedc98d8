import CFFmpeg
import FrameStream
import SystemIO

/// A container format that can be written.
struct Container {
  let native: UnsafePointer<AVOutputFormat>
  /// True for numbered picture files, each of which is written as one picture is.
  let isPictureSequence: Bool

  private init(native: UnsafePointer<AVOutputFormat>) {
    self.native = native
    isPictureSequence = false
  }

  /// By the option, or by the name.
  /// - Throws: ``Failure`` (`usage`) if neither is known.
  init(forOutput name: String, _ options: MediaOutputOptions) throws(Failure) {
    isPictureSequence = MediaFormat.isSequencePattern(name, format: options.format)
    // All pictures go through our own descriptors: FFmpeg's image2 would open files by itself.
    if isPictureSequence || options.format == "image2"
      || options.format == nil && MediaFormat.isPictureFile(name),
      let format = av_guess_format("image2pipe", nil, nil)
    {
      native = format
      return
    }
    if let wanted = options.format {
      guard let format = av_guess_format(wanted, nil, nil) else {
        throw Failure(
          .usage, step: "cannot write", subject: name,
          cause: "this FFmpeg build has no output format \(wanted)")
      }
      try Container.refuseOwnFiles(wanted, name)
      native = format
      return
    }
    guard let format = av_guess_format(nil, name, nil) else {
      throw Failure(
        .usage, step: "cannot write", subject: name,
        cause: "its name does not say which format to write; name one with --format")
    }
    native = format
  }

  /// FFmpeg's name.
  var name: String { String(cString: native.pointee.name) }

  /// Muxers that open files beside the output, or in its place, would write over them.
  private static func refuseOwnFiles(_ format: String, _ name: String) throws(Failure) {
    let formats = [
      "tee", "fifo", "segment", "stream_segment", "ssegment", "hds", "smoothstreaming", "webm_chunk",
    ]
    guard formats.contains(format) else { return }
    throw Failure(
      .usage, step: "cannot write", subject: name,
      cause: "FFmpeg's format \(format) writes other files, which would not be whole or not at all")
  }

  /// True if the muxer opens no output of its own.
  var hasNoFile: Bool { native.pointee.flags & AVFMT_NOFILE != 0 }

  /// True if the set-up of tracks is at the beginning, not in their packets.
  var hasGlobalHeader: Bool { native.pointee.flags & AVFMT_GLOBALHEADER != 0 }

  /// True for formats of a playlist and its segments (HLS, DASH), whose muxer makes all files by itself.
  var isPlaylist: Bool { ["hls", "dash"].contains(name) }

  /// The container that holds the tracks: a playlist's segments, otherwise this one.
  var ofTracks: Container {
    let names = ["hls": "mpegts", "dash": "mp4"]
    guard let inner = names[name], let format = av_guess_format(inner, nil, nil) else { return self }
    return Container(native: format)
  }

  /// True for MP4 and its kin, which describe their tracks at the end.
  var describesTracksLate: Bool {
    ["mp4", "mov", "ipod", "3gp", "3g2", "f4v", "psp", "ismv"].contains(name)
  }

  /// How strictly libav keeps to standards: FFmpeg 5 calls FLAC in MP4 an experiment, which players have long known.
  var compliance: Int32 { name == "mp4" ? FF_COMPLIANCE_EXPERIMENTAL : FF_COMPLIANCE_NORMAL }

  /// True if decode times may repeat.
  var allowsEqualTimes: Bool { native.pointee.flags & AVFMT_TS_NONSTRICT != 0 }

  /// True if a track's length is the sum of its packets' durations.
  var sumsDurations: Bool { ["mp4", "mov"].contains(name) }

  /// Whether FFmpeg's tables, or what is known of the container, deny that it holds a track.
  func denies(_ track: Track, _ codec: AVCodecID) -> Bool {
    // FLV's G.711 is of 8000 samples a second, whatever the muxer is given.
    if name == "flv", track.codec.hasPrefix("pcm_"), track.codec.hasSuffix("law"), track.sampleRate != 8000 {
      return true
    }
    return denies(codec)
  }

  /// Whether FFmpeg's tables deny that it holds a codec. Matroska's table lacks what has a tag of WAV's only (G.711, WMA,
  /// ADPCM), which its muxer writes all the same.
  private func denies(_ codec: AVCodecID) -> Bool {
    // AVI counts packets: those of Vorbis are of different lengths.
    if name == "avi", codec == AV_CODEC_ID_VORBIS { return true }
    return avformat_query_codec(native, codec, FF_COMPLIANCE_NORMAL) == 0 && name != "matroska"
  }

  /// Codecs to bring sound to, the best first, which are then tried.
  var soundCodecs: [String] {
    let own = native.pointee.audio_codec
    guard own != AV_CODEC_ID_NONE else { return [] }
    // FFmpeg's own choice for these is the one of the nineties.
    let isModern = ["mpegts", "flv"].contains(name)
    let best = isModern ? "aac" : avcodec_descriptor_get(own).map { String(cString: $0.pointee.name) }
    return [best].compactMap { $0 }
      + ["aac", "opus", "mp3", "vorbis", "ac3", "pcm_s16le"].filter { $0 != best }
  }

  /// A source's own tag for a codec if the container knows it, otherwise the container's choice (0), as ffmpeg does.
  func tag(_ own: UInt32, for codec: AVCodecID) -> UInt32 {
    guard own != 0, let tables = native.pointee.codec_tag else { return 0 }
    var known: UInt32 = 0
    if av_codec_get_id(tables, own) == codec { return own }
    if av_codec_get_tag2(tables, codec, &known) == 0 { return own }
    return 0
  }
}
