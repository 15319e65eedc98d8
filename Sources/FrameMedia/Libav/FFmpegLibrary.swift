import CFFmpeg
import SystemIO

/// The FFmpeg that decodes and encodes here.
package enum FFmpegLibrary {
  /// Its version as it names itself: `7.1.1-1`, or a commit's.
  package static var version: String { String(cString: av_version_info()) }

  /// A number of threads for a codec, of which 0 is libav's choice: it sees how many processors the process may run on,
  /// but no other bound.
  static func threads(_ wanted: Int) -> Int32 {
    guard wanted <= 0, case let bound = Int32(clamping: Processors.available), bound < av_cpu_count() else {
      return Int32(clamping: max(wanted, 0))
    }
    return bound
  }
}
