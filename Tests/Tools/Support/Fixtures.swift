import Checkout
import Foundation
import Testing

/// Files that ffmpeg makes for the tests: once, in a folder that lasts as long as the tests run.
enum Fixtures {
  /// A portrait in the public domain, from the Debian package facedetect: installed, or where FM_PORTRAIT says that
  /// it was unpacked to.
  static let portrait: String = {
    let installed = "/usr/share/doc/facedetect/examples/grace_hopper_512x512.jpg"
    return access(installed, R_OK) == 0
      ? installed : ProcessInfo.processInfo.environment["FM_PORTRAIT"] ?? installed
  }()
  /// Whether this system gives out pseudo-terminals; a bare root folder without devpts does not.
  static let hasTerminals = access("/dev/pts/ptmx", F_OK) == 0
  static let hasPortrait = access(portrait, R_OK) == 0

  private static let folder = try? ToolFolder()

  /// Removed at the end of the program, as objects of the program's own length are not.
  private static let cleaning = atexit {
    guard let path = Fixtures.folder?.path else { return }
    for folder in [path, path + ".run"] { try? FileManager.default.removeItem(atPath: folder) }
  }

  private static func make(_ name: String, _ arguments: String) -> String {
    _ = cleaning
    guard let folder else { return "/nonexistent" }
    let result = try? folder.run("ffmpeg -v error -y \(arguments) \(folder[name])")
    if result?.status != 0 { Issue.record("ffmpeg cannot make \(name): \(result?.messages ?? "")") }
    return folder[name]
  }

  /// 25 pictures of 128x96 with a second of sound.
  static let video = make(
    "video.mp4",
    "-f lavfi -i testsrc2=s=128x96:r=25:d=1 -f lavfi -i sine=440:r=44100:d=1 -c:v libx264 -preset ultrafast -g 5 -bf 2 -pix_fmt yuv420p -c:a aac"
  )

  /// 20 pictures of 240x240 at uneven times, in which a face moves, with sound and subtitles.
  static let face: String = {
    let subtitles = folder?["text.srt"] ?? ""
    try? Data("1\n00:00:00,000 --> 00:00:00,500\nhello\n\n".utf8).write(to: URL(fileURLWithPath: subtitles))
    return make(
      "face.mkv",
      "-loop 1 -framerate 25 -t 1 -i \(portrait) -f lavfi -i sine=440:r=44100:d=1 -i \(subtitles) -map 0:v -map 1:a -map 2:s -vf scale=300:300,crop=240:240:'n':'n/2',select='mod(n\\,5)-2',format=yuv420p -fps_mode passthrough -c:v libx264 -preset ultrafast -c:a aac -c:s srt"
    )
  }()

  /// A picture with a face.
  static let facePicture = make("face.png", "-i \(portrait) -vf scale=200:200 -frames:v 1")

  /// A short stream of pixels and sound, as bytes.
  static let stream: Data = (try? folder?.succeed("fm-decode --duration 0.3 \(video)")) ?? Data()
}

/// What ffprobe and ffmpeg say about files.
enum Media {
  /// Presentation times in seconds of all pictures that ffmpeg decodes.
  static func times(_ path: String, in folder: ToolFolder) throws -> [Double] {
    let result = try folder.run(
      "ffprobe -v error -select_streams v:0 -show_frames -show_entries frame=best_effort_timestamp_time -of csv=p=0 \(path)"
    )
    return result.text.split(separator: "\n").compactMap { line in
      Double(line.split(separator: ",").first ?? "")
    }
  }

  static func entry(_ name: String, of stream: String, _ path: String, in folder: ToolFolder) throws -> String
  {
    try folder.run(
      "ffprobe -v error -select_streams \(stream) -show_entries stream=\(name) -of csv=p=0 \(path)"
    )
    .text.trimmingCharacters(in: CharacterSet(charactersIn: ",\n"))
  }

  /// The hash of the packets of a kind (`a`, `s`), without decoding them.
  static func hash(_ kind: String, _ path: String, in folder: ToolFolder) throws -> String {
    try folder.run("ffmpeg -v error -i \(path) -map 0:\(kind) -c copy -f streamhash -").text
  }

  /// The mean luma PSNR of two videos' pictures in turn.
  static func lumaPSNR(_ a: String, _ b: String, in folder: ToolFolder) throws -> Double {
    let result = try folder.run(
      "ffmpeg -v info -i \(a) -i \(b) -lavfi [0:v]settb=1/1000,setpts=N[a];[1:v]settb=1/1000,setpts=N[b];[a][b]psnr -f null -"
    )
    guard let range = result.messages.range(of: "PSNR y:") else { return 0 }
    let word = result.messages[range.upperBound...].prefix { $0 != " " }
    return word == "inf" ? .infinity : Double(word) ?? 0
  }

  /// That a video plays: all its pictures decode without a word. Returns how many.
  static func playableFrames(_ path: String, in folder: ToolFolder) throws -> Int {
    let result = try folder.run("ffmpeg -v error -i \(path) -f null -")
    #expect(result.isSuccess && result.messages == "", "\(path): \(result.messages)")
    return try times(path, in: folder).count
  }
}

/// The records of a stream, read from what the Python reader says about it.
struct StreamRecords {
  let objects: [[String: Any]]

  init(_ stream: Data, in folder: ToolFolder, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let result = try folder.run("fm_stream.py dump", data: stream)
    #expect([0, 1].contains(result.status), "\(result.messages)", sourceLocation: sourceLocation)
    objects = try result.text.split(separator: "\n").map { line in
      // Foundation refuses numbers that a Double cannot hold.
      let text = line.replacingOccurrences(of: "1e400", with: "1e300")
      return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }
  }

  func all(_ type: String) -> [[String: Any]] { objects.filter { $0["type"] as? String == type } }
  var frames: [[String: Any]] { all("frame") }
  var header: [String: Any] { objects.first ?? [:] }
  var video: [String: Any] { header["video"] as? [String: Any] ?? [:] }
  var end: [String: Any] { objects.last ?? [:] }

  /// Presentation times in seconds.
  var times: [Double] {
    let base = video["time_base"] as? [Int] ?? [0, 1]
    return frames.map { Double($0["pts"] as? Int ?? -1) * Double(base[0]) / Double(base[1]) }
  }

  var faces: [[[String: Any]]] { frames.map { $0["faces"] as? [[String: Any]] ?? [] } }
}

/// The reference media, beside the checkout or where FM_SHARED says; absent for most people.
enum SharedMedia {
  static let root = Checkout.shared.path

  static let isPresent = access(root + "/media/video", R_OK) == 0
}
