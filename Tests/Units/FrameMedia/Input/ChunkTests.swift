import Foundation
import FrameMedia
import FrameStream
import SystemIO
import Testing

/// The parts of a film, one after the other, are the whole: pictures, packets, numbers, and their order.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct ChunkTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  /// All that an input gives, a line for each picture and packet.
  private func lines(_ path: String, _ options: MediaInputOptions = MediaInputOptions()) throws -> [String] {
    let input = try MediaInput(path: path, options: options)
    var found: [String] = []
    while let event = try input.next() {
      switch event {
      case .frame(let frame):
        let number = input.pictureNumber ?? found.count { $0.hasPrefix("frame") }
        let hash = packed(frame).withUnsafeBytes { SHA256.hexadecimal($0) }
        found.append("frame \(number) \(frame.pts) \(frame.duration ?? -1) \(frame.isKey) \(hash)")
      case .packet(let packet):
        let hash = SHA256.hexadecimal(packet.data)
        let skipped = packet.skippedSamples.map { "\($0)" } ?? ""
        found.append(
          "packet \(packet.track) \(packet.pts ?? -1) \(packet.dts ?? -1) \(packet.duration ?? -1) \(skipped) \(hash)"
        )
      }
    }
    return found
  }

  private func parts(_ path: String, _ count: Int, byDecoding: Bool = false) throws -> ([String], [String]) {
    let warnings = Warnings()
    var found: [String] = []
    for number in 1...count {
      var options = MediaInputOptions()
      options.chunk = Chunk(number: number, of: count)
      options.countsByDecoding = byDecoding
      options.onWarning = { warnings.lines.append($0) }
      found += try lines(path, options)
    }
    return (found, warnings.lines)
  }

  /// Films of three seconds, and whether the packets of each tell which pictures there are.
  static let films: [(name: String, arguments: String, isCounted: Bool)] = [
    ("b.mp4", "-c:v libx264 -preset ultrafast -bf 3 -g 12 -x264-params b-adapt=0 -c:a aac", true),
    ("open.mkv", "-c:v libx264 -preset ultrafast -bf 3 -g 12 -x264-params open-gop=1 -c:a libmp3lame", true),
    ("vfr.mp4", "-vf select=mod(n*n\\,7) -fps_mode vfr -c:v libx264 -preset ultrafast -g 10 -c:a aac", true),
    ("p.webm", "-c:v libvpx -auto-alt-ref 1 -lag-in-frames 10 -g 15 -b:v 100k -c:a libopus", true),
    ("q.webm", "-c:v libvpx-vp9 -auto-alt-ref 1 -lag-in-frames 10 -g 15 -b:v 100k -c:a libopus", true),
    (
      "h.mp4", "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=12:bframes=3 -c:a aac", true
    ),
    ("m.avi", "-c:v mpeg4 -bf 2 -g 10 -c:a libmp3lame", false),
    ("j.mkv", "-c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le", true),
    ("s.ts", "-c:v libx264 -preset ultrafast -bf 2 -g 12 -c:a mp2", true),
    ("i.mpg", "-c:v mpeg2video -bf 2 -g 12 -flags +ilme+ildct -vf setfield=tff -c:a mp2", false),
    ("f.mp4", "-c:v libx264 -preset ultrafast -g 12 -movflags +frag_keyframe+empty_moov -c:a aac", true),
    ("w.wmv", "-c:v wmv2 -g 12 -c:a wmav2", false),
    ("g.gif", "-map 0:v", false),
    ("x.mp4", "-c:v libx264 -preset ultrafast -flags +ilme+ildct -x264-params tff=1 -g 11 -c:a aac", true),
  ]

  @Test(arguments: films) func thePartsAreTheWhole(
    _ film: (name: String, arguments: String, isCounted: Bool)
  ) throws {
    let path = folder[film.name]
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=3 -f lavfi -i sine=d=3 -pix_fmt yuv420p \(film.arguments)", path)
    let whole = try lines(path)
    #expect(whole.count { $0.hasPrefix("frame") } > 30)
    let (seven, warnings) = try parts(path, 7)
    #expect(seven == whole)
    #expect(film.isCounted == warnings.isEmpty, "\(warnings)")
    #expect(try parts(path, 3, byDecoding: true).0 == whole)
    // The order does not depend on how many pictures the decoder's threads hold back.
    var options = MediaInputOptions()
    for threads in [1, 4] {
      options.threads = threads
      #expect(try lines(path, options) == whole, "\(threads) threads")
    }
  }

  @Test func anEditListHidesPicturesInEveryPart() throws {
    let path = folder["cut.mp4"]
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=3 -f lavfi -i sine=d=3 -c:v libx264 -preset ultrafast -bf 2 -g 20 -c:a aac",
      folder["whole.mp4"])
    try FFmpegTool.make("-ss 1.1 -i \(folder["whole.mp4"]) -c copy", path)
    #expect(try parts(path, 5).0 == lines(path))
  }

  @Test func morePartsThanPicturesAreEmpty() throws {
    let path = try FFmpegTool.makeTestPicture("-map 0 -map 1 -c:v libx264 -c:a aac", folder["a.mp4"])
    let whole = try lines(path)
    #expect(try parts(path, 40).0 == whole)
    var options = MediaInputOptions()
    options.chunk = Chunk(number: 2, of: 1000)
    #expect(try lines(path, options).isEmpty)
  }

  @Test func whatHasNoLengthIsNotDivided() throws {
    var options = MediaInputOptions()
    options.format = "lavfi"
    options.chunk = Chunk(number: 1, of: 2)
    #expect(throws: Failure.self) { try MediaInput(path: "testsrc=s=64x48", options: options) }
  }

  /// The parts before and after a damaged picture cannot know of it: the part that has it is refused.
  @Test func damageIsRefusedWhereItIsUnlessPicturesAreCounted() throws {
    let path = folder["hurt.mkv"]
    try FFmpegTool.make("-f lavfi -i testsrc2=s=64x48:r=25:d=3 -c:v mjpeg -pix_fmt yuvj420p", path)
    let places = try FFmpegTool.run([
      "ffprobe", "-v", "quiet", "-show_entries", "packet=pos,size", "-of", "csv=p=0", path,
    ])
    let place = String(decoding: places, as: UTF8.self).split(separator: "\n")[40].split(separator: ",")
      .compactMap { Int($0) }
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    // After the block's header.
    let range = place[1] + 20..<place[1] + place[0]
    data.replaceSubrange(range, with: Data(count: range.count))
    try data.write(to: URL(fileURLWithPath: path))
    let whole = try lines(path)
    #expect(whole.count == 74)
    #expect(throws: Failure.self) { try parts(path, 3) }
    #expect(try parts(path, 3, byDecoding: true).0 == whole)
  }

  @Test func numbersCountFromTheBeginning() throws {
    for (name, arguments) in [
      ("a.mp4", "-c:v libx264 -preset ultrafast -bf 3 -g 12"), ("a.avi", "-c:v mpeg4 -g 9"),
    ] {
      let path = folder[name]
      try FFmpegTool.make("-f lavfi -i testsrc2=s=64x48:r=25:d=3 -pix_fmt yuv420p \(arguments)", path)
      let whole = try lines(path)
      for start in [0, 0.5, 1.3, 2.9] {
        var options = MediaInputOptions()
        (options.start, options.duration, options.numbersWhole) = (start, 1, true)
        let part = try lines(path, options)
        #expect(
          !part.isEmpty && whole.firstRange(of: part) != nil, "\(name) from \(start): \(part.first ?? "")")
      }
    }
  }
}
