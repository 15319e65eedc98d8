import FaceCascade
import Foundation

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

  private let process = Process()
  private let questions = Pipe()
  private let answers = Pipe()
  private var buffer = Data()
  /// OpenCV's version.
  private(set) var version = ""

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
    var line = try JSONEncoder().encode(question)
    line.append(0x0A)
    try questions.fileHandleForWriting.write(contentsOf: line)
    let answer = try JSONDecoder().decode([[Int]].self, from: self.line() ?? Data())
    return answer.map { Detection(x: $0[0], y: $0[1], width: $0[2], height: $0[3], neighbors: $0[4]) }
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
