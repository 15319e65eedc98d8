import Foundation
import FrameMedia
import FrameStream
import Testing

/// Inputs without a container: times are counted from 0 at the rate of the bits, or at one that is assumed and reported,
/// whatever the version of FFmpeg, from a file and from a pipe that can be read only once.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct ContainerlessTimesTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  private static let assumed = "they are counted, 25 a second"

  /// Twelve pictures, ten a second by their bits or with no rate in them.
  @Test(
    arguments: [
      ("-c:v libx264 -bf 2", "a.h264", 10), ("-c:v libx264 -bf 0 -g 1", "b.h264", 10),
      ("-c:v libx265 -x265-params log-level=none", "a.hevc", 10),
      ("-c:v libx265 -x265-params log-level=none:vui-timing-info=0", "b.hevc", nil),
      ("-c:v libx265 -x265-params log-level=none:vui-timing-info=0:bframes=0", "c.hevc", nil),
      ("-c:v mjpeg -pix_fmt yuvj420p", "a.mjpeg", nil), ("-c:v libaom-av1 -cpu-used 8", "a.obu", nil),
      ("-c:v mpeg4 -bf 2", "a.m4v", 10), ("-c:v vc2 -b:v 2M -f dirac", "a.drc", 10),
      ("-vf setpts=N/25/TB -r 25 -c:v mpeg1video", "a.m1v", 25),
      ("-vf setpts=N/25/TB -r 25 -c:v mpeg2video -bf 2", "a.m2v", 25),
      ("-vf setpts=N/25/TB -r 25 -flags +ildct+ilme -c:v mpeg2video", "b.m2v", 25),
    ] as [(String, String, Int?)]) func timesAreCounted(_ arguments: String, _ name: String, _ rate: Int?)
    throws
  {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:r=10 -frames:v 12 -pix_fmt yuv420p \(arguments)", folder[name])
    let warnings = Warnings()
    var options = MediaInputOptions()
    options.onWarning = { warnings.lines.append($0) }
    func check(_ found: MediaContents, _ note: String) {
      let step = 1 / Double(rate ?? 25)
      #expect(found.times.count == 12, "\(name) \(note)")
      #expect(
        zip(found.times, 0...).allSatisfy { abs($0 - Double($1) * step) < 1e-5 },
        "\(name) \(note): \(found.times)")
      #expect(found.video.frameRate?.value == Double(rate ?? 25), "\(name) \(note)")
      let isAssumed = warnings.lines.filter { $0.contains(Self.assumed) }.count == 1
      #expect(isAssumed == (rate == nil), "\(name) \(note): \(warnings.lines)")
      #expect(
        !warnings.lines.contains { $0.contains("25 frames a second") }, "\(name) \(note): \(warnings.lines)")
      #expect(rate != nil || warnings.lines.count == 1, "\(name) \(note): \(warnings.lines)")
      warnings.lines = []
    }
    check(try contents(of: folder[name], options, keepPictures: false), "as a file")
    let data = try Data(contentsOf: URL(fileURLWithPath: folder[name]))
    let pipe = Pipe()
    // F_SETPIPE_SZ, a macro of GNU's: all of it is there before anybody reads.
    try #require(fcntl(pipe.fileHandleForWriting.fileDescriptor, 1031, 1 << 20) >= data.count)
    try pipe.fileHandleForWriting.write(contentsOf: data)
    try pipe.fileHandleForWriting.close()
    let input = try MediaInput(
      descriptor: pipe.fileHandleForReading.fileDescriptor, name: "standard input", options: options)
    check(try contents(of: input, keepPictures: false), "from a pipe")
    options.start = 0.26
    let part = try contents(of: folder[name], options, keepPictures: false)
    let times = (0..<12).map { Double($0) / Double(rate ?? 25) }.filter { $0 >= 0.26 }
    #expect(
      part.times.count == times.count && zip(part.times, times).allSatisfy { abs($0 - $1) < 1e-5 },
      "\(name) from 0.26 s: \(part.times)")
  }

  /// A rate that somebody gives is the one that is counted by.
  @Test(arguments: [
    ("-c:v mjpeg -pix_fmt yuvj420p", "a.mjpeg"),
    ("-c:v libx265 -x265-params log-level=none:vui-timing-info=0", "a.hevc"),
  ]) func aGivenRate(_ arguments: String, _ name: String) throws {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:r=10 -frames:v 12 -pix_fmt yuv420p \(arguments)", folder[name])
    let warnings = Warnings()
    var options = MediaInputOptions()
    options.onWarning = { warnings.lines.append($0) }
    options.inputOptions = [("framerate", "50")]
    let found = try contents(of: folder[name], options, keepPictures: false)
    #expect(found.times.count == 12 && zip(found.times, 0...).allSatisfy { abs($0 - Double($1) / 50) < 1e-5 })
    #expect(!warnings.lines.contains { $0.contains("25") }, "\(warnings.lines)")
  }
}
