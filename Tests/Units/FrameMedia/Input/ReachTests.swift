import Dispatch
import Foundation
import FrameMedia
import FrameStream
import SystemIO
import Testing

@testable import FrameMedia

/// What an input may reach, and what it lets go.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct ReachTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  @Test func aFileURLIsAFileLikeAnyOther() throws {
    try FFmpegTool.make("-f lavfi -i testsrc2=s=64x48:d=1 -pix_fmt yuv420p", folder["clip.ts"])
    #expect(try contents(of: "file://" + folder["clip.ts"]).pictures.count == 25)
    #expect(try contents(of: "file://localhost" + folder["clip.ts"]).pictures.count == 25)
    let list = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n\(folder["clip.ts"])\n#EXT-X-ENDLIST\n"
    try Data(list.utf8).write(to: URL(fileURLWithPath: folder["list.m3u8"]))
    let failure = #expect(throws: Failure.self) {
      _ = try MediaInput(path: "file://" + folder["list.m3u8"])
    }
    #expect(failure?.kind == .badInput)
  }

  /// A port can be bound again while the object is still there; and a silence is reported as one.
  @Test func aLostInputIsLetGo() throws {
    try FFmpegTool.make("-f lavfi -i testsrc2=s=64x48:d=3 -pix_fmt yuv420p -g 5", folder["clip.ts"])
    let address = "udp://127.0.0.1:\(20000 + Int(getpid()) % 20000)"
    var options = MediaInputOptions()
    options.patience = 2
    func send() {
      DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { [folder] in
        _ = try? FFmpegTool.run([
          "ffmpeg", "-v", "quiet", "-re", "-i", folder["clip.ts"], "-c", "copy", "-f", "mpegts",
          address + "?pkt_size=1316",
        ])
      }
    }
    send()
    let first = try MediaInput(path: address, options: options)
    var count = 0
    let failure = #expect(throws: Failure.self) { while try first.next() != nil { count += 1 } }
    #expect(failure?.cause == "Connection timed out")
    #expect(count > 60)
    first.close()
    #expect(try first.next() == nil && !first.isLive && first.startTime == 0)
    send()
    _ = try MediaInput(path: address, options: options)
  }

  /// Two JPEG pictures, the first with an index that says so, are one picture (as a telephone's with a gain map).
  @Test func companionsOfAPictureAreNoPictures() throws {
    try FFmpegTool.make("-f lavfi -i testsrc2=s=64x48 -frames:v 1", folder["plain.jpg"])
    let plain = try Data(contentsOf: URL(fileURLWithPath: folder["plain.jpg"]))
    let index: [UInt8] =
      Array("MPF\0MM\0*".utf8) + [0, 0, 0, 8, 0, 1, 0xB0, 0x01, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0]
    let segment = [0xFF, 0xE2, 0, UInt8(index.count + 2)] + index
    let double = plain.prefix(2) + segment + plain.dropFirst(2) + plain
    let count = double.withUnsafeBytes { jpegCompanionCount($0) }
    #expect(count == 1)
    for cut in 0..<(segment.count + 8) {
      _ = Data(double.prefix(cut)).withUnsafeBytes { jpegCompanionCount($0) }
    }
    for (data, expected) in [(plain + plain, 2), (double, 1), (double + double + plain, 3)] {
      let pipe = feedingPipe(data)
      let input = try MediaInput(descriptor: pipe.fileDescriptor, name: "standard input")
      #expect(try contents(of: input).pictures.count == expected)
    }
  }
}
