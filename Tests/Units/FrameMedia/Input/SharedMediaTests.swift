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
    } catch let failure as Failure {
      #expect(expected.isEmpty || failure.cause.contains("no video stream"), "refused: \(failure)")
    }
  }

  /// At the default quality, whole pictures: time stamps, sound packets and at least 38 dB of luma.
  @Test(arguments: SharedMedia.files("video").filter { !$0.hasSuffix(".gif") })
  func copiesKeepTimesSoundAndLuma(_ path: String) throws {
    let folder = try Folder()
    let target = folder["out.mp4"]
    var options = MediaInputOptions()
    options.duration = 1
    let warnings = try copy(path, to: target, input: options)
    let before = try contents(of: path, options)
    let after = try contents(of: target)
    #expect(after.pictures.count == before.pictures.count)
    let tick = max(before.video.timeBase.value, after.video.timeBase.value)
    for (a, b) in zip(before.times, after.times) { #expect(abs(a - b) <= tick) }
    if warnings.isEmpty {
      #expect(after.packetCounts.values.sorted() == before.packetCounts.values.sorted())
    }
    let luma = before.video.width * before.video.height
    let values = zip(before.pictures, after.pictures).map {
      psnr($0.bytes.prefix(luma), $1.bytes.prefix(luma))
    }
    #expect(values.min() ?? 0 >= 38)
  }
}
