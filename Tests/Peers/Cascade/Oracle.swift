import FaceCascade
import Foundation
import FrameStream

/// OpenCV in a Python process, asked case by case.
///
/// The interpreter is `python3` or the one that FM_PYTHON names; it needs the package opencv-python-headless, version 4.
///
/// One process for all tests, which must not use it at the same time.
final class Oracle: @unchecked Sendable {
  struct Question: Encodable {
    var cascade: String
    var width: Int
    var height: Int
    var picture: Data
    var scale: Double
    var neighbors: Int
    var minimum: [Int]
    var maximum: [Int]
  }

  /// Colors to make gray.
  private struct Colors: Encodable {
    var colors: Data
    var width: Int
    var height: Int
  }

  private let process = Process()
  private let questions = Pipe()
  private let answers = Pipe()
  private var buffer = Data()
  /// OpenCV's version.
  private(set) var version = ""

  /// True if FM_PYTHON names the interpreter.
  static let isNamed = ProcessInfo.processInfo.environment["FM_PYTHON"] != nil

  static let python = ProcessInfo.processInfo.environment["FM_PYTHON"] ?? "python3"

  /// True if the interpreter and OpenCV 4 are there.
  static let isPresent = shared?.version.hasPrefix("4.") ?? false

  static let shared: Oracle? = try? Oracle()

  private init() throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "oracle.py")
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [Self.python, script.path]
    process.standardInput = questions
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    try process.run()
    version = String(decoding: line() ?? Data(), as: UTF8.self)
  }

  deinit {
    try? questions.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  func rectangles(_ question: Question) throws -> [Detection] {
    try answer([[Int]].self, to: question).map {
      Detection(PixelRectangle(x: $0[0], y: $0[1], width: $0[2], height: $0[3]), neighbors: $0[4])
    }
  }

  /// The gray picture of one of red, green and blue bytes.
  func gray(_ colors: [UInt8], _ width: Int, _ height: Int) throws -> [UInt8] {
    Array(try answer(Data.self, to: Colors(colors: Data(colors), width: width, height: height)))
  }

  private func answer<Answer: Decodable>(_ type: Answer.Type, to question: some Encodable) throws -> Answer {
    var line = try JSONEncoder().encode(question)
    line.append(0x0A)
    try questions.fileHandleForWriting.write(contentsOf: line)
    return try JSONDecoder().decode(type, from: self.line() ?? Data())
  }

  private func line() -> Data? {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = buffer[buffer.startIndex..<end]
        buffer = Data(buffer[(end + 1)...])
        return Data(line)
      }
      let more = answers.fileHandleForReading.availableData
      if more.isEmpty { return nil }
      buffer.append(more)
    }
  }
}
