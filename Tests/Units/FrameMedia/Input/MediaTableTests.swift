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
    try checkTurn(row.turn, SharedMedia.root + "/media/" + row.name)
  }
}

/// The first picture against ffmpeg's, turned there by hand.
private func checkTurn(_ turn: Int, _ path: String) throws {
  let filters = [
    2: "hflip", 3: "hflip,vflip", 4: "vflip", 5: "transpose=0", 6: "transpose=1", 7: "transpose=3",
    8: "transpose=2",
  ]
  let expected = try FFmpegTool.run([
    "ffmpeg", "-v", "quiet", "-noautorotate", "-i", path, "-map", "0:v:0", "-frames:v", "1", "-vf",
    filters[turn] ?? "null",
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
  // ffmpeg's gray may be of another range; a picture turned otherwise has nothing in common with it.
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

/// The same on files that ffmpeg makes. Counts and sizes are what ffprobe says at the time.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct MadeMediaTableTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  private func make(_ row: MadeMediaRow) throws -> String {
    let path = try FFmpegTool.makeTestPicture(row.arguments, folder[row.name])
    if row.turn == 1 { return path }
    let plain = try Data(contentsOf: URL(fileURLWithPath: path))
    let turned =
      path.hasSuffix(".jpg")
      ? withEXIF(plain, orientation: row.turn) : try withMatrix(plain, orientation: row.turn)
    try turned.write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(arguments: MadeMediaRow.all) func isReadAsFFprobeSays(_ row: MadeMediaRow) throws {
    let path = try make(row)
    guard let refusal = row.refusal else { return try expectSame(path, row) }
    let failure = #expect(throws: Failure.self) { try contents(of: path) }
    #expect(
      failure?.kind == .badInput && failure?.cause.contains(refusal) == true, "\(String(describing: failure))"
    )
  }

  @Test(arguments: MadeMediaRow.all.filter { $0.turn != 1 }) func isTurned(_ row: MadeMediaRow) throws {
    try checkTurn(row.turn, try make(row))
  }
}
