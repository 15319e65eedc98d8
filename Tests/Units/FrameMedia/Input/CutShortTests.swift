import Foundation
import FrameMedia
import FrameStream
import SystemIO
import Testing

@testable import FrameMedia

/// Files of which the end is missing, and whole ones.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct CutShortTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  /// ffmpeg's arguments after a test picture and a sound, and the file's name. Each has its index at the front, in its
  /// fragments, or none.
  static let files = [
    ("-c:v libx264 -g 5 -c:a aac -movflags +faststart", "front.mp4"),
    ("-c:v libx264 -g 5 -c:a aac -movflags +faststart", "front.mov"),
    ("-c:v libx264 -g 5 -c:a aac -movflags +frag_keyframe+empty_moov", "fragments.mp4"),
    ("-c:v libx264 -g 5 -c:a aac", "a.mkv"), ("-c:v libvpx -g 5 -c:a libopus", "a.webm"),
    ("-c:v mpeg4 -g 5 -c:a mp3", "a.avi"), ("-c:v flv -g 5 -ar 44100 -c:a mp3", "a.flv"),
  ]

  private func make(_ arguments: String, _ name: String) throws -> String {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=2 -f lavfi -i sine=d=2 -pix_fmt yuv420p \(arguments)", folder[name]
    )
    return folder[name]
  }

  /// Reads to the end or a failure.
  private func read(_ input: MediaInput) throws -> (frames: Int, failure: Failure?) {
    var frames = 0
    do throws(Failure) {
      while let event = try input.next() { if case .frame = event { frames += 1 } }
    } catch { return (frames, error) }
    return (frames, nil)
  }

  @Test(arguments: files) func aFileThatEndsEarlyIsAFailure(_ arguments: String, _ name: String) throws {
    let whole = try make(arguments, name)
    let all = try read(try MediaInput(path: whole))
    #expect(all.failure == nil && all.frames == 50, "\(all)")
    let data = try Data(contentsOf: URL(fileURLWithPath: whole))
    let cut = folder["cut-" + name]
    for part in [0.5, 0.8, 0.95] {
      try data.prefix(Int(Double(data.count) * part)).write(to: URL(fileURLWithPath: cut))
      let found = try read(try MediaInput(path: cut))
      #expect(found.failure?.kind == .inputOutput, "\(part) of \(name): \(found)")
      #expect(found.failure?.step == "input cut short", "\(part) of \(name): \(found)")
      // What is there comes before the failure.
      #expect(found.frames > (part < 0.9 ? 8 : 35), "\(part) of \(name): \(found)")
    }
    // Without the sound, what is missing is missing all the same.
    try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: cut))
    var options = MediaInputOptions()
    options.withTracks = false
    #expect(try read(try MediaInput(path: whole, options: options)).failure == nil)
    #expect(try read(try MediaInput(path: cut, options: options)).failure != nil)
    // Nobody asked for more.
    options.duration = 0.2
    let beginning = try read(try MediaInput(path: cut, options: options))
    #expect(beginning.failure == nil && (3...5).contains(beginning.frames), "\(name): \(beginning)")
  }

  @Test func aPipeThatEndsEarlyIsAFailure() throws {
    let data = try Data(
      contentsOf: URL(fileURLWithPath: try make(Self.files[0].0, "front.mp4")))
    for (part, isWhole) in [(data.count, true), (data.count * 2 / 3, false)] {
      let pipe = feedingPipe(data.prefix(part))
      let input = try MediaInput(descriptor: pipe.fileDescriptor, name: "pipe.mp4")
      let found = try read(input)
      #expect((found.failure == nil) == isWhole, "\(found)")
    }
  }

  /// A recording of a broadcast ends anywhere, and so does a codec's bare stream.
  @Test(arguments: [("-c:v libx264 -c:a aac", "a.ts"), ("-an -c:v libx264", "a.h264")])
  func whatHasNoEndIsNotCut(_ arguments: String, _ name: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: try make(arguments, name)))
    try data.prefix(data.count * 2 / 3).write(to: URL(fileURLWithPath: folder["cut-" + name]))
    #expect(try read(try MediaInput(path: folder["cut-" + name])).failure == nil)
  }

  /// A trimmed film's index has pictures that are not shown.
  @Test func anEditListIsNoLoss() throws {
    let whole = try make("-c:v libx264 -g 50 -bf 2 -c:a aac", "whole.mp4")
    try FFmpegTool.make("-ss 0.5 -t 1 -i \(whole) -c copy", folder["part.mp4"])
    let found = try read(try MediaInput(path: folder["part.mp4"]))
    #expect(found.failure == nil, "\(found)")
  }

  /// Structures made by hand: sizes that are unknown or nonsense say nothing.
  @Test func structuresThatSayNothing() {
    func endsEarly(_ bytes: [UInt8], _ format: String, size: Int? = nil) -> Bool {
      FileExtent(
        read: { position, count in
          position < bytes.count ? Array(bytes[position..<min(bytes.count, position + count)]) : []
        }, size: size ?? bytes.count
      ).endsEarly(format)
    }
    let type = Array("ftypisom".utf8)
    let start: [UInt8] = [0, 0, 0, 12] + type
    #expect(endsEarly(start + [0, 0, 1, 0] + Array("mdat".utf8), "mov,mp4"))
    #expect(!endsEarly(start + [0, 0, 0, 8] + Array("mdat".utf8), "mov,mp4"))
    #expect(!endsEarly(start + [0, 0, 0, 0] + Array("mdat".utf8), "mov,mp4"), "up to the end")
    #expect(!endsEarly(start + [0, 0, 1, 0] + Array("free".utf8), "mov,mp4"), "nothing is lost")
    #expect(!endsEarly(start + [0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4], "mov,mp4"), "no box")
    let large: [UInt8] = [0, 0, 0, 1] + Array("mdat".utf8) + [0x7f] + [UInt8](repeating: 0xff, count: 7)
    #expect(!endsEarly(start + large, "mov,mp4"))
    let header: [UInt8] = [0x1a, 0x45, 0xdf, 0xa3, 0x81, 0]
    let segment: [UInt8] = [0x18, 0x53, 0x80, 0x67]
    #expect(endsEarly(header + segment + [0x84, 0], "matroska,webm"))
    #expect(!endsEarly(header + segment + [0x81, 0], "matroska,webm"))
    #expect(!endsEarly(header + segment + [0xff, 0], "matroska,webm"), "unknown")
    #expect(!endsEarly(header + segment + [0x01] + [UInt8](repeating: 0xff, count: 7), "matroska,webm"))
    #expect(!endsEarly([], "matroska,webm"))
    let flv = Array("FLV".utf8) + [1, 5, 0, 0, 0, 9, 0, 0, 0, 0]
    let tag: [UInt8] = [9, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]
    #expect(!endsEarly(flv + tag + [0, 0, 0, 16], "flv"))
    #expect(endsEarly(flv + tag + [0, 0, 0], "flv"))
    #expect(endsEarly(flv + tag + [0, 0, 0, 16] + tag, "flv"))
    let riff = Array("RIFF".utf8)
    #expect(endsEarly(riff + [100, 0, 0, 0] + Array("AVI ".utf8), "avi"))
    #expect(!endsEarly(riff + [0, 0, 0, 0] + Array("AVI ".utf8), "avi"))
    #expect(!endsEarly(riff + [4, 0, 0, 0] + Array("AVI ".utf8), "avi"))
  }
}
