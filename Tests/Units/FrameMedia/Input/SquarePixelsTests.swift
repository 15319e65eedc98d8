import Foundation
import FrameMedia
import FrameStream
import Testing

/// Pictures whose pixels are not square.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct SquarePixelsTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  private var square: MediaInputOptions {
    var options = MediaInputOptions()
    options.squarePixels = true
    return options
  }

  /// The shape of a pixel, and the size with square ones of a picture of 72x58.
  static let shapes = [
    ("64/45", 102, 58), ("16/15", 76, 58), ("4/3", 96, 58), ("8/9", 72, 66), ("32/27", 86, 58),
    ("1/1", 72, 58),
    ("2/1", 144, 58),
  ]

  @Test(arguments: shapes) func theShortSideGrows(_ shape: String, _ width: Int, _ height: Int) throws {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=72x58:r=25:d=0.2 -vf setsar=\(shape) -pix_fmt yuv420p -c:v libx264",
      folder["a.mp4"]
    )
    let stored = try contents(of: folder["a.mp4"])
    let parts = shape.split(separator: "/").compactMap { Int($0) }
    #expect(stored.video.sampleAspectRatio == Rational(parts[0], parts[1]) && stored.video.width == 72)
    let found = try contents(of: folder["a.mp4"], square)
    #expect(found.video.width == width && found.video.height == height, "\(found.video)")
    #expect(found.video.sampleAspectRatio == Rational(1, 1))
    #expect(found.pictures.count == 5)
    #expect(found.pictures.allSatisfy { $0.layout.width == width && $0.layout.height == height })
    // The shape on the screen stays.
    let shown = Double(stored.video.width) * Double(parts[0]) / Double(parts[1]) / Double(stored.video.height)
    #expect(abs(Double(width) / Double(height) / shown - 1) < 0.02)
  }

  /// A quarter turn turns the pixels too.
  @Test func turnedPictures() throws {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=72x58:r=25:d=0.2 -vf setsar=4/3 -pix_fmt yuv420p -c:v libx264", folder["a.mp4"])
    let data = try withMatrix(try Data(contentsOf: URL(fileURLWithPath: folder["a.mp4"])), orientation: 6)
    try data.write(to: URL(fileURLWithPath: folder["turned.mp4"]))
    let found = try contents(of: folder["turned.mp4"], square)
    #expect(found.video.width == 58 && found.video.height == 96, "\(found.video)")
    #expect(found.video.sampleAspectRatio == Rational(1, 1))
  }

  /// A broadcast that changes from 4:3 to 16:9: all pictures become square ones, or the change is said.
  @Test func theShapeMayChangeOnTheWay() throws {
    var data = Data()
    for aspect in ["4/3", "16/9"] {
      try FFmpegTool.make(
        "-f lavfi -i testsrc2=s=72x58:r=25:d=0.4 -pix_fmt yuv420p -c:v mpeg2video -aspect \(aspect)",
        folder["part.m2v"])
      data += try Data(contentsOf: URL(fileURLWithPath: folder["part.m2v"]))
    }
    try data.write(to: URL(fileURLWithPath: folder["both.m2v"]))
    let found = try contents(of: folder["both.m2v"], square)
    #expect(Set(found.pictures.map(\.layout.width)) == [78, 104], "\(found.pictures.map(\.layout.width))")
    let warnings = Warnings()
    var plain = MediaInputOptions()
    plain.onWarning = { warnings.lines.append($0) }
    _ = try contents(of: folder["both.m2v"], plain)
    #expect(warnings.lines.contains { $0.contains("the shape of pixels changes") && $0.contains("--square") })
  }
}
