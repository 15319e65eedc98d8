import Foundation
import FrameMedia
import FrameStream
import SystemIO
import Testing

/// Time stamps that jump, and places in the middle of streams.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct ContinuityTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func make(_ name: String, _ extra: String = "", seconds: Int = 2) throws -> Data {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:d=\(seconds) -f lavfi -i sine=d=\(seconds) -pix_fmt yuv420p -bf 2 -c:a mp2 \(extra)",
      folder[name])
    return try Data(contentsOf: URL(fileURLWithPath: folder[name]))
  }

  private func isEven(_ times: [Double]) -> Bool {
    zip(times, times.dropFirst()).allSatisfy { abs($1 - $0 - 0.04) < 0.001 }
  }

  /// `cat a.ts a.ts`: the times of the second follow those of the first.
  @Test(arguments: ["a.ts", "a.mpg"]) func joinedRecordingsGoOn(_ name: String) throws {
    let data = try make(name)
    try (data + data).write(to: URL(fileURLWithPath: folder["both-" + name]))
    let all = try contents(of: folder["both-" + name], keepPictures: false)
    #expect(all.times.count >= 99)
    #expect(zip(all.times, all.times.dropFirst()).allSatisfy { $0 < $1 }, "\(all.times)")
    #expect((all.times.last ?? 0) - (all.times.first ?? 0) > 3.8)
  }

  @Test func manyJumpsKeepSoundInStep() throws {
    let early = try make("early.ts")
    let late = try make("late.ts", "-output_ts_offset 50000")
    try (early + late + early + late).write(to: URL(fileURLWithPath: folder["all.ts"]))
    let input = try MediaInput(path: folder["all.ts"])
    let base = input.tracks[0].timeBase.value
    var pictures: [Double] = []
    var sounds: [Double] = []
    while let event = try input.next() {
      switch event {
      case .frame(let frame): pictures.append(Double(frame.pts) * input.video.timeBase.value)
      case .packet(let packet): sounds.append(Double(packet.pts ?? 0) * base)
      }
    }
    #expect(pictures.count == 200)
    #expect(zip(pictures, pictures.dropFirst()).allSatisfy { $0 < $1 && $1 - $0 < 0.3 })
    #expect(zip(sounds, sounds.dropFirst()).allSatisfy { $0 < $1 && $1 - $0 < 0.3 })
    #expect(abs((pictures.last ?? 0) - (sounds.last ?? 9)) < 0.2)
  }

  /// 33 bits at 90 kHz are full after 95443.7 s.
  @Test func timesGoOnWhenTheirBitsAreFull() throws {
    _ = try make("full.ts", "-output_ts_offset 95441.5")
    let all = try contents(of: folder["full.ts"], keepPictures: false)
    #expect(all.times.count == 50 && isEven(all.times), "\(all.times)")
  }

  /// Without an index, a key frame before the start is found only by going back far enough.
  @Test(arguments: ["long.ts", "long.mpg"], [1.0, 7.5, 11.9]) func startsWhereAsked(
    _ name: String, _ start: Double
  ) throws {
    _ = try make(name, "-g 125 -sc_threshold 0", seconds: 12)
    let whole = try contents(of: folder[name], keepPictures: false).times
    var options = MediaInputOptions()
    options.start = start
    let times = try contents(of: folder[name], options, keepPictures: false).times
    // The container's own beginning is that of sound or picture, whichever is first.
    let first = try #require(times.first)
    let index = try #require(whole.firstIndex { abs($0 - first) < 0.001 })
    #expect(abs(first - (whole.first ?? 0) - start) < 0.1, "\(first)")
    #expect(times.count == whole.count - index)
  }
}
