import Glibc

/// A generator of random numbers that gives the same sequence for the same seed everywhere (SplitMix64: Steele, Lea and
/// Flood, Fast splittable pseudorandom number generators, 2014).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// - Parameters:
  ///   - seed: The training's seed.
  ///   - stream: Which of the independent sequences of that seed.
  package init(seed: UInt64, stream: UInt64 = 0) {
    state = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15 &* (stream &+ 1))
  }

  /// 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A bijective hash of 64 bits, to derive a seed from a number.
  package static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// At least 0 and less than 1.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Of the standard normal distribution (Box and Muller's transformation).
  package mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// Of the standard normal distribution without what lies more than two deviations away.
  package mutating func truncatedNormal() -> Double {
    while true {
      let value = normal()
      if value.magnitude < 2 { return value }
    }
  }
}
