import Foundation
import FrameStream
import SystemIO
import Testing

@testable import FrameMedia

/// Numbered pictures, and the names that outputs may have.
struct PictureFilesTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func write(_ name: String, count: Int = 2, format: String? = nil) throws {
    let layout = try PictureLayout(.gray, width: 4, height: 2)
    var options = MediaOutputOptions()
    options.format = format
    let output = try MediaOutput(
      path: folder[name],
      video: VideoDescription(
        width: 4, height: 2, pixelFormat: .gray, timeBase: Rational(1, 25), frameRate: Rational(25, 1),
        colorRange: .pc),
      options: options)
    let pixels = [UInt8](repeating: 100, count: 8)
    for number in 0..<count { try output.write(frame: pixels, layout: layout, pts: number) }
    try output.finish()
  }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  @Test(arguments: [
    ("%03d.png", ["001.png", "002.png"]), ("12:00:%d.bmp", ["12:00:1.bmp", "12:00:2.bmp"]),
    ("http:%d.png", ["http:1.png", "http:2.png"]), ("50%% %d.png", ["50% 1.png", "50% 2.png"]),
    ("a %d.gif", ["a 1.gif", "a 2.gif"]), ("é%d.pgm", ["é1.pgm", "é2.pgm"]),
  ]) func names(_ pattern: String, _ files: [String]) throws {
    try write(pattern)
    #expect(names == files)
    for name in files { #expect(try contents(of: folder[name]).pictures.count == 1, "\(name)") }
  }

  @Test func aFormatCanBeGiven() throws {
    try write("%d.raw", format: "image2")
    #expect(names == ["1.raw", "2.raw"])
    try write("one.raw", count: 1, format: "image2")
    #expect(names == ["1.raw", "2.raw", "one.raw"])
  }

  @Test func aNameThatIsNoTextIsWritten() throws {
    let name = FileName.text([0xE9])
    try write(name + "%d.png")
    #expect(try FolderListing.pathNames(in: folder.path) == [name + "1.png", name + "2.png"])
  }

  /// Nobody gave the names of the single files.
  @Test func whatIsPlantedIsNotWrittenInto() throws {
    try WholeFile.write(Array("victim".utf8), to: folder["victim"])
    for name in ["001.png", "001.png.tmp", "002.png.tmp"] { symlink("victim", folder[name]) }
    try write("%03d.png")
    #expect(try WholeFile.read(folder["victim"], limit: 99) == Array("victim".utf8))
    #expect(try contents(of: folder["001.png"]).pictures.count == 1)
    var status = stat()
    #expect(lstat(folder["001.png"], &status) == 0 && status.st_mode & S_IFMT == S_IFREG)
    mkfifo(folder["pipe1.png"], 0o600)
    let failure = #expect(throws: Failure.self) { try write("pipe%d.png") }
    #expect(failure?.cause == "it is a named pipe, not a regular file")
  }

  @Test func aMissingFolderIsNamedAtOnce() throws {
    let failure = #expect(throws: Failure.self) { try write("none/%d.png", count: 0) }
    #expect(failure?.kind == .inputOutput)
    #expect(failure?.cause == "the folder \(folder["none"]): No such file or directory")
  }

  @Test func unknownExtensionsAreRefused() throws {
    let failure = #expect(throws: Failure.self) { try write("%03d.foo") }
    #expect(failure?.kind == .usage && failure?.cause.contains("--format") == true)
    // Made by this initializer, before the format is known.
    #expect(names.filter { $0 != "%03d.foo" }.isEmpty)
  }

  @Test(arguments: [
    "tee:a|b", "TEE:a", "pipe:1", "pipe://1", "concat:a|b", "crypto+file:///x", "crypto:x", "fd:3", "md5:x",
    "cache:x",
    "async:file:x", "data:x", "bluray://x", "unknown://x",
  ]) func protocolsThatReachFilesAreRefused(_ name: String) {
    let failure = #expect(throws: Failure.self) { try MediaOutput.check(name: name) }
    #expect(failure?.kind == .usage && failure?.subject == name)
  }

  @Test(arguments: [
    "a.mp4", "/a/b.mp4", "12:00:00.mp4", "./tee:a", "a/pipe:1", "rtmp://x/y", "RTSP://x", "https://x",
    "srt://x:1",
    "udp://1.2.3.4:5", "tcp://x",
  ]) func otherNamesAreNot(_ name: String) throws { try MediaOutput.check(name: name) }

  @Test(arguments: ["tee", "segment", "stream_segment", "fifo"]) func formatsThatWriteOtherFilesAreRefused(
    _ format: String
  ) {
    #expect(#expect(throws: Failure.self) { try write("a.mp4", format: format) }?.kind == .usage)
  }
}
