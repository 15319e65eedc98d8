import FilterTool
import FrameMedia
import FrameStream

extension Decode: FactSource {
  /// What films, pictures and sound are usually made of.
  private static let decoders = [
    "h264", "hevc", "libdav1d", "av1", "vp8", "vp9", "mpeg2video", "mpeg4", "mjpeg", "prores", "png", "webp",
    "tiff",
    "aac", "opus", "mp3",
  ]
  private static let encoders = [
    "libx264", "libx265", "libsvtav1", "libvpx-vp9", "mpeg4", "ffv1", "prores_ks", "mjpeg", "png", "aac",
    "libopus",
  ]

  static func facts() -> [(key: String, value: JSONValue)] {
    let found = FFmpegLibrary.decoders(among: decoders)
    let written = FFmpegLibrary.encoders(among: encoders)
    return [
      ("ffmpeg", .string(FFmpegLibrary.version)),
      ("libraries", list(FFmpegLibrary.libraries)),
      ("decoders", list(found)), ("missing decoders", list(decoders.filter { !found.contains($0) })),
      ("encoders", list(written)), ("missing encoders", list(encoders.filter { !written.contains($0) })),
    ]
  }

  private static func list(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
}
