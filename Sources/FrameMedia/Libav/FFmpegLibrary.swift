import CFFmpeg
import SystemIO

/// The FFmpeg that decodes and encodes here.
package enum FFmpegLibrary {
  /// Its version as it names itself: `7.1.1-1`, or a commit's.
  package static var version: String { String(cString: av_version_info()) }

  /// Its libraries with their versions: `libavcodec 59.37.100`.
  package static var libraries: [String] {
    [
      ("libavcodec", avcodec_version()), ("libavformat", avformat_version()),
      ("libswscale", swscale_version()),
    ]
    .map { "\($0.0) \($0.1 >> 16).\($0.1 >> 8 & 0xFF).\($0.1 & 0xFF)" }
  }

  /// Which of the decoders it has, by its names for them.
  package static func decoders(among names: [String]) -> [String] {
    names.filter { avcodec_find_decoder_by_name($0) != nil }
  }

  /// Which of the encoders it has, by its names for them.
  package static func encoders(among names: [String]) -> [String] {
    names.filter { avcodec_find_encoder_by_name($0) != nil }
  }

  /// A number of threads for a codec, of which 0 is libav's choice: it sees how many processors the process may run on,
  /// but no other bound.
  static func threads(_ wanted: Int) -> Int32 {
    guard wanted <= 0, case let bound = Int32(clamping: Processors.available), bound < av_cpu_count() else {
      return Int32(clamping: max(wanted, 0))
    }
    return bound
  }
}
