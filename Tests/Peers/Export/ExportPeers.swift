import Checkout
import FindingsExport
import Foundation
import FrameStream
import SystemIO

/// Programs that read exported files, in a Python process. FM_EXPORT_PYTHON or FM_PYTHON names the interpreter;
/// python3 otherwise.
enum ExportPeers {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  static func isInstalled(_ script: String) -> Bool { (try? python([script, "installed"])) != nil }

  struct Failed: Error, CustomStringConvertible { var description: String }

  /// Runs one of the scripts here, and returns what it printed.
  @discardableResult
  static func python(_ arguments: [String]) throws -> String {
    let script = folder.appendingPathComponent(arguments[0]).path
    let environment = ProcessInfo.processInfo.environment
    let python = environment["FM_EXPORT_PYTHON"] ?? environment["FM_PYTHON"] ?? "python3"
    return try run([python, script] + arguments.dropFirst())
  }

  /// Runs a program, and returns what it printed.
  static func run(_ words: [String], environment: [String: String]? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    if let environment { process.environment = environment }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(description: text) }
    return text
  }

  /// Writes a stream in every format into a folder, as `findings` with the format's extension.
  static func export(_ stream: URL, to folder: URL, video: String? = nil) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var outputs: [(text: TextOutput, descriptor: Descriptor)] = []
    var writers: [any FindingsWriter] = []
    var options = ExportOptions()
    options.video = video
    for format in ExportFormat.all {
      // As a person would name them.
      let name = ["textgrid": "TextGrid", "mot": "txt", "cvat": "xml"][format.name] ?? format.extensions[0]
      let path = folder.appendingPathComponent("findings." + name).path
      let descriptor = Descriptor(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666))
      let text = TextOutput(descriptor, name: "findings")
      outputs.append((text, descriptor))
      writers.append(format.makeWriter(text, options))
    }
    let findings = FindingsReader(writers, RunOptions())
    let input = try Descriptor.openForReading(stream.path)
    defer { input.close() }
    let reader = StreamReader(input)
    let record = Record()
    while case .record = try reader.read(into: record) {
      if record.kind == .stream {
        try findings.begin(
          try StreamHeader(record.line), line: record.line, inputName: stream.lastPathComponent)
      }
      if record.kind == .frame { try findings.add(record) }
    }
    _ = try findings.finish()
    for output in outputs {
      try output.text.flush()
      output.descriptor.close()
    }
  }

  /// A folder that is removed after `body`.
  static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "fm-export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// The folder of the built tools: that of the running test, or what FM_BIN says; nil if they are not there.
  static let tools: String? = {
    if let path = ProcessInfo.processInfo.environment["FM_BIN"] { return path }
    for word in CommandLine.arguments + ["/proc/self/exe"] {
      var folder = URL(fileURLWithPath: word).resolvingSymlinksInPath().deletingLastPathComponent()
      for _ in 0..<3 {
        if access(folder.path + "/fm-track", X_OK) == 0 { return folder.path }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }()
}
