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

/// Reproducible numbers (SplitMix64).
struct Noise {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Between -1 and 1.
  mutating func value() -> Float { Float(Int64(bitPattern: next()) >> 40) / Float(1 << 23) }

  mutating func values(_ count: Int, scale: Float = 1) -> [Float] { (0..<count).map { _ in value() * scale } }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
