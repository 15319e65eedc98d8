import Checkout
import Dispatch
import Foundation
import FrameMedia
import FrameStream
import Testing

/// The ffmpeg commands, which make the fixtures and are what results are compared with.
enum FFmpegTool {
  static let isInstalled = ["ffmpeg", "ffprobe"].allSatisfy { tool in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      access("\($0)/\(tool)", X_OK) == 0
    }
  }

  /// What a command writes to standard output; its messages are thrown away.
  @discardableResult
  static func run(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = readAll(pipe.fileHandleForReading.fileDescriptor)
    process.waitUntilExit()
    return data
  }

  static func make(_ arguments: String, _ path: String) throws {
    try run(["ffmpeg", "-v", "error", "-y"] + arguments.split(separator: " ").map(String.init) + [path])
    guard !MediaFormat.isSequencePattern(path) else { return }
    #expect(FileManager.default.fileExists(atPath: path), "ffmpeg made \(path)")
  }

  /// Time stamps in seconds of all decoded pictures, in order; nil where there is none.
  static func times(_ path: String) throws -> [Double?] {
    let data = try run([
      "ffprobe", "-v", "quiet", "-select_streams", "v:0", "-show_frames", "-show_entries",
      "frame=best_effort_timestamp_time", "-of", "compact=p=1:nk=0", path,
    ])
    // frame|best_effort_timestamp_time=0.040000|side_data|…
    return String(decoding: data, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("frame") }.map {
      line in
      line.split(separator: "|").first { $0.hasPrefix("best_effort_timestamp_time=") }
        .flatMap { Double($0.split(separator: "=")[1]) }
    }
  }

  /// One entry of the first video stream.
  static func entry(_ name: String, _ path: String) throws -> String {
    let data = try run([
      "ffprobe", "-v", "quiet", "-select_streams", "v:0", "-show_entries", "stream=" + name, "-of",
      "default=nw=1:nk=1", path,
    ])
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// `streamhash` of the sound packets.
  static func soundHash(_ path: String) throws -> String {
    let data = try run([
      "ffmpeg", "-v", "quiet", "-i", path, "-map", "0:a", "-c", "copy", "-f", "streamhash", "-",
    ])
    return String(decoding: data, as: UTF8.self)
  }

  /// All pictures as ffmpeg shows them, raw, in a pixel format.
  static func pictures(_ path: String, _ format: String, before: [String] = []) throws -> Data {
    try run(
      ["ffmpeg", "-v", "quiet"] + before + [
        "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", format, "-",
      ])
  }
}

/// A folder that is removed with its object.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/frame-media-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(_ name: String) -> String { path + "/" + name }
}

/// The reference media, beside the checkout or where FM_SHARED says; absent for most people.
enum SharedMedia {
  static let root = Checkout.shared.path

  static let isPresent = FileManager.default.fileExists(atPath: root + "/media/video")

  static func files(_ folder: String) -> [String] {
    let path = root + "/media/" + folder
    return ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted()
      .map { path + "/" + $0 }
      .filter { name in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) && !isFolder.boolValue
      }
  }
}

/// A decoded picture, copied and packed.
struct Picture: Equatable {
  var pts: Int
  var duration: Int?
  var layout: PictureLayout
  var bytes: [UInt8]
}

/// Warnings as they come, from within the input's calls.
final class Warnings: @unchecked Sendable {
  var lines: [String] = []
}

struct MediaContents {
  var video: VideoDescription
  var tracks: [Track] = []
  var pictures: [Picture] = []
  var times: [Double] = []
  var packetCounts: [Int: Int] = [:]
}

/// Reads to the end.
func contents(of input: MediaInput, keepPictures: Bool = true) throws -> MediaContents {
  var all = MediaContents(video: input.video, tracks: input.tracks)
  while let event = try input.next() {
    switch event {
    case .frame(let frame):
      all.times.append(Double(frame.pts) * input.video.timeBase.value)
      guard keepPictures else { continue }
      all.pictures.append(
        Picture(pts: frame.pts, duration: frame.duration, layout: frame.layout, bytes: packed(frame)))
    case .packet(let packet): all.packetCounts[packet.track, default: 0] += 1
    }
  }
  return all
}

func contents(of path: String, _ options: MediaInputOptions = MediaInputOptions(), keepPictures: Bool = true)
  throws -> MediaContents
{
  try contents(of: try MediaInput(path: path, options: options), keepPictures: keepPictures)
}

/// 10·log10(255²/mean squared error); infinite for equal bytes.
func psnr(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Double {
  let sum = zip(a, b).reduce(0.0) { total, pair in
    let difference = Double(pair.0) - Double(pair.1)
    return total + difference * difference
  }
  return sum == 0 ? .infinity : 10 * log10(255 * 255 / (sum / Double(min(a.count, b.count))))
}

/// Reads one file and writes another, sound and subtitles copied.
/// - Returns: what was said on the way.
@discardableResult
func copy(
  _ source: String, to target: String, input: MediaInputOptions = MediaInputOptions(),
  output: MediaOutputOptions = MediaOutputOptions()
) throws -> [String] {
  let warnings = Warnings()
  var options = output
  options.onWarning = { warnings.lines.append($0) }
  let reader = try MediaInput(path: source, options: input)
  let writer = try MediaOutput(path: target, video: reader.video, tracks: reader.tracks, options: options)
  while let event = try reader.next() {
    switch event {
    case .packet(let packet): try writer.write(packet: packet)
    case .frame(let frame):
      let bytes = packed(frame)
      try writer.write(frame: bytes, layout: frame.layout, pts: frame.pts, duration: frame.duration)
    }
  }
  try writer.finish()
  return warnings.lines
}

func packed(_ frame: MediaFrame) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(frame.layout.byteCount)
  for plane in frame.planes { for y in 0..<plane.height { bytes += plane.row(y) } }
  return bytes
}

/// All bytes up to the end; Foundation's own reading traps on EINTR.
func readAll(_ descriptor: Int32) -> Data {
  var data = Data()
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count > 0 {
      data.append(contentsOf: buffer[..<count])
    } else if count == 0 || errno != EINTR {
      return data
    }
  }
}

/// A pipe's reading end, fed with `data` from a thread of its own until it is taken or closed.
func feedingPipe(_ data: Data) -> FileHandle {
  let pipe = Pipe()
  signal(SIGPIPE, SIG_IGN)
  let end = pipe.fileHandleForWriting
  DispatchQueue.global().async {
    data.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = write(end.fileDescriptor, bytes.baseAddress! + done, bytes.count - done)
        if count > 0 { done += count } else if errno != EINTR { break }
      }
    }
    try? end.close()
  }
  return pipe.fileHandleForReading
}
