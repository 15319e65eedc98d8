import Foundation
import Testing

/// A folder for one test, removed with its object; programs run in it.
final class ToolFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "fm-tools-\(UUID().uuidString)"
    for folder in [path, path + ".run"] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
  }

  deinit { for folder in [path, path + ".run"] { try? FileManager.default.removeItem(atPath: folder) } }

  subscript(_ name: String) -> String { path + "/" + name }

  /// A place for what programs say, outside the folder, so that its contents are theirs alone.
  func hidden(_ name: String) -> String { path + ".run/" + name }

  /// What is in it, hidden files too.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  func exists(_ name: String) -> Bool { access(self[name], F_OK) == 0 }

  func data(_ name: String) -> Data { FileManager.default.contents(atPath: self[name]) ?? Data() }

  func write(_ data: Data, to name: String) throws { try data.write(to: URL(fileURLWithPath: self[name])) }

  func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

  /// Runs programs joined by `|`; words are separated by single spaces, `'` and `"` mean nothing.
  @discardableResult
  func run(
    _ line: String, input: String = "/dev/null", environment: [String: String] = [:],
    within limit: Double = 60, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> RunningPipe.Result {
    try start(line, input: input, environment: environment)
      .finish(within: limit, sourceLocation: sourceLocation)
  }

  /// The same with bytes as the first program's standard input.
  @discardableResult
  func run(
    _ line: String, data: Data, within limit: Double = 60, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> RunningPipe.Result {
    let file = hidden("input-\(UUID().uuidString)")
    try data.write(to: URL(fileURLWithPath: file))
    defer { unlink(file) }
    return try run(line, input: file, within: limit, sourceLocation: sourceLocation)
  }

  func start(
    _ line: String, input: String = "/dev/null", environment: [String: String] = [:]
  ) throws -> RunningPipe {
    let commands = line.components(separatedBy: " | ").map { command in
      command.split(separator: " ").map { $0 == "fm_stream.py" ? Programs.streamReader : String($0) }
    }
    return try RunningPipe(
      commands.map { $0[0] == Programs.streamReader ? ["python3"] + $0 : $0 }, in: self, input: input,
      environment: environment)
  }

  /// What tools say, without the remarks about missing faces and about pixels that are not square, which any film of a
  /// test pattern may get.
  static func unexpected(_ messages: String) -> String {
    let remarks = [
      "no detector has run on this stream (fm-detect finds faces)", "no face in the frame",
      "no classifier has run on this stream (fm-classify names expressions)",
      "fm-decode --square makes pixels square",
    ]
    return messages.split(separator: "\n").filter { line in
      !remarks.contains(where: line.hasSuffix) && !line.contains("no face in any of the ")
    }.map { $0 + "\n" }.joined()
  }

  /// Runs what must succeed without a word but the remarks about missing faces, and gives its standard output.
  @discardableResult
  func succeed(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Data {
    let result = try run(line, sourceLocation: sourceLocation)
    #expect(result.isSuccess, "\(line): \(result.statuses)", sourceLocation: sourceLocation)
    #expect(Self.unexpected(result.messages) == "", "\(line)", sourceLocation: sourceLocation)
    return result.output
  }

  @discardableResult
  func succeed(
    _ line: String, data: Data, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Data {
    let result = try run(line, data: data, sourceLocation: sourceLocation)
    #expect(result.isSuccess, "\(line): \(result.statuses)", sourceLocation: sourceLocation)
    #expect(Self.unexpected(result.messages) == "", "\(line)", sourceLocation: sourceLocation)
    return result.output
  }

  /// Runs a web server in Python as long as `body` runs, which gets its address.
  /// - Parameter script: writes the server's port to the file `port`, whole or not at all.
  func withServer(_ script: String, _ body: (_ address: String) throws -> Void) throws {
    try write(script, to: "server.py")
    let server = try start("python3 server.py")
    defer {
      server.signal(SIGKILL)
      _ = server.finish(within: 5)
    }
    #expect(server.wait { exists("port") })
    try body("http://127.0.0.1:\(String(decoding: data("port"), as: UTF8.self))")
  }
}
