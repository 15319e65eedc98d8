import Foundation
import FrameMedia
import FrameStream
import Testing

/// Every container with every codec of sound: it is kept, or encoded with a word, or left out with a word; never written
/// in a way that nothing plays. What is written is read and decoded by ffmpeg.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct SoundTableTests {
  private static let codecs = [
    "aac": "aac", "mp3": "libmp3lame", "opus": "libopus", "vorbis": "libvorbis", "flac": "flac",
    "pcm_s16le": "pcm_s16le", "pcm_mulaw": "pcm_mulaw", "ac3": "ac3", "alac": "alac", "pcm_alaw": "pcm_alaw",
    "wmav2": "wmav2", "adpcm_ima_wav": "adpcm_ima_wav",
  ]
  /// What is kept by every FFmpeg from 5.1 on, and what is of no use to any.
  private static let kept: [String: Set<String>] = [
    "mp4": ["aac", "mp3", "opus", "vorbis", "flac", "ac3", "alac"],
    "mov": ["aac", "mp3", "pcm_s16le", "pcm_mulaw", "ac3", "alac"],
    "mkv": Set(codecs.keys), "webm": ["opus", "vorbis"],
    "avi": ["aac", "mp3", "flac", "pcm_s16le", "pcm_mulaw", "ac3", "wmav2"],
    "ts": ["aac", "mp3", "opus", "ac3"], "flv": ["aac", "mp3"], "ogg": ["opus", "vorbis", "flac"], "gif": [],
    "m3u8": ["aac", "mp3", "opus", "ac3"],
  ]
  private static let never: [String: Set<String>] = [
    "webm": ["aac", "flac", "pcm_s16le"], "avi": ["vorbis"], "gif": Set(codecs.keys),
    "flv": ["pcm_alaw", "flac", "vorbis"],
    "ts": ["flac", "vorbis", "alac", "pcm_s16le", "pcm_mulaw", "wmav2"], "ogg": ["aac", "pcm_s16le", "alac"],
    "m3u8": ["flac", "vorbis", "alac", "pcm_s16le", "pcm_mulaw", "wmav2"],
  ]

  private let folder: Folder
  private let sources: [(codec: String, path: String)]

  init() throws {
    folder = try Folder()
    var sources: [(String, String)] = []
    var arguments = "-f lavfi -i testsrc2=s=64x64:r=25:d=0.4 -f lavfi -i sine=440:r=44100:d=0.4"
    for (codec, encoder) in Self.codecs.sorted(by: { $0.key < $1.key }) {
      let rate = codec == "opus" ? 48000 : codec == "pcm_mulaw" ? 8000 : 44100
      let path = folder["in-\(codec).mkv"]
      arguments +=
        " -map 0 -map 1 -c:v libx264 -preset ultrafast -c:a \(encoder) -ar \(rate) -ac 1 -y \(path)"
      sources.append((codec, path))
    }
    try FFmpegTool.run(["ffmpeg", "-v", "error"] + arguments.split(separator: " ").map(String.init))
    self.sources = sources
  }

  @Test func nothingIsLostWithoutAWord() throws {
    for container in Self.kept.keys.sorted() { try check(container) }
  }

  private func check(_ container: String) throws {
    var made: [(codec: String, path: String)] = []
    for (codec, source) in sources {
      let path = folder["out-\(codec).\(container)"]
      let told = try copy(source, to: path)
      let isKept = told.isEmpty
      if Self.kept[container]?.contains(codec) == true { #expect(isKept, "\(codec): \(told)") }
      if Self.never[container]?.contains(codec) == true { #expect(!isKept, "\(codec)") }
      if isKept {
        made.append((codec, path))
      } else if let coding = told.joined().firstRange(of: "it is encoded as ") {
        made.append((String(told.joined()[coding.upperBound...]), path))
      } else {
        #expect(told.joined().contains("it is left out"), "\(codec): \(told)")
        #expect(container == "gif", "\(codec): \(told)")
      }
    }
    guard !made.isEmpty else { return }
    // One process decodes all of them.
    var arguments = ["ffmpeg", "-v", "error"]
    for (_, path) in made {
      if container == "m3u8" { arguments += ["-allowed_extensions", "ALL"] }
      arguments += ["-i", path]
    }
    for index in made.indices { arguments += ["-map", "\(index):a:0"] }
    let text = String(
      decoding: try FFmpegTool.run(arguments + ["-ac", "1", "-ar", "8000", "-f", "framecrc", "-"]),
      as: UTF8.self)
    var lengths = [Int](repeating: 0, count: made.count)
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      if fields.count > 4, let stream = Int(fields[0]), let duration = Int(fields[3]) {
        lengths[stream] += duration
      }
    }
    for (index, entry) in made.enumerated() {
      // 0.4 seconds, and what encoders begin and end with.
      // WMA's own encoder leaves out its last packet.
      #expect(
        (entry.path.contains("wmav2") ? 2900 : 3100) <= lengths[index] && lengths[index] < 6000,
        "\(entry.path): \(lengths[index]) of 3200 samples")
      let codec = try soundCodec(entry.path)
      #expect(codec == entry.codec, "\(entry.path)")
    }
  }

  /// Dropping is a choice.
  @Test func soundMayBeDropped() throws {
    var options = MediaOutputOptions()
    options.joining = .drop
    let source = try #require(sources.first { $0.codec == "flac" }).path
    let told = try copy(source, to: folder["out.ts"], output: options)
    #expect(told == ["mpegts cannot hold the audio track 2 (flac); it is left out"])
    #expect(try soundCodec(folder["out.ts"]) == nil)
  }

  /// Equal input gives equal bytes.
  @Test func equalInputGivesEqualBytes() throws {
    let source = try #require(sources.first { $0.codec == "opus" }).path
    for container in ["mkv", "webm", "mp4", "ogg", "ts", "avi"] {
      for name in ["a", "b"] { try copy(source, to: folder["\(name).\(container)"]) }
      let files = ["a", "b"].map { FileManager.default.contents(atPath: folder["\($0).\(container)"]) }
      #expect(files[0] == files[1] && files[0]?.isEmpty == false, "\(container)")
    }
  }

  /// The codec of the first sound track, as a reader finds it; nil if there is none.
  private func soundCodec(_ path: String) throws -> String? {
    var options = MediaInputOptions()
    options.protocols = "file"
    return try MediaInput(path: path, options: options).tracks.first { $0.kind == "audio" }?.codec
  }
}
