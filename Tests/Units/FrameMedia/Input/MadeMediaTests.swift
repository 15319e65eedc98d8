import Foundation
import FrameMedia
import FrameStream
import SystemIO
import Testing

/// What one row of a table cannot say, of files that ffmpeg makes.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct MadeMediaTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  private func make(_ arguments: String, _ name: String) throws -> String {
    try FFmpegTool.makeTestPicture(arguments, folder[name])
  }

  private let plain = MadeMediaRow(category: "", name: "", arguments: "")

  @Test func encryptedVideoIsReadWithItsKey() throws {
    let path = try make(
      "\(MadeMediaRow.video) -encryption_scheme cenc-aes-ctr -encryption_key \(MadeMediaRow.key) -encryption_kid \(MadeMediaRow.key)",
      "c.mp4")
    var options = MediaInputOptions()
    options.inputOptions = [("decryption_key", MadeMediaRow.key)]
    let found = try contents(of: path, options)
    #expect(found.pictures.count == 10)
    let open = try contents(of: try make(MadeMediaRow.video, "open.mp4"))
    #expect(found.pictures.map(\.bytes) == open.pictures.map(\.bytes))
  }

  @Test func editListsAreKeptTo() throws {
    let whole = try make("\(MadeMediaRow.video) -g 50 -bf 2", "whole.mp4")
    try FFmpegTool.make("-ss 0.2 -i \(whole) -c copy", folder["cut.mp4"])
    try expectSame(folder["cut.mp4"], plain)
    let times = try FFmpegTool.times(folder["cut.mp4"]).compactMap { $0 }
    let found = try contents(of: folder["cut.mp4"], keepPictures: false).times
    #expect(
      found.count == times.count && zip(found, times).allSatisfy { abs($0 - $1) < 1e-3 }, "\(found) \(times)")
  }

  @Test func theHourIsKept() throws {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=2 \(MadeMediaRow.video) -g 12 -output_ts_offset 3600",
      folder["hour.ts"])
    let found = try contents(of: folder["hour.ts"], keepPictures: false)
    #expect((3600..<3602).contains(found.times[0]) && found.times.count == 50)
    var options = MediaInputOptions()
    options.start = 1.2
    let rest = try contents(of: folder["hour.ts"], options, keepPictures: false)
    // A start is counted from the beginning of the file. ffmpeg leaves out what is before the next key frame.
    #expect(rest.times == found.times.suffix(20))
  }

  @Test func theSizeMayChangeOnTheWay() throws {
    var data = Data()
    for size in ["64x48", "96x80"] {
      try FFmpegTool.make(
        "-f lavfi -i testsrc2=s=\(size):r=25:d=0.4 -pix_fmt yuv420p \(MadeMediaRow.video)",
        folder["\(size).h264"])
      data += try Data(contentsOf: URL(fileURLWithPath: folder["\(size).h264"]))
    }
    try data.write(to: URL(fileURLWithPath: folder["both.h264"]))
    let found = try contents(of: folder["both.h264"])
    #expect(found.pictures.count == (try FFmpegTool.probed(folder["both.h264"])).count)
    #expect(found.pictures.first?.layout.width == 64 && found.pictures.last?.layout.width == 96)
    #expect(found.pictures.filter { $0.layout.height == 80 }.count == 10)
  }

  @Test func aLiveFileHasNoDuration() throws {
    let data = try FFmpegTool.run(
      [
        "ffmpeg", "-v", "quiet", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=0.4", "-f", "matroska",
        "-live", "1", "-",
      ])
    try data.write(to: URL(fileURLWithPath: folder["live.mkv"]))
    let found = try contents(of: folder["live.mkv"], keepPictures: false)
    #expect(found.times.count == 10 && found.video.duration == nil && found.video.frames == nil)
  }

  @Test func coverArtIsNoVideo() throws {
    let cover = try make("-map 0 -frames:v 1", "cover.png")
    let song = try make(
      "-i \(cover) -map 1 -map 2 -c:a aac -c:v copy -disposition:v attached_pic", "song.m4a")
    let failure = #expect(throws: Failure.self) { try contents(of: song) }
    #expect(failure?.cause == "no video stream")
    let film = try make(
      "-i \(cover) -map 2 -map 0 -c:v:0 png -disposition:v:0 attached_pic -c:v:1 libx264 -pix_fmt yuv420p",
      "film.mp4")
    let found = try contents(of: film, keepPictures: false)
    #expect(found.times.count == 10 && found.video.pixelFormat == .yuv420p)
  }

  @Test func oneOfTwoVideoStreams() throws {
    let path = try make(
      "-f lavfi -i testsrc2=s=32x24:r=10:d=0.4 -map 2 -map 0 -c:v libx264 -pix_fmt yuv420p", "two.mkv")
    try expectSame(path, plain, stream: "v:0")
    var options = MediaInputOptions()
    options.stream = 1
    try expectSame(path, plain, options, stream: "v:1")
  }

  /// A JPEG of four components, eight by eight pixels, all samples in the middle, as Adobe's programs mark CMYK.
  @Test func cmykIsShownAsRGB() throws {
    var jpeg: [UInt8] = [0xff, 0xd8, 0xff, 0xee, 0, 14] + Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 0]
    jpeg += [0xff, 0xdb, 0, 67, 0] + [UInt8](repeating: 1, count: 64)
    jpeg += [0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4] + (1...4).flatMap { [UInt8($0), 0x11, 0] }
    // One code each: no difference, and no more coefficients.
    for table: UInt8 in [0x00, 0x10] {
      jpeg += [0xff, 0xc4, 0, 20, table, 1] + [UInt8](repeating: 0, count: 15) + [0]
    }
    jpeg += [0xff, 0xda, 0, 14, 4] + (1...4).flatMap { [UInt8($0), 0] } + [0, 63, 0, 0x00, 0xff, 0xd9]
    try Data(jpeg).write(to: URL(fileURLWithPath: folder["cmyk.jpg"]))
    let found = try contents(of: folder["cmyk.jpg"])
    #expect(found.video.pixelFormat == .rgb24 && found.pictures.count == 1)
    // Half of the ink in each color over half of black: a quarter of the light.
    #expect(
      found.pictures[0].bytes.allSatisfy { (62...66).contains($0) }, "\(found.pictures[0].bytes.prefix(6))")
  }

  // MARK: Ten bits

  @Test func tenBitsAreKeptOnDemand() throws {
    let path = try make("-map 0 -c:v ffv1 -vf noise=alls=20,format=yuv420p10le", "deep.mkv")
    var options = MediaInputOptions()
    options.pixelFormat = .yuv420p10le
    let found = try contents(of: path, options)
    #expect(Data(found.pictures.flatMap(\.bytes)) == (try FFmpegTool.pictures(path, "yuv420p10le")))
    var lossless = MediaOutputOptions()
    lossless.codec = "ffv1"
    try copy(path, to: folder["again.mkv"], input: options, output: lossless)
    #expect(try FFmpegTool.entry("pix_fmt", folder["again.mkv"]) == "yuv420p10le")
    #expect(
      try FFmpegTool.pictures(folder["again.mkv"], "yuv420p10le")
        == (try FFmpegTool.pictures(path, "yuv420p10le")))
    try copy(path, to: folder["again.mp4"], input: options)
    #expect(
      try FFmpegTool.entry("pix_fmt", folder["again.mp4"]) == "yuv420p10le", "the encoder gets ten bits too")
  }

  @Test func whatIsLostIsSaid() throws {
    let lines = Warnings()
    var options = MediaInputOptions()
    options.onDetail = { lines.lines.append($0) }
    _ = try contents(of: try make("\(MadeMediaRow.video) -pix_fmt yuv420p10le", "deep.mp4"), options)
    #expect(
      lines.lines.contains { $0.contains("10 bits a sample become 8; --pixel-format yuv420p10le") },
      "\(lines.lines)")
    lines.lines = []
    _ = try contents(of: try make("-frames:v 1 -pix_fmt rgba", "alpha.png"), options)
    #expect(lines.lines.contains { $0.contains("transparency is dropped") }, "\(lines.lines)")
    lines.lines = []
    _ = try contents(of: try make("\(MadeMediaRow.video) -pix_fmt yuv420p", "plain.mp4"), options)
    #expect(lines.lines.isEmpty, "\(lines.lines)")
  }

  // MARK: Interlaced

  @Test(arguments: [Deinterlacing.auto, .off, .on]) func twoFieldsBecomeOnePicture(_ mode: Deinterlacing)
    throws
  {
    let path = try make(
      "-map 0 -c:v ffv1 -vf tinterlace=interleave_top,setfield=tff,format=yuv420p", "fields.nut")
    var options = MediaInputOptions()
    options.deinterlacing = mode
    let found = try contents(of: path, options)
    let filter = mode == .off ? [] : ["-vf", "bwdif=send_frame:deint=\(mode == .on ? "all" : "interlaced")"]
    let expected = try FFmpegTool.run(
      ["ffmpeg", "-v", "quiet", "-i", path] + filter + ["-fps_mode", "passthrough", "-f", "rawvideo", "-"])
    #expect(found.pictures.count == 5)
    #expect(found.times == (try FFmpegTool.times(path)).compactMap { $0 })
    #expect(Data(found.pictures.flatMap(\.bytes)) == expected)
  }

  @Test func wholePicturesStayAsTheyAre() throws {
    let path = try make("\(MadeMediaRow.video) -pix_fmt yuv420p", "whole.mp4")
    var options = MediaInputOptions()
    let plain = try contents(of: path, options)
    options.deinterlacing = .off
    #expect(try contents(of: path, options).pictures == plain.pictures)
    options.deinterlacing = .on
    let all = try contents(of: path, options)
    #expect(all.times == plain.times && all.pictures != plain.pictures)
  }

  // MARK: Limits

  @Test func largePicturesAreRefused() throws {
    let path = try make(MadeMediaRow.video, "a.mp4")
    var options = MediaInputOptions()
    options.maximumPixels = 64 * 48 - 1
    let failure = #expect(throws: Failure.self) { try contents(of: path, options) }
    #expect(failure?.kind == .badInput, "\(String(describing: failure))")
  }

  /// A list of files leads nowhere unless that is allowed.
  @Test func listsReachOtherFilesOnlyIfAllowed() throws {
    _ = try make("\(MadeMediaRow.video) -map 1 -c:a aac", "a.ts")
    try Data("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.4,\n\(folder["a.ts"])\n#EXT-X-ENDLIST\n".utf8)
      .write(to: URL(fileURLWithPath: folder["list.m3u8"]))
    #expect(throws: Failure.self) { try contents(of: folder["list.m3u8"]) }
    var options = MediaInputOptions()
    options.protocols = "file"
    #expect(try contents(of: folder["list.m3u8"], options, keepPictures: false).times.count == 10)
  }
}
