import Foundation

/// Data and programs outside the repository that some tests compare with.
enum Reference {
  /// The folder `shared` beside the repository, or where FM_SHARED says.
  static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["FM_SHARED"] { return URL(fileURLWithPath: path) }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("shared")
  }()

  static let keras = shared.appendingPathComponent("golden/keras")

  /// True if the reference data are there.
  static let hasGolden = FileManager.default.fileExists(
    atPath: keras.appendingPathComponent("probabilities.ndjson").path)
}
