import Foundation
import FrameMedia
import FrameStream
import Testing

/// What goes with a film besides its tracks.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct MediaMetadataTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  private let metadata = MediaMetadata(
    tags: [Tag("title", "A film"), Tag("artist", "Nobody"), Tag("major_brand", "isom")],
    chapters: [
      Chapter(timeBase: Rational(1, 1000), start: 0, end: 200, metadata: [Tag("title", "One")]),
      Chapter(timeBase: Rational(1, 1000), start: 200, end: 400, metadata: [Tag("title", "Two")]),
    ])

  /// Ten gray pictures.
  private func write(
    _ name: String, _ options: MediaOutputOptions, timecode: String? = nil,
    captions: (Int) -> [UInt8] = { _ in [] }
  ) throws -> [String] {
    let warnings = Warnings()
    var options = options
    options.onWarning = { warnings.lines.append($0) }
    var video = VideoDescription(
      width: 64, height: 48, pixelFormat: .yuv420p, timeBase: Rational(1, 25), frameRate: Rational(25, 1),
      colorRange: .tv)
    if let timecode { video.metadata = [Tag("timecode", timecode)] }
    let layout = try PictureLayout(.yuv420p, width: 64, height: 48)
    let output = try MediaOutput(path: folder[name], video: video, options: options)
    let bytes = [UInt8](repeating: 128, count: layout.byteCount)
    for index in 0..<10 {
      try output.write(frame: bytes, layout: layout, pts: index, captions: captions(index))
    }
    try output.finish()
    return warnings.lines
  }

  @Test(arguments: ["a.mkv", "a.mp4", "a.mov", "a.webm"]) func tagsAndChaptersAreKept(_ name: String) throws {
    var options = MediaOutputOptions()
    options.metadata = metadata
    #expect(try write(name, options).isEmpty)
    let found = try MediaInput(path: folder[name]).metadata
    let tags = Dictionary(found.tags.map { ($0.key.lowercased(), $0.value) }) { a, _ in a }
    #expect(tags["title"] == "A film" && tags["artist"] == "Nobody")
    let chapters = found.chapters.map { chapter in
      [chapter.timeBase.seconds(chapter.start), chapter.timeBase.seconds(chapter.end)]
    }
    #expect(chapters == [[0, 0.2], [0.2, 0.4]])
    #expect(found.chapters.map { $0.metadata.first { $0.key == "title" }?.value } == ["One", "Two"])
    var part = MediaInputOptions()
    part.start = 0.24
    let later = try MediaInput(path: folder[name], options: part).metadata
    #expect(later.chapters.count == 1, "only those of the part")
  }

  @Test(arguments: [("a.ts", "the tags title, artist, 2 chapters"), ("a.avi", "2 chapters")])
  func whatIsNotKeptIsSaid(_ name: String, _ words: String) throws {
    var options = MediaOutputOptions()
    options.metadata = metadata
    let said = try write(name, options)
    #expect(said.count == 1 && said[0].contains("has no place for \(words)"), "\(said)")
  }

  @Test(arguments: ["a.mkv", "a.mp4", "a.mov", "a.avi"]) func theTimeCodeIsKept(_ name: String) throws {
    #expect(try write(name, MediaOutputOptions(), timecode: "01:00:00:00").isEmpty)
    func timecode(_ start: Double?) throws -> String? {
      var options = MediaInputOptions()
      options.start = start
      return try MediaInput(path: folder[name], options: options).video.metadata
        .first { $0.key.lowercased() == "timecode" }?.value
    }
    #expect(try timecode(nil) == "01:00:00:00")
    #expect(try timecode(0.2) == "01:00:00:05", "that of the first picture that is given out")
    #expect(
      try write("a.ts", MediaOutputOptions(), timecode: "01:00:00:00").contains { $0.contains("timecode") })
  }

  @Test func attachedFilesAreKept() throws {
    let font = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try FFmpegTool.make("-f lavfi -i color=red:s=32x32 -frames:v 1", folder["cover.jpg"])
    let cover = Array(try Data(contentsOf: URL(fileURLWithPath: folder["cover.jpg"])))
    func attachment(_ codec: String, _ name: String, _ type: String, _ data: [UInt8]) -> MediaAttachment {
      var track = Track(id: 7, kind: "attachment", codec: codec, timeBase: Rational(1, 1_000_000))
      track.metadata = [Tag("filename", name), Tag("mimetype", type)]
      if codec == "mjpeg" { track.disposition = ["attached_pic"] }
      return MediaAttachment(track: track, data: data)
    }
    var options = MediaOutputOptions()
    options.metadata.attachments = [
      attachment("ttf", "a.ttf", "application/x-truetype-font", font),
      attachment("mjpeg", "cover.jpg", "image/jpeg", cover),
    ]
    #expect(try write("a.mkv", options).isEmpty)
    let kept = try MediaInput(path: folder["a.mkv"]).metadata.attachments
    #expect(kept.map(\.data) == [font, cover])
    #expect(kept.map { $0.track.metadata.first { $0.key == "filename" }?.value } == ["a.ttf", "cover.jpg"])
    let said = try write("a.mp4", options)
    #expect(said.count == 1 && said[0].contains("the attachment a.ttf"), "\(said)")
    #expect(try MediaInput(path: folder["a.mp4"]).metadata.attachments.map(\.data) == [cover])
  }

  /// Three bytes for each pair of characters: a marker, and two of CEA-608.
  @Test func captionsAreKept() throws {
    func captions(_ index: Int) -> [UInt8] {
      index % 3 == 0 ? [0xfc, 0x94, UInt8(0x20 + index), 0xfd, 0x80, 0x80] : []
    }
    func read(_ name: String) throws -> [[UInt8]] {
      let input = try MediaInput(path: folder[name])
      var all: [[UInt8]] = []
      while let event = try input.next() {
        if case .frame(let frame) = event { all.append(Array(frame.captions)) }
      }
      return all
    }
    for name in ["a.mp4", "a.mkv", "a.ts"] {
      #expect(try write(name, MediaOutputOptions(), captions: captions).isEmpty)
      #expect(try read(name) == (0..<10).map(captions), "\(name)")
    }
    var options = MediaOutputOptions()
    options.codec = "mpeg4"
    let said = try write("old.mp4", options, captions: captions)
    #expect(said == ["the encoder takes no closed captions; they are left out"])
  }
}
