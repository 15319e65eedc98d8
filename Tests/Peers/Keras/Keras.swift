import Foundation

/// Keras itself, in a Python process: the oracle of these tests. FM_PYTHON names the interpreter; python3 otherwise.
enum Keras {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// True if there is a Python that has Keras.
  static let isInstalled: Bool = {
    let found = "import importlib.util, sys; sys.exit(importlib.util.find_spec('keras') is None)"
    return (try? run(["-c", found])) != nil
  }()

  struct Failed: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs Python and returns what it printed.
  @discardableResult
  static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    let python = ProcessInfo.processInfo.environment["FM_PYTHON"] ?? "python3"
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python] + arguments
    let output = Pipe()
    let errors = FileManager.default.temporaryDirectory.appendingPathComponent(
      "keras-\(UUID().uuidString).log")
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(description: (try? String(contentsOf: errors, encoding: .utf8)) ?? "python failed")
    }
    return text
  }

  /// A folder of models that Keras has made, with inputs and outputs; made once.
  static let models: Result<URL, any Error> = Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "fm-keras-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { Keras.removeModels() }
    try run([Keras.folder.appendingPathComponent("make_models.py").path, folder.path])
    return folder
  }

  private static func removeModels() {
    if case .success(let folder) = models { try? FileManager.default.removeItem(at: folder) }
  }

  static func floats(_ url: URL) throws -> [Float] {
    try Data(contentsOf: url).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }
}
