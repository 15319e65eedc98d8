import Foundation
import FrameMedia
import FrameStream
import Testing

/// A start within inputs that have neither times nor an index: the pictures are those of the whole.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct IndexlessStartTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  @Test(arguments: [
    ("-c:v libx264 -preset ultrafast -g 5 -bf 2", "a.h264"),
    ("-c:v libx265 -x265-params log-level=error:keyint=5", "a.hevc"), ("-c:v mjpeg", "a.mjpeg"),
    ("-c:v mpeg2video -g 5 -bf 2", "a.m2v"), ("-c:v mpeg4 -g 5", "a.m4v"), ("-s 176x144 -c:v h263", "a.h263"),
    ("-c:v libx264 -g 5", "a.nut"), ("-c:v libvpx -g 5", "a.ivf"),
  ]) func aStartIsWhereTheWholeHasIt(_ arguments: String, _ name: String) throws {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=1 -pix_fmt yuv420p \(arguments)", folder[name])
    let whole = try contents(of: folder[name])
    #expect(whole.pictures.count == 25)
    let origin = try MediaInput(path: folder[name]).startTime
    for start in [0.11, 0.5, 0.75] {
      var options = MediaInputOptions()
      options.start = start
      let part = try contents(of: folder[name], options)
      let wanted = zip(whole.times, whole.pictures).filter { $0.0 >= start + origin - 1e-6 }.map(\.1)
      #expect(!wanted.isEmpty && part.pictures == wanted, "\(name) from \(start): \(part.pictures.count)")
    }
  }
}
