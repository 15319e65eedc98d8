import CascadePictures
import Checkout
import FaceCascade
import Foundation

/// Pictures and OpenCV's answers, which lie beside the repository (or where FM_SHARED says) and not in it.
enum ReferenceData {
  static let folder = Checkout.shared

  static let rectangles = folder.appending(path: "golden/opencv/rectangles.ndjson")

  /// One line of rectangles.ndjson.
  struct Case: Codable {
    var picture: String
    var cascade: String
    var scaleFactor: Double
    var minNeighbors: Int
    var minSize: Int
    var maxSize: Int
    var rectangles: [[Int]]

    var options: DetectionOptions {
      DetectionOptions(
        scaleFactor: scaleFactor, minNeighbors: minNeighbors, minSize: ObjectSize(minSize),
        maxSize: ObjectSize(maxSize))
    }

    /// What is the same in all cases of a run over the pictures.
    var series: String { "\(cascade) \(scaleFactor) \(minNeighbors) \(minSize) \(maxSize)" }
  }

  static let isPresent =
    FileManager.default.fileExists(atPath: rectangles.path) && hasCascades
    && FileManager.default.isExecutableFile(atPath: ffmpeg)

  static let hasCascades = (try? CascadeLocations().find("frontalface_alt")) != nil

  static let cases: [String: [Case]] = {
    guard isPresent, let text = try? String(contentsOf: rectangles, encoding: .utf8) else { return [:] }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let cases = text.split(separator: "\n").map { try! decoder.decode(Case.self, from: Data($0.utf8)) }
    return Dictionary(grouping: cases, by: \.series)
  }()

  private static let ffmpeg = "/usr/bin/ffmpeg"

  /// All pictures that cases use, by name.
  static let pictures: [String: Picture] = {
    let names = Set(cases.values.joined().map(\.picture))
    return Dictionary(
      uniqueKeysWithValues: names.compactMap { name in (try? decode(name)).map { (name, $0) } })
  }()

  /// The picture as gray bytes.
  private static func decode(_ name: String) throws -> Picture {
    let file = folder.appending(path: "golden/opencv/pictures/\(name)")
    let (width, height) = try size(of: file)
    let process = Process()
    process.executableURL = URL(filePath: ffmpeg)
    process.arguments = ["-v", "error", "-i", file.path, "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Picture(width: width, height: height, bytes: [UInt8](bytes))
  }

  /// From the PNG's header.
  private static func size(of file: URL) throws -> (Int, Int) {
    let header = [UInt8](try Data(contentsOf: file).prefix(24))
    func number(_ at: Int) -> Int { header[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(16), number(20))
  }
}
