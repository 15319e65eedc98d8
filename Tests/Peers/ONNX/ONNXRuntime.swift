import Foundation

/// ONNX Runtime in a Python process. FM_PYTHON names the interpreter; python3 otherwise.
enum ONNXRuntime {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("run_models.py").path

  /// True if there is a Python that has it.
  static let isInstalled: Bool = {
    let found = "import importlib.util, sys; sys.exit(importlib.util.find_spec('onnxruntime') is None)"
    return (try? run(["-c", found])) != nil
  }()

  /// Runs the models of a folder.
  static func run(_ folder: URL) throws { try run([script, folder.path]) }

  private struct Failed: Error {}

  private static func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [ProcessInfo.processInfo.environment["FM_PYTHON"] ?? "python3"] + arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed() }
  }
}
