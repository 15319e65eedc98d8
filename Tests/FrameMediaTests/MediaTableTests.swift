import Foundation
import FrameMedia
import FrameStream
import SystemIO
import Testing

/// Every file of the reference media against the table. Skipped where the folder is not there.
@Suite(.enabled(if: FFmpegTool.isInstalled && SharedMedia.isPresent))
struct SharedMediaTableTests {
  @Test func everyFileHasARow() {
    let files = ["video", "made", "tricky", "photo"].flatMap(SharedMedia.files)
    let names = files.map { String($0.dropFirst(SharedMedia.root.count + "/media/".count)) }
    #expect(names.sorted() == MediaRow.shared.map(\.name).sorted())
  }

  @Test(arguments: MediaRow.shared) func isReadAsTheTableSays(_ row: MediaRow) throws {
    try check(row, SharedMedia.root + "/media/" + row.name)
  }

  @Test(arguments: MediaRow.shared.filter { $0.turn != 1 }) func isTurned(_ row: MediaRow) throws {
    try checkTurn(row, SharedMedia.root + "/media/" + row.name)
  }
}

/// The first picture against ffmpeg's, turned there by hand.
private func checkTurn(_ row: MediaRow, _ path: String) throws {
  let filters = [
    2: "hflip", 3: "hflip,vflip", 4: "vflip", 5: "transpose=0", 6: "transpose=1", 7: "transpose=3",
    8: "transpose=2",
  ]
  let turn = filters[row.turn] ?? "null"
  let expected = try FFmpegTool.run([
    "ffmpeg", "-v", "quiet", "-noautorotate", "-i", path, "-map", "0:v:0", "-frames:v", "1", "-vf", turn,
    "-f", "rawvideo", "-pix_fmt", "gray", "-",
  ])
  var options = MediaInputOptions()
  options.pixelFormat = .gray
  let input = try MediaInput(path: path, options: options)
  var found: [UInt8] = []
  while found.isEmpty, let event = try input.next() {
    if case .frame(let frame) = event { found = packed(frame) }
  }
  #expect(found.count == expected.count)
  // ffmpeg's grey may be of another range; a picture turned otherwise has nothing in common with it.
  #expect(psnr(found, [UInt8](expected)) > 20)
}

/// What a row says of a file is what reading it gives.
private func check(_ row: MediaRow, _ path: String, _ options: MediaInputOptions = MediaInputOptions()) throws
{
  do {
    let input = try MediaInput(path: path, options: options)
    #expect(row.refusal == nil, "it was to be refused: \(row.refusal ?? "")")
    let found = try contents(of: input, keepPictures: false)
    #expect(found.times.count == row.frames)
    #expect((found.video.width, found.video.height) == (row.width, row.height))
    #expect(found.video.pixelFormat == row.format)
    let sound = found.tracks.filter { $0.kind == "audio" }.map(\.codec)
    #expect(sound.joined(separator: "+") == row.sound)
  } catch let failure as Failure {
    let refusal = try #require(row.refusal, "refused: \(failure)")
    #expect(failure.kind == .badInput && failure.description.contains(refusal), "\(failure)")
  }
}

/// The same on files that ffmpeg makes, for each kind of file that there is trouble with. Counts and sizes are what
/// ffprobe says at the time.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct MadeMediaTableTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var category: String
    var name: String
    /// ffmpeg's arguments, after a test picture 64x48 of ten frames and a sound of the same length.
    var arguments: String
    var format = PixelFormat.yuv420p
    var range = ColorRange.tv
    var refusal: String?
    var testDescription: String { category }
  }

  static let video = "-map 0 -c:v libx264 -preset ultrafast"
  static let rows = [
    Row(category: "8-bit", name: "a.mp4", arguments: "-map 0 -map 1 -c:v libx264 -c:a aac"),
    Row(category: "10-bit", name: "a.mp4", arguments: "\(video) -pix_fmt yuv420p10le"),
    Row(
      category: "10-bit 4:2:2", name: "a.mkv", arguments: "-map 0 -c:v ffv1 -pix_fmt yuv422p10le",
      format: .yuv422p),
    Row(category: "4:2:2", name: "a.mp4", arguments: "\(video) -pix_fmt yuv422p", format: .yuv422p),
    Row(category: "4:4:4", name: "a.mp4", arguments: "\(video) -pix_fmt yuv444p", format: .yuv444p),
    Row(category: "4:1:1", name: "a.mkv", arguments: "-map 0 -c:v ffv1 -pix_fmt yuv411p", format: .yuv422p),
    Row(
      category: "full range", name: "a.mp4", arguments: "\(video) -pix_fmt yuvj420p -color_range pc",
      range: .pc),
    Row(
      category: "interlaced", name: "a.mpg",
      arguments: "-map 0 -c:v mpeg2video -flags +ilme+ildct -vf setfield=tff"),
    Row(
      category: "interlaced H.264", name: "a.ts", arguments: "\(video) -flags +ilme+ildct -x264-params tff=1"),
    Row(category: "non-square pixels", name: "a.mp4", arguments: "\(video) -vf setsar=16/15"),
    Row(
      category: "variable frame rate", name: "a.mp4",
      arguments: "\(video) -vf select=mod(n\\,3) -fps_mode vfr"),
    Row(category: "starts at an hour", name: "a.ts", arguments: "\(video) -output_ts_offset 3600"),
    Row(category: "fragmented", name: "a.mp4", arguments: "\(video) -movflags +frag_keyframe+empty_moov"),
    Row(category: "raw H.264", name: "a.h264", arguments: video),
    Row(
      category: "raw HEVC", name: "a.hevc",
      arguments: "-map 0 -c:v libx265 -preset ultrafast -x265-params log-level=none"),
    Row(category: "raw MPEG-2", name: "a.m2v", arguments: "-map 0 -c:v mpeg2video"),
    Row(
      category: "raw Motion JPEG", name: "a.mjpeg", arguments: "-map 0 -c:v mjpeg -pix_fmt yuvj420p",
      range: .pc),
    Row(category: "YUV4MPEG2", name: "a.y4m", arguments: "-map 0 -pix_fmt yuv420p"),
    Row(category: "animated GIF", name: "a.gif", arguments: "-map 0", format: .rgb24, range: .pc),
    Row(
      category: "animated PNG", name: "a.apng", arguments: "-map 0 -pix_fmt rgb24", format: .rgb24, range: .pc
    ),
    Row(
      category: "animated WebP", name: "a.webp", arguments: "-map 0 -c:v libwebp_anim",
      refusal: "animated WebP"),
    Row(
      category: "16-bit grey", name: "a.png", arguments: "-frames:v 1 -pix_fmt gray16be", format: .gray,
      range: .pc),
    Row(
      category: "16-bit RGB", name: "a.png", arguments: "-frames:v 1 -pix_fmt rgb48be", format: .rgb24,
      range: .pc),
    Row(
      category: "16-bit RGB TIFF", name: "a.tiff", arguments: "-frames:v 1 -pix_fmt rgb48le", format: .rgb24,
      range: .pc),
    Row(
      category: "palette", name: "a.png", arguments: "-frames:v 1 -pix_fmt pal8", format: .rgb24, range: .pc),
    Row(category: "alpha", name: "a.png", arguments: "-frames:v 1 -pix_fmt rgba", format: .rgb24, range: .pc),
    Row(category: "alpha WebP", name: "a.webp", arguments: "-frames:v 1 -c:v libwebp -pix_fmt yuva420p"),
    Row(category: "grey", name: "a.pgm", arguments: "-frames:v 1 -pix_fmt gray", format: .gray, range: .pc),
    Row(
      category: "grey and alpha", name: "a.png", arguments: "-frames:v 1 -pix_fmt ya8", format: .gray,
      range: .pc),
    Row(
      category: "black and white", name: "a.png", arguments: "-frames:v 1 -pix_fmt monob", format: .gray,
      range: .pc),
    Row(
      category: "JPEG 4:2:2", name: "a.jpg", arguments: "-frames:v 1 -pix_fmt yuvj422p", format: .yuv422p,
      range: .pc),
    Row(
      category: "encrypted", name: "a.mp4",
      arguments: "\(video) -encryption_scheme cenc-aes-ctr -encryption_key \(key) -encryption_kid \(key)",
      refusal: "encrypted"),
    Row(category: "sound alone", name: "a.m4a", arguments: "-map 1 -c:a aac", refusal: "no video stream"),
  ]
  static let key = "76a6c65c5ea762046bd749a2e632ccbb"

  let folder: Folder
  init() throws { folder = try Folder() }

  private func make(_ arguments: String, _ name: String) throws -> String {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=0.4 -f lavfi -i sine=d=0.4 " + arguments, folder[name])
    return folder[name]
  }

  /// Number and first size of the pictures that ffprobe decodes.
  private func probed(_ path: String, stream: String = "v:0") throws -> (count: Int, width: Int, height: Int)
  {
    let data = try FFmpegTool.run([
      "ffprobe", "-v", "quiet", "-select_streams", stream, "-show_frames", "-show_entries",
      "frame=width,height",
      "-of", "compact=p=0:nk=1", path,
    ])
    // Side data may add lines.
    let sizes = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: "|").prefix(2).compactMap { Int($0) } }.filter { $0.count == 2 }
    let first = try #require(sizes.first, "ffprobe reads \(path)")
    return (sizes.count, first[0], first[1])
  }

  private func expectSame(
    _ path: String, _ row: Row, _ options: MediaInputOptions = MediaInputOptions(), stream: String = "v:0"
  ) throws {
    let expected = try probed(path, stream: stream)
    let found = try contents(of: path, options, keepPictures: false)
    #expect(found.times.count == expected.count)
    #expect((found.video.width, found.video.height) == (expected.width, expected.height))
    #expect(found.video.pixelFormat == row.format && found.video.colorRange == row.range)
  }

  @Test(arguments: rows) func isReadAsFFprobeSays(_ row: Row) throws {
    let path = try make(row.arguments, row.name)
    guard let refusal = row.refusal else { return try expectSame(path, row) }
    let failure = #expect(throws: Failure.self) { try contents(of: path) }
    #expect(
      failure?.kind == .badInput && failure?.cause.contains(refusal) == true, "\(String(describing: failure))"
    )
  }

  private let plain = Row(category: "", name: "", arguments: "")

  @Test func encryptedVideoIsReadWithItsKey() throws {
    let path = try make(
      "\(Self.video) -encryption_scheme cenc-aes-ctr -encryption_key \(Self.key) -encryption_kid \(Self.key)",
      "c.mp4")
    var options = MediaInputOptions()
    options.inputOptions = [("decryption_key", Self.key)]
    let found = try contents(of: path, options)
    #expect(found.pictures.count == 10)
    let open = try contents(of: try make(Self.video, "open.mp4"))
    #expect(found.pictures.map(\.bytes) == open.pictures.map(\.bytes))
  }

  @Test func editListsAreKeptTo() throws {
    let whole = try make("\(Self.video) -g 50 -bf 2", "whole.mp4")
    try FFmpegTool.make("-ss 0.2 -i \(whole) -c copy", folder["cut.mp4"])
    try expectSame(folder["cut.mp4"], plain)
    let times = try FFmpegTool.times(folder["cut.mp4"]).compactMap { $0 }
    let found = try contents(of: folder["cut.mp4"], keepPictures: false).times
    #expect(
      found.count == times.count && zip(found, times).allSatisfy { abs($0 - $1) < 1e-3 }, "\(found) \(times)")
  }

  @Test func theHourIsKept() throws {
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=2 \(Self.video) -g 12 -output_ts_offset 3600", folder["hour.ts"])
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
        "-f lavfi -i testsrc2=s=\(size):r=25:d=0.4 -pix_fmt yuv420p \(Self.video)", folder["\(size).h264"])
      data += try Data(contentsOf: URL(fileURLWithPath: folder["\(size).h264"]))
    }
    try data.write(to: URL(fileURLWithPath: folder["both.h264"]))
    let found = try contents(of: folder["both.h264"])
    #expect(found.pictures.count == (try probed(folder["both.h264"])).count)
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
    // Half of the ink in each colour over half of black: a quarter of the light.
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
    _ = try contents(of: try make("\(Self.video) -pix_fmt yuv420p10le", "deep.mp4"), options)
    #expect(
      lines.lines.contains { $0.contains("10 bits a sample become 8; --pixel-format yuv420p10le") },
      "\(lines.lines)")
    lines.lines = []
    _ = try contents(of: try make("-frames:v 1 -pix_fmt rgba", "alpha.png"), options)
    #expect(lines.lines.contains { $0.contains("transparency is dropped") }, "\(lines.lines)")
    lines.lines = []
    _ = try contents(of: try make("\(Self.video) -pix_fmt yuv420p", "plain.mp4"), options)
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
    let path = try make("\(Self.video) -pix_fmt yuv420p", "whole.mp4")
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
    let path = try make(Self.video, "a.mp4")
    var options = MediaInputOptions()
    options.maximumPixels = 64 * 48 - 1
    let failure = #expect(throws: Failure.self) { try contents(of: path, options) }
    #expect(failure?.kind == .badInput, "\(String(describing: failure))")
  }

  /// A list of files leads nowhere unless that is allowed.
  @Test func listsReachOtherFilesOnlyIfAllowed() throws {
    _ = try make("\(Self.video) -map 1 -c:a aac", "a.ts")
    try Data("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.4,\n\(folder["a.ts"])\n#EXT-X-ENDLIST\n".utf8)
      .write(to: URL(fileURLWithPath: folder["list.m3u8"]))
    #expect(throws: Failure.self) { try contents(of: folder["list.m3u8"]) }
    var options = MediaInputOptions()
    options.protocols = "file"
    #expect(try contents(of: folder["list.m3u8"], options, keepPictures: false).times.count == 10)
  }
}
