import Foundation
import FrameMedia
import FrameStream
import SystemIO
import Testing

/// Colors between YUV and RGB, against those that the pictures were made with.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct ColorMatrixTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  static let colors: [[UInt8]] = [[32, 192, 64], [190, 60, 90], [70, 90, 170]]

  /// The limited-range YUV of an RGB color by the matrix with these weights (H.273).
  private static func yuv(_ color: [UInt8], red: Double, blue: Double) -> [UInt8] {
    let (r, g, b) = (Double(color[0]) / 255, Double(color[1]) / 255, Double(color[2]) / 255)
    let y = red * r + (1 - red - blue) * g + blue * b
    let (cb, cr) = ((b - y) / (2 * (1 - blue)), (r - y) / (2 * (1 - red)))
    return [16 + 219 * y, 128 + 224 * cb, 128 + 224 * cr].map { UInt8($0.rounded()) }
  }

  /// Writes two pictures of one color, given in YUV with a matrix's name.
  private func write(
    _ color: [UInt8], _ space: String, to path: String, _ options: MediaOutputOptions = MediaOutputOptions()
  ) throws {
    var video = VideoDescription(
      width: 64, height: 48, pixelFormat: .yuv420p, timeBase: Rational(1, 25), frameRate: Rational(25, 1),
      colorRange: .tv)
    video.colorSpace = space
    video.colorPrimaries = space == "bt2020nc" ? "bt2020" : space
    video.colorTransfer = space == "bt2020nc" ? "bt709" : space
    let weights = ["bt709": (0.2126, 0.0722), "smpte170m": (0.299, 0.114), "bt2020nc": (0.2627, 0.0593)][
      space]!
    let yuv = Self.yuv(color, red: weights.0, blue: weights.1)
    let layout = try PictureLayout(.yuv420p, width: 64, height: 48)
    let bytes =
      [UInt8](repeating: yuv[0], count: 64 * 48) + [UInt8](repeating: yuv[1], count: 32 * 24)
      + [UInt8](repeating: yuv[2], count: 32 * 24)
    let output = try MediaOutput(path: path, video: video, options: options)
    try output.write(frame: bytes, layout: layout, pts: 0)
    if !MediaFormat.isPictureFile(path) { try output.write(frame: bytes, layout: layout, pts: 1) }
    try output.finish()
  }

  /// A pixel from the middle of the first picture, as ffmpeg shows it.
  private func pixel(_ path: String) throws -> [Int] {
    let data = try FFmpegTool.run([
      "ffmpeg", "-v", "quiet", "-i", path, "-frames:v", "1", "-vf", "format=rgb24,crop=2:2:30:20", "-f",
      "rawvideo", "-",
    ])
    return data.prefix(3).map(Int.init)
  }

  private func expect(_ path: String, _ color: [UInt8], _ note: String) throws {
    let found = try pixel(path)
    // Files of YUV round twice.
    let isYUV = ["jpg", "webp", "tiff", "jp2"].contains { path.hasSuffix($0) }
    let isNear = found.count == 3 && zip(found, color).allSatisfy { abs($0 - Int($1)) <= (isYUV ? 3 : 2) }
    #expect(isNear, "\(note): \(found), not \(color)")
  }

  @Test(arguments: ["bt709", "smpte170m", "bt2020nc"]) func picturesHaveTheColorsOfTheVideo(_ space: String)
    throws
  {
    for name in ["a.png", "a.bmp", "a.tiff", "a.jpg", "a.webp", "a.gif", "a.apng", "a.ppm", "a.tga", "a.jp2"]
    {
      let color = Self.colors[(name.count + space.count) % 3]
      try write(color, space, to: folder[name])
      try expect(folder[name], color, "\(space) to \(name)")
    }
  }

  @Test(arguments: ["libx264rgb", "png", "qtrle", "mjpeg", "libx264", "ffv1", "huffyuv"])
  func videoHasTheColorsOfTheVideo(_ codec: String) throws {
    var options = MediaOutputOptions()
    options.codec = codec
    if codec == "libx264" || codec == "libx264rgb" { options.quality = 4 }
    let color = Self.colors[codec.count % 3]
    try write(color, "bt709", to: folder["a.mov"], options)
    try expect(folder["a.mov"], color, codec)
  }

  /// RGB becomes YUV by the matrix that players assume for the size, and says so.
  @Test(arguments: [
    (64, 48, "smpte170m"), (720, 576, "smpte170m"), (1280, 720, "bt709"), (1080, 1920, "bt709"),
  ])
  func rgbFollowsTheSize(_ width: Int, _ height: Int, _ space: String) throws {
    let video = VideoDescription(
      width: width, height: height, pixelFormat: .rgb24, timeBase: Rational(1, 25),
      frameRate: Rational(25, 1),
      colorRange: .pc)
    let layout = try PictureLayout(.rgb24, width: width, height: height)
    let color = Self.colors[0]
    let bytes = [UInt8](unsafeUninitializedCapacity: layout.byteCount) { bytes, count in
      for index in 0..<layout.byteCount { bytes[index] = color[index % 3] }
      count = layout.byteCount
    }
    for name in ["a.mp4", "a.mkv", "a.ts"] {
      var options = MediaOutputOptions()
      options.quality = 4
      let output = try MediaOutput(path: folder[name], video: video, options: options)
      try output.write(frame: bytes, layout: layout, pts: 0)
      try output.finish()
      #expect(try FFmpegTool.entry("color_space", folder[name]).hasPrefix(space), "\(name)")
      try expect(folder[name], color, "\(width)x\(height) \(name)")
    }
    // The same on the way in.
    try FFmpegTool.make(
      "-f lavfi -i color=c=0x20C040:s=\(width)x\(height):r=25:d=0.04,format=rgb24 -c:v png", folder["in.mov"])
    var options = MediaInputOptions()
    options.pixelFormat = .yuv444p
    let found = try contents(of: folder["in.mov"], options)
    #expect(found.video.colorSpace == space)
    let weights = space == "bt709" ? (0.2126, 0.0722) : (0.299, 0.114)
    let wanted = Self.yuv(color, red: weights.0, blue: weights.1)
    let pixels = width * height
    let first = found.pictures[0].bytes
    for plane in 0..<3 { #expect(abs(Int(first[plane * pixels]) - Int(wanted[plane])) <= 1, "\(plane)") }
  }

  /// A picture of more colors than a palette has stays close to itself.
  @Test func aPaletteSuitsItsPicture() throws {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=128x96:r=5:d=0.6 -pix_fmt yuv444p -c:v ffv1 -colorspace bt470bg",
      folder["in.mkv"])
    try copy(folder["in.mkv"], to: folder["out.gif"])
    let before = try FFmpegTool.pictures(folder["in.mkv"], "rgb24")
    let after = try FFmpegTool.pictures(folder["out.gif"], "rgb24")
    #expect(before.count == after.count)
    #expect(psnr(before, after) > 30, "\(psnr(before, after))")
  }

  // MARK: High dynamic range

  @Test(arguments: ["smpte2084", "arib-std-b67"]) func tenBitsStayTen(_ transfer: String) throws {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -vf format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=\(transfer):colorspace=bt2020nc -c:v ffv1",
      folder["in.mkv"])
    #expect(try contents(of: folder["in.mkv"], keepPictures: false).video.pixelFormat == .yuv420p10le)
    for name in ["a.mp4", "a.mkv"] {
      let said = try copy(folder["in.mkv"], to: folder[name])
      #expect(said.isEmpty, "\(said)")
      let entries = try FFmpegTool.entry("pix_fmt,color_space,color_transfer,color_primaries", folder[name])
      #expect(
        Set(entries.split(separator: "\n").map(String.init)) == [
          "yuv420p10le", "bt2020nc", transfer, "bt2020",
        ])
    }
    for (name, codec) in [("a.avi", "mpeg4"), ("a.png", nil), ("a.jpg", nil)] {
      var options = MediaOutputOptions()
      options.codec = codec
      var first = MediaInputOptions()
      first.duration = 0.03
      let said = try copy(folder["in.mkv"], to: folder[name], input: first, output: options)
      #expect(said.contains { $0.contains("high dynamic range (\(transfer))") }, "\(name): \(said)")
    }
    let warnings = Warnings()
    var options = MediaInputOptions()
    options.pixelFormat = .yuv420p
    options.onWarning = { warnings.lines.append($0) }
    _ = try contents(of: folder["in.mkv"], options, keepPictures: false)
    #expect(warnings.lines.contains { $0.contains("--pixel-format yuv420p10le keeps ten") })
  }
}
