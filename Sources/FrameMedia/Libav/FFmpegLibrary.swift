import CFFmpeg

/// The FFmpeg that decodes and encodes here.
package enum FFmpegLibrary {
  /// Its version as it names itself: `7.1.1-1`, or a commit's.
  package static var version: String { String(cString: av_version_info()) }
}
