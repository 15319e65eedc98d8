import FrameStream
import Testing

/// What becomes of a file that ffmpeg makes.
struct MadeMediaRow: Sendable, CustomTestStringConvertible {
  var category: String
  var name: String
  /// ffmpeg's arguments, after a test picture 64x48 of ten frames and a sound of the same length.
  var arguments: String
  /// On the wire.
  var format = PixelFormat.yuv420p
  var range = ColorRange.tv
  /// EXIF's number of the way in which the stored picture is turned to be shown; by EXIF or the track's matrix.
  var turn = 1
  /// The codecs of its sound tracks, with `+` between them.
  var sound = ""
  /// Width to height of a pixel as displayed; nil where the file says nothing.
  var aspect: Rational? = Rational(1, 1)
  /// Part of the cause that is given for refusing it.
  var refusal: String?

  var testDescription: String { category }
}

extension MadeMediaRow {
  static let video = "-map 0 -c:v libx264 -preset ultrafast"
  static let key = "76a6c65c5ea762046bd749a2e632ccbb"

  /// For each kind of file that there is trouble with.
  static let files = [
    MadeMediaRow(
      category: "8-bit", name: "a.mp4", arguments: "-map 0 -map 1 -c:v libx264 -c:a aac", sound: "aac"),
    MadeMediaRow(category: "10-bit", name: "a.mp4", arguments: "\(video) -pix_fmt yuv420p10le"),
    MadeMediaRow(
      category: "10-bit 4:2:2", name: "a.mkv", arguments: "-map 0 -c:v ffv1 -pix_fmt yuv422p10le",
      format: .yuv422p),
    MadeMediaRow(
      category: "4:2:2", name: "a.mp4", arguments: "\(video) -pix_fmt yuv422p", format: .yuv422p),
    MadeMediaRow(
      category: "4:4:4", name: "a.mp4", arguments: "\(video) -pix_fmt yuv444p", format: .yuv444p),
    MadeMediaRow(
      category: "4:1:1", name: "a.mkv", arguments: "-map 0 -c:v ffv1 -pix_fmt yuv411p", format: .yuv422p),
    MadeMediaRow(
      category: "full range", name: "a.mp4", arguments: "\(video) -pix_fmt yuvj420p -color_range pc",
      range: .pc),
    MadeMediaRow(
      category: "interlaced", name: "a.mpg",
      arguments: "-map 0 -c:v mpeg2video -flags +ilme+ildct -vf setfield=tff"),
    MadeMediaRow(
      category: "interlaced H.264", name: "a.ts",
      arguments: "\(video) -flags +ilme+ildct -x264-params tff=1"),
    MadeMediaRow(
      category: "non-square pixels", name: "a.mp4", arguments: "\(video) -vf setsar=16/15",
      aspect: Rational(16, 15)),
    MadeMediaRow(
      category: "non-square pixels, MPEG-2", name: "a.mpg",
      arguments: "-map 0 -c:v mpeg2video -aspect 16/9",
      aspect: Rational(4, 3)),
    MadeMediaRow(
      category: "turned half round", name: "a.mp4", arguments: "\(video) -pix_fmt yuv420p", turn: 3),
    MadeMediaRow(
      category: "turned to the right", name: "a.mp4", arguments: "\(video) -pix_fmt yuv420p", turn: 6),
    MadeMediaRow(
      category: "turned to the left, non-square pixels", name: "a.mov",
      arguments: "\(video) -pix_fmt yuv420p -vf setsar=16/15", turn: 8, aspect: Rational(15, 16)),
    MadeMediaRow(
      category: "sound in an MPEG-TS", name: "a.ts", arguments: "\(video) -map 1 -c:a mp2", sound: "mp2"),
    MadeMediaRow(
      category: "sound without compression", name: "a.mov", arguments: "\(video) -map 1 -c:a pcm_s16le",
      sound: "pcm_s16le"),
    MadeMediaRow(
      category: "two sound tracks", name: "a.mkv",
      arguments: "\(video) -map 1 -map 1 -c:a:0 ac3 -c:a:1 flac",
      sound: "ac3+flac"),
    MadeMediaRow(
      category: "variable frame rate", name: "a.mp4",
      arguments: "\(video) -vf select=mod(n\\,3) -fps_mode vfr"),
    MadeMediaRow(category: "starts at an hour", name: "a.ts", arguments: "\(video) -output_ts_offset 3600"),
    MadeMediaRow(
      category: "fragmented", name: "a.mp4", arguments: "\(video) -movflags +frag_keyframe+empty_moov"),
    MadeMediaRow(category: "raw H.264", name: "a.h264", arguments: video),
    MadeMediaRow(
      category: "raw HEVC", name: "a.hevc",
      arguments: "-map 0 -c:v libx265 -preset ultrafast -x265-params log-level=none"),
    MadeMediaRow(category: "raw MPEG-2", name: "a.m2v", arguments: "-map 0 -c:v mpeg2video"),
    MadeMediaRow(
      category: "raw Motion JPEG", name: "a.mjpeg", arguments: "-map 0 -c:v mjpeg -pix_fmt yuvj420p",
      range: .pc),
    MadeMediaRow(category: "YUV4MPEG2", name: "a.y4m", arguments: "-map 0 -pix_fmt yuv420p"),
    MadeMediaRow(category: "animated GIF", name: "a.gif", arguments: "-map 0", format: .rgb24, range: .pc),
    MadeMediaRow(
      category: "animated PNG", name: "a.apng", arguments: "-map 0 -pix_fmt rgb24", format: .rgb24,
      range: .pc
    ),
    MadeMediaRow(
      category: "animated WebP", name: "a.webp", arguments: "-map 0 -c:v libwebp_anim",
      refusal: "animated WebP"),
    MadeMediaRow(
      category: "16-bit gray", name: "a.png", arguments: "-frames:v 1 -pix_fmt gray16be", format: .gray,
      range: .pc),
    MadeMediaRow(
      category: "16-bit RGB", name: "a.png", arguments: "-frames:v 1 -pix_fmt rgb48be", format: .rgb24,
      range: .pc),
    MadeMediaRow(
      category: "16-bit RGB TIFF", name: "a.tiff", arguments: "-frames:v 1 -pix_fmt rgb48le",
      format: .rgb24,
      range: .pc),
    MadeMediaRow(
      category: "palette", name: "a.png", arguments: "-frames:v 1 -pix_fmt pal8", format: .rgb24, range: .pc
    ),
    MadeMediaRow(
      category: "alpha", name: "a.png", arguments: "-frames:v 1 -pix_fmt rgba", format: .rgb24, range: .pc),
    MadeMediaRow(
      category: "alpha WebP", name: "a.webp", arguments: "-frames:v 1 -c:v libwebp -pix_fmt yuva420p",
      aspect: nil),
    MadeMediaRow(
      category: "gray", name: "a.pgm", arguments: "-frames:v 1 -pix_fmt gray", format: .gray, range: .pc,
      aspect: nil),
    MadeMediaRow(
      category: "gray and alpha", name: "a.png", arguments: "-frames:v 1 -pix_fmt ya8", format: .gray,
      range: .pc),
    MadeMediaRow(
      category: "black and white", name: "a.png", arguments: "-frames:v 1 -pix_fmt monob", format: .gray,
      range: .pc),
    MadeMediaRow(
      category: "JPEG 4:2:2", name: "a.jpg", arguments: "-frames:v 1 -pix_fmt yuvj422p", format: .yuv422p,
      range: .pc),
    MadeMediaRow(
      category: "encrypted", name: "a.mp4",
      arguments: "\(video) -encryption_scheme cenc-aes-ctr -encryption_key \(key) -encryption_kid \(key)",
      refusal: "encrypted"),
    MadeMediaRow(
      category: "sound alone", name: "a.m4a", arguments: "-map 1 -c:a aac", refusal: "no video stream"),
  ]

  /// EXIF's eight ways.
  static let turnedPictures = (1...8).map {
    MadeMediaRow(
      category: "EXIF orientation \($0)", name: "a.jpg", arguments: "-frames:v 1 -pix_fmt yuvj444p",
      format: .yuv444p, range: .pc, turn: $0)
  }

  static let all = files + turnedPictures
}
