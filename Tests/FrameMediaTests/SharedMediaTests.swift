import Foundation
import FrameMedia
import FrameStream
import SystemIO
import Testing

/// Every file of the reference media against ffprobe. Skipped where the folder is not there.
@Suite(.enabled(if: FFmpegTool.isInstalled && SharedMedia.isPresent))
struct SharedMediaTests {
  @Test(arguments: ["video", "made", "tricky", "photo"].flatMap(SharedMedia.files))
  func timesEqualThoseOfFFprobe(_ path: String) throws {
    let expected = try FFmpegTool.times(path)
    do {
      var options = MediaInputOptions()
      let warnings = Warnings()
      options.onWarning = { warnings.lines.append($0) }
      let found = try contents(of: path, options, keepPictures: false)
      #expect(found.times.count == expected.count, "\(warnings.lines)")
      let tick = found.video.timeBase.value
      for (index, (ours, theirs)) in zip(found.times, expected).enumerated() {
        guard let theirs else { continue }
        #expect(abs(ours - theirs) <= tick + 1e-6, "frame \(index)")
      }
      print(
        "OK \(path.dropFirst(SharedMedia.root.count)) \(found.times.count) \(found.video.width)x\(found.video.height) \(found.video.pixelFormat) \(found.video.colorRange) \(warnings.lines.prefix(2))"
      )
    } catch let failure as Failure {
      #expect(expected.isEmpty || failure.cause.contains("no video stream"), "refused: \(failure)")
      print(
        "REFUSED \(failure.kind) \(failure.description.dropFirst(SharedMedia.root.count)) \(expected.count)")
    }
  }
}
