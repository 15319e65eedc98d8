import Dispatch
import Foundation
import FrameMedia
import FrameStream
import SystemIO
import Testing

@Suite(.enabled(if: FFmpegTool.isInstalled))
struct MediaOutputTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  func clip(_ name: String, _ extra: String = "-pix_fmt yuv420p", sound: String = "aac") throws -> String {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=128x96:d=2 -f lavfi -i sine=d=2 \(extra) -c:a \(sound)", folder[name])
    return folder[name]
  }

  @Test(arguments: ["mp4", "mov", "mkv"])
  func keepsTimesSoundAndPicture(_ container: String) throws {
    let source = try clip(
      "in.mp4",
      "-vf setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709,format=yuv420p -bf 2 -aspect 2:1"
    )
    let target = folder["out." + container]
    let warnings = try copy(source, to: target)
    #expect(warnings.isEmpty, "\(warnings)")
    #expect(try FFmpegTool.soundHash(source) == FFmpegTool.soundHash(target))
    let before = try contents(of: source)
    let after = try contents(of: target)
    #expect(before.times.count == after.times.count)
    let tick = max(before.video.timeBase.value, after.video.timeBase.value)
    // Matroska has no times before 0: the sound's lead-in moves everything by its length, as with ffmpeg.
    let shift = container == "mkv" ? after.times[0] - before.times[0] : 0
    #expect(abs(shift) < 0.025)
    for (a, b) in zip(before.times, after.times) { #expect(abs(a + shift - b) <= tick) }
    let luma = 128 * 96
    for (a, b) in zip(before.pictures, after.pictures) {
      #expect(psnr(a.bytes.prefix(luma), b.bytes.prefix(luma)) > 38)
    }
    #expect(after.video.sampleAspectRatio == before.video.sampleAspectRatio)
    #expect(after.video.colorSpace == "bt709" && after.video.colorTransfer == "bt709")
    #expect(after.video.colorRange == before.video.colorRange)
    #expect(try FFmpegTool.entry("codec_name", target) == "h264")
  }

  /// Frames at odd times, beginning late, the last one long.
  @Test(arguments: ["mp4", "mkv", "mov"])
  func keepsVariableRates(_ container: String) throws {
    var video = VideoDescription(
      width: 64, height: 48, pixelFormat: .gray, timeBase: Rational(1, 1000), colorRange: .pc)
    video.colorRange = .pc
    let times = [520, 560, 561, 700, 1500, 1533, 4000]
    let layout = try PictureLayout(.gray, width: 64, height: 48)
    let output = try MediaOutput(path: folder["vfr." + container], video: video)
    for (index, time) in times.enumerated() {
      let bytes = (0..<layout.byteCount).map { UInt8(($0 % 64 + index * 20) % 256) }
      try output.write(frame: bytes, layout: layout, pts: time, duration: index == 6 ? 2000 : nil)
    }
    try output.finish()
    let found = try contents(of: folder["vfr." + container])
    #expect(found.times.map { Int(($0 * 1000).rounded()) } == times)
    #expect(found.video.colorRange == .pc)
    #expect(abs((found.video.duration ?? 0) - 5.48) < 0.6, "\(String(describing: found.video.duration))")
    // Gray goes through 4:2:0 without a change of level.
    #expect(psnr(found.pictures[0].bytes.prefix(64 * 48), (0..<(64 * 48)).map { UInt8($0 % 64) }) > 38)
  }

  @Test(
    arguments: [(1, 1), (641, 479), (3, 2), (2, 3)], [PixelFormat.yuv420p, .rgb24, .gray, .yuv422p, .nv12])
  func takesOddSizes(_ size: (Int, Int), _ format: PixelFormat) throws {
    let video = VideoDescription(
      width: size.0, height: size.1, pixelFormat: format, timeBase: Rational(1, 25),
      frameRate: Rational(25, 1), colorRange: format == .rgb24 ? .pc : .tv)
    let layout = try PictureLayout(format, width: size.0, height: size.1)
    let bytes = [UInt8](repeating: 90, count: layout.byteCount)
    for name in ["odd.mp4", "odd.png", "odd.jpg", "odd.webp"] {
      let output = try MediaOutput(path: folder[name], video: video)
      try output.write(frame: bytes, layout: layout, pts: 0, duration: 1)
      try output.finish()
      let found = try contents(of: folder[name])
      #expect(found.pictures.count == 1, "\(name)")
      // H.264 has whole chroma samples: the last column or row is repeated.
      let isH264 = name == "odd.mp4"
      #expect(found.video.width == size.0 + (isH264 ? size.0 % 2 : 0), "\(name)")
      #expect(found.video.height == size.1 + (isH264 && format != .yuv422p ? size.1 % 2 : 0), "\(name)")
      if isH264 { #expect(found.video.pixelFormat == (format == .yuv422p ? .yuv422p : .yuv420p)) }
      if format != .rgb24, found.video.pixelFormat != .rgb24, found.video.colorRange == .tv {
        #expect(abs(Int(found.pictures[0].bytes[0]) - 90) <= 2, "\(name)")
      }
    }
  }

  @Test func repeatsTheEdgeOfOddPictures() throws {
    let layout = try PictureLayout(.yuv420p, width: 35, height: 21)
    let video = VideoDescription(
      width: 35, height: 21, pixelFormat: .yuv420p, timeBase: Rational(1, 25), colorRange: .tv)
    var bytes = [UInt8](repeating: 128, count: layout.byteCount)
    for y in 0..<21 { for x in 0..<35 { bytes[y * 35 + x] = UInt8(40 + 4 * x + 2 * y) } }
    let output = try MediaOutput(path: folder["edge.mp4"], video: video)
    try output.write(frame: bytes, layout: layout, pts: 0, duration: 1)
    try output.finish()
    let found = try contents(of: folder["edge.mp4"])
    #expect(found.video.width == 36 && found.video.height == 22)
    let picture = found.pictures[0].bytes
    for y in 0..<22 {
      for x in 0..<36 {
        let expected = 40 + 4 * min(x, 34) + 2 * min(y, 20)
        #expect(abs(Int(picture[y * 36 + x]) - expected) <= 4, "\(x), \(y)")
      }
    }
  }

  /// Pictures of a folder may be of either range: white stays white.
  @Test(arguments: ["mixed.mkv", "mixed%d.png", "mixed%d.jpg"]) func keepsEachPicturesRange(_ name: String)
    throws
  {
    let layout = try PictureLayout(.yuv420p, width: 32, height: 32)
    let video = VideoDescription(
      width: 32, height: 32, pixelFormat: .yuv420p, timeBase: Rational(1, 25), colorRange: .pc)
    let output = try MediaOutput(path: folder[name], video: video)
    for (index, range) in [ColorRange.pc, .tv, .pc].enumerated() {
      let white: UInt8 = range == .pc ? 255 : 235
      let bytes = (0..<layout.byteCount).map { $0 < 1024 ? white : 128 }
      try output.write(frame: bytes, layout: layout, pts: index, duration: 1, colorRange: range)
    }
    try output.finish()
    let found = try FFmpegTool.pictures(folder[name], "rgb24")
    #expect(found.count == 3 * 32 * 32 * 3)
    #expect(found.allSatisfy { $0 >= 250 }, "\(Set(found).sorted().prefix(4))")
  }

  @Test func reportsAFullDisk() throws {
    let source = try clip("in.mp4")
    let input = try MediaInput(path: source)
    for name in ["out.mkv", "out.mp4", "out.ts", "out.png"] {
      let full = open("/dev/full", O_RDWR)
      defer { close(full) }
      let failure = #expect(throws: Failure.self) {
        let output = try MediaOutput(descriptor: full, name: name, video: input.video, tracks: [])
        let layout = try PictureLayout(.yuv420p, width: 128, height: 96)
        let bytes = [UInt8](repeating: 128, count: layout.byteCount)
        try output.write(frame: bytes, layout: layout, pts: 0)
        try output.finish()
      }
      #expect(
        failure?.kind == .inputOutput && failure?.cause == "No space left on device",
        "\(name) \(String(describing: failure))")
    }
  }

  @Test func writesPicturesAndSequences() throws {
    let source = try clip("in.mp4")
    var once = MediaInputOptions()
    once.duration = 0.04
    for name in ["a.jpg", "a.png", "a.bmp", "a.webp", "a.tiff", "a.ppm"] {
      try copy(source, to: folder[name], input: once)
      let picture = try contents(of: folder[name])
      #expect(picture.pictures.count == 1 && picture.video.width == 128, "\(name)")
      let reference = [UInt8](try FFmpegTool.pictures(source, "rgb24").prefix(128 * 96 * 3))
      let found = [UInt8](try FFmpegTool.pictures(folder[name], "rgb24"))
      #expect(psnr(found, reference) > 24, "\(name)")
    }
    #expect(throws: Failure.self) { try copy(source, to: folder["many.png"]) }
    try copy(source, to: folder["s%05d.png"])
    #expect(FileManager.default.fileExists(atPath: folder["s00050.png"]))
    #expect(try contents(of: folder["s%05d.png"]).pictures.count == 50)
  }

  @Test(arguments: ["mp4", "matroska", "mpegts"])
  func writesPipes(_ format: String) throws {
    let source = try clip("in.mp4")
    let pipe = Pipe()
    let end = pipe.fileHandleForWriting
    let queue = DispatchQueue(label: "reader")
    nonisolated(unsafe) var data = Data()
    queue.async { data = readAll(pipe.fileHandleForReading.fileDescriptor) }
    let input = try MediaInput(path: source)
    var options = MediaOutputOptions()
    options.format = format
    let output = try MediaOutput(
      descriptor: end.fileDescriptor, name: "-", video: input.video, tracks: input.tracks, options: options)
    while let event = try input.next() {
      switch event {
      case .packet(let packet): try output.write(packet: packet)
      case .frame(let frame): try output.write(frame: packed(frame), layout: frame.layout, pts: frame.pts)
      }
    }
    try output.finish()
    try end.close()
    try queue.sync { try data.write(to: URL(fileURLWithPath: folder["piped"])) }
    #expect(try contents(of: folder["piped"]).pictures.count == 50)
  }

  @Test func leavesOutWhatTheContainerCannotHold() throws {
    let source = try clip("in.mkv", "-pix_fmt yuv420p", sound: "wmav2")
    let warnings = try copy(source, to: folder["out.mp4"])
    #expect(warnings.count == 1 && warnings[0].contains("wmav2"), "\(warnings)")
    #expect(try contents(of: folder["out.mp4"]).pictures.count == 50)
  }

  @Test func rewrapsTransportStreams() throws {
    let source = try clip("in.ts")
    #expect(try copy(source, to: folder["out.mp4"]).isEmpty)
    let before = try contents(of: source)
    let after = try contents(of: folder["out.mp4"])
    #expect(after.packetCounts.values.reduce(0, +) == before.packetCounts.values.reduce(0, +))
    for (a, b) in zip(before.times, after.times) { #expect(abs(a - b) <= 1e-4) }
  }

  @Test(arguments: ["avi", "webm", "gif", "mpg", "flv", "wmv", "ts", "y4m", "ogv", "3gp"])
  func writesOtherContainers(_ container: String) throws {
    let source = try clip("in.mkv", "-pix_fmt yuv420p -s 176x144")
    let target = folder["out." + container]
    _ = try copy(source, to: target)
    let found = try contents(of: target)
    #expect(found.pictures.count == 50)
    if !["gif", "mpg", "ts", "flv"].contains(container) {
      for (index, time) in found.times.enumerated() { #expect(abs(time - Double(index) / 25) < 0.05) }
    }
  }

  @Test func writesNothingToNull() throws {
    let source = try clip("in.mp4")
    var options = MediaOutputOptions()
    options.format = "null"
    #expect(try copy(source, to: folder["never"], output: options).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder["never"]))
  }

  @Test func refusesUnknownFormatsAndCodecs() throws {
    let source = try clip("in.mp4")
    #expect(throws: Failure.self) { try copy(source, to: folder["out.nonsense"]) }
    var options = MediaOutputOptions()
    options.codec = "nonsense"
    #expect(throws: Failure.self) { try copy(source, to: folder["out.mp4"], output: options) }
    #expect(throws: Failure.self) { try copy(source, to: folder["no/such/folder.mp4"]) }
  }

  @Test func fitsPicturesOfOtherSizes() throws {
    let video = VideoDescription(
      width: 64, height: 64, pixelFormat: .gray, timeBase: Rational(1, 1), colorRange: .pc)
    let output = try MediaOutput(path: folder["fit.mkv"], video: video)
    for (index, size) in [(64, 64), (32, 64), (200, 10), (1, 300)].enumerated() {
      let layout = try PictureLayout(index == 2 ? .rgb24 : .gray, width: size.0, height: size.1)
      try output.write(
        frame: [UInt8](repeating: 255, count: layout.byteCount), layout: layout, pts: index)
    }
    try output.finish()
    let found = try contents(of: folder["fit.mkv"])
    #expect(found.pictures.count == 4)
    // Black beside the narrow picture, white in the middle of it.
    #expect(found.pictures[1].bytes[64 * 32 + 2] < 30 && found.pictures[1].bytes[64 * 32 + 32] > 225)
  }
}
