import Dispatch
import Foundation
import FrameMedia
import FrameStream
import SystemIO
import Testing

@Suite(.enabled(if: FFmpegTool.isInstalled))
struct MediaInputTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  /// Two seconds with sound, 25 frames a second.
  func clip(_ name: String = "clip.mp4", _ extra: String = "-pix_fmt yuv420p") throws -> String {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:d=2 -f lavfi -i sine=d=2 \(extra) -c:a aac", folder[name])
    return folder[name]
  }

  @Test func givesPicturesAsDecoded() throws {
    let path = try clip()
    let all = try contents(of: path)
    #expect(all.pictures.count == 50)
    #expect(all.video.pixelFormat == .yuv420p && all.video.colorRange == .tv)
    #expect(all.video.frameRate == Rational(25, 1))
    #expect(Data(all.pictures.flatMap(\.bytes)) == (try FFmpegTool.pictures(path, "yuv420p")))
    #expect(all.packetCounts[all.tracks[0].id] ?? 0 > 80)
  }

  @Test func keepsNamesWithColons() throws {
    let path = try clip("a:b%03d.mp4")
    #expect(try contents(of: path).pictures.count == 50)
    let odd = folder["http:x.mp4"]
    try FileManager.default.copyItem(atPath: path, toPath: odd)
    #expect(try contents(of: odd).pictures.count == 50)
  }

  @Test(arguments: ["mkv", "ts", "avi"])
  func readsPipes(_ container: String) throws {
    let path = try clip("piped." + container)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let pipe = feedingPipe(data)
    let input = try MediaInput(descriptor: pipe.fileDescriptor, name: "-")
    let found = try contents(of: input)
    let expected = try contents(of: path)
    #expect(found.pictures.map(\.pts) == expected.pictures.map(\.pts))
    #expect(found.pictures == expected.pictures)
  }

  @Test func saysWhyAPipeWillNotDo() throws {
    // Larger than what libav keeps of a stream.
    let path = try clip("large.mp4", "-vf noise=alls=60:allf=t,scale=640x480 -pix_fmt yuv420p -qp 4")
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(data.count > 2_000_000)
    let pipe = feedingPipe(data)
    let failure = #expect(throws: Failure.self) {
      let input = try MediaInput(descriptor: pipe.fileDescriptor, name: "-")
      _ = try contents(of: input)
    }
    #expect(failure?.cause.contains("index") == true, "\(String(describing: failure))")
  }

  @Test func stopsWaitingWhenInterrupted() throws {
    let pipe = Pipe()
    let options = MediaInputOptions()
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.2) { options.interruption.request() }
    #expect(throws: Failure.self) {
      _ = try MediaInput(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "-", options: options)
    }
  }

  @Test func keepsToTheWindow() throws {
    let path = try clip()
    var options = MediaInputOptions()
    options.start = 0.5
    options.duration = 1
    let all = try contents(of: path, options)
    #expect(all.times.count == 25)
    #expect(abs((all.times.first ?? 0) - 0.52) < 0.021 && all.times.allSatisfy { $0 >= 0.5 && $0 < 1.5 })
    let packets = all.packetCounts.values.reduce(0, +)
    #expect((40...48).contains(packets), "\(packets)")
    options.start = 10
    #expect(throws: Failure.self) { try contents(of: path, options) }
  }

  @Test func scalesAndConvertsOnDemand() throws {
    let path = try clip()
    var options = MediaInputOptions()
    options.size = (33, 17)
    options.pixelFormat = .rgb24
    let small = try contents(of: path, options)
    #expect(small.video.width == 33 && small.video.height == 17 && small.video.colorRange == .pc)
    #expect(small.pictures.allSatisfy { $0.bytes.count == 33 * 17 * 3 })
    options = MediaInputOptions()
    options.pixelFormat = .gray
    let gray = try contents(of: path, options)
    let plain = try contents(of: path)
    #expect(gray.video.colorRange == .tv)
    for (a, b) in zip(gray.pictures, plain.pictures) { #expect(a.bytes == Array(b.bytes.prefix(64 * 48))) }
  }

  /// Depth is reduced, range is not touched.
  @Test(
    arguments: [
      ("yuv420p10le", "yuv420p"), ("yuv422p10le", "yuv422p"), ("yuv440p", "yuv444p"), ("yuv411p", "yuv422p"),
    ], ["tv", "pc"])
  func keepsTheRange(_ formats: (String, String), _ range: String) throws {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:d=0.2 -vf format=\(formats.0) -color_range \(range) -c:v ffv1",
      folder["deep.mkv"])
    let all = try contents(of: folder["deep.mkv"])
    #expect(all.video.pixelFormat.rawValue == formats.1)
    #expect(all.video.colorRange.rawValue == range)
    // ffmpeg takes the plain names for limited range and would rescale.
    let name = range == "pc" ? formats.1.replacingOccurrences(of: "yuv", with: "yuvj") : formats.1
    let reference = [UInt8](try FFmpegTool.pictures(folder["deep.mkv"], name))
    let ours = all.pictures.flatMap(\.bytes)
    #expect(ours.count == reference.count)
    #expect(psnr(ours, reference) > 45)
    let luma = zip(all.pictures[0].bytes.prefix(64 * 48), reference).map { abs(Int($0) - Int($1)) }.max()
    #expect(luma ?? 99 <= 1)
  }

  @Test func reportsDamageAndGoesOn() throws {
    let path = try clip("damaged.ts")
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in stride(from: data.count / 2, to: data.count * 3 / 4, by: 31) { data[index] ^= 0x55 }
    try data.write(to: URL(fileURLWithPath: path))
    let warnings = Warnings()
    var options = MediaInputOptions()
    options.onWarning = { warnings.lines.append($0) }
    let all = try contents(of: path, options)
    #expect(!warnings.lines.isEmpty)
    #expect(all.times.count == (try FFmpegTool.times(path)).count)
    options.strict = true
    let failure = #expect(throws: Failure.self) { try contents(of: path, options) }
    #expect(failure?.kind == .badInput)
  }

  @Test func countsWhereThereAreNoTimes() throws {
    try FFmpegTool.make("-f lavfi -i testsrc2=s=64x48:d=1 -pix_fmt yuv420p -bf 2", folder["raw.h264"])
    let warnings = Warnings()
    var options = MediaInputOptions()
    options.onWarning = { warnings.lines.append($0) }
    let all = try contents(of: folder["raw.h264"], options)
    #expect(all.times.count == 25)
    #expect(all.times == all.times.sorted() && Set(all.times).count == 25)
    let reference = try FFmpegTool.times(folder["raw.h264"])
    #expect(reference.count == 25)
    #expect(reference[0] != nil || warnings.lines.contains { $0.contains("time stamps") })
  }

  /// Sound that comes long before the first picture is kept, and that is reported.
  @Test func aLateFirstPictureIsReported() throws {
    for (delay, isLate) in [("0.1", false), ("6.5", true)] {
      try FFmpegTool.make(
        "-f lavfi -i aevalsrc=0|0|0|0|0|0|0|0:s=48000:d=7 -itsoffset \(delay) -f lavfi -i testsrc2=s=64x48:d=0.2 "
          + "-c:a pcm_f64le -c:v mjpeg -pix_fmt yuvj420p", folder["late.mkv"])
      let warnings = Warnings()
      var options = MediaInputOptions()
      options.onWarning = { warnings.lines.append($0) }
      let all = try contents(of: folder["late.mkv"], options, keepPictures: false)
      #expect(all.times.count == 5 && (all.packetCounts.values.first ?? 0) > 100)
      let isReported = warnings.lines.count { $0.contains("its first picture comes late") } == 1
      #expect(isReported == isLate, "\(delay): \(warnings.lines)")
    }
  }

  @Test func opensDevicesAndNamesMissingOnes() throws {
    var options = MediaInputOptions()
    options.format = "lavfi"
    let input = try MediaInput(path: "testsrc=s=32x16:d=0.2,format=yuv420p", options: options)
    #expect(try contents(of: input).pictures.count == 5)
    options.format = "v4l2"
    let camera = #expect(throws: Failure.self) { _ = try MediaInput(path: "/dev/video97", options: options) }
    #expect(camera?.kind == .inputOutput && camera?.step == "no such camera")
    options.format = "nonsense"
    #expect(throws: Failure.self) { _ = try MediaInput(path: "x", options: options) }
  }

  @Test func refusesWhatIsNoVideo() throws {
    func kind(_ name: String, _ text: String) throws -> Failure? {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder[name]))
      return #expect(throws: Failure.self) { _ = try MediaInput(path: folder[name]) }
    }
    #expect(try kind("empty.mp4", "")?.cause == "the file is empty")
    #expect(try kind("text.mp4", "no media\n")?.kind == .badInput)
    let missing = #expect(throws: Failure.self) { _ = try MediaInput(path: folder["missing.mp4"]) }
    #expect(missing?.kind == .inputOutput && missing?.cause == "No such file or directory")
    // A playlist leads nowhere.
    _ = try clip("target.ts")
    #expect(
      try kind(
        "list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n\(folder["target.ts"])\n#EXT-X-ENDLIST\n")?
        .kind == .badInput)
    try FFmpegTool.make("-f lavfi -i sine=d=1", folder["sound.m4a"])
    let sound = #expect(throws: Failure.self) { _ = try MediaInput(path: folder["sound.m4a"]) }
    #expect(sound?.cause == "no video stream")
  }

  /// Frames keep their own size and the stream's format.
  @Test func survivesAChangeOfSize() throws {
    var data = Data()
    for settings in ["testsrc2=s=64x48:d=1 -pix_fmt yuv420p", "testsrc2=s=96x32:d=1 -pix_fmt yuv422p"] {
      try FFmpegTool.make("-f lavfi -i \(settings) -c:v libx264", folder["part.h264"])
      data += try Data(contentsOf: URL(fileURLWithPath: folder["part.h264"]))
    }
    try data.write(to: URL(fileURLWithPath: folder["both.h264"]))
    let all = try contents(of: folder["both.h264"])
    #expect(all.pictures.map(\.layout.width) == (0..<50).map { $0 < 25 ? 64 : 96 })
    #expect(all.pictures.allSatisfy { $0.layout.format == .yuv420p && $0.bytes.count == $0.layout.byteCount })
  }

  /// A cover is not a video.
  @Test func passesOverCoverArt() throws {
    try FFmpegTool.make("-f lavfi -i testsrc2=s=64x48 -frames:v 1", folder["cover.jpg"])
    try FFmpegTool.make(
      "-f lavfi -i sine=d=1 -i \(folder["cover.jpg"]) -map 0 -map 1 -c:v copy -disposition:v attached_pic",
      folder["song.m4a"])
    let failure = #expect(throws: Failure.self) { _ = try MediaInput(path: folder["song.m4a"]) }
    #expect(failure?.cause == "no video stream")
  }

  @Test func readsSequences() throws {
    try FFmpegTool.make("-f lavfi -i testsrc2=s=20x10 -frames:v 4", folder["p%03d.png"])
    #expect(try contents(of: folder["p%03d.png"]).pictures.count == 4)
  }
}
