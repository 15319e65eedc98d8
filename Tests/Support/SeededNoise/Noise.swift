/// A repeatable source of numbers (SplitMix64: Steele, Lea and Flood, 2014), so that a failure can be had again.
public struct Noise: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(_ seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// At least -1 and less than 1.
  public mutating func value() -> Float { Float(Int64(bitPattern: next()) >> 40) / Float(1 << 23) }

  /// Numbers between -`scale` and `scale`.
  public mutating func values(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in value() * scale }
  }

  /// At least 0 and less than `limit`.
  public mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  /// Bytes of any value.
  public mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 56) }
  }
}
