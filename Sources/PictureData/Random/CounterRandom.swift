import Glibc

/// Random numbers as a function of a seed and a purpose: independent of threads and of earlier draws.
///
/// Philox4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, 2011): ten rounds of multiplication
/// over a 128-bit counter under a 64-bit key, the seed.
package struct CounterRandom: Sendable {
  /// The purpose of the numbers; each has its own sequence.
  package enum Purpose: UInt8, Sendable {
    /// Changes of a picture.
    case augmentation = 1
    /// Weights of mixed pictures.
    case mixing
    /// The order of an epoch.
    case order
    /// Everything on a training canvas.
    case canvas
    /// Pages of drawn writing.
    case writing
    /// What cameras, codecs and detectors do to a picture.
    case capture
  }

  private let key: (UInt32, UInt32)
  private var counter: (UInt32, UInt32, UInt32, UInt32)
  private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  private var used = 4

  /// - Parameters:
  ///   - epoch: of 24 bits.
  ///   - index: which picture, class or canvas.
  package init(seed: UInt64, purpose: Purpose, epoch: Int, index: UInt64) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let name = UInt32(truncatingIfNeeded: epoch) << 8 | UInt32(purpose.rawValue)
    counter = (0, name, UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32))
  }

  /// 32 random bits.
  @inline(__always)
  package mutating func next() -> UInt32 {
    switch used {
    case 1:
      used = 2
      return block.1
    case 2:
      used = 3
      return block.2
    case 3:
      used = 4
      return block.3
    default:
      block = Self.philox(counter, key)
      counter.0 &+= 1
      used = 1
      return block.0
    }
  }

  /// One block of Philox4x32-10.
  static func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), _ key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (x, key) = (counter, key)
    for _ in 0..<10 {
      let first = UInt64(x.0) &* 0xD251_1F53
      let second = UInt64(x.2) &* 0xCD9E_8D57
      x = (
        UInt32(truncatingIfNeeded: second >> 32) ^ x.1 ^ key.0, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ x.3 ^ key.1, UInt32(truncatingIfNeeded: first)
      )
      key.0 &+= 0x9E37_79B9
      key.1 &+= 0xBB67_AE85
    }
    return x
  }

  /// From 0 up to but not including 1, in steps of 2^-24.
  package mutating func unit() -> Float { Float(next() >> 8) * 0x1p-24 }

  /// Evenly between the ends of `range`.
  package mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// True with the given probability.
  package mutating func chance(_ probability: Float) -> Bool { unit() < probability }

  /// From 0 up to but not including `count`, which must be positive and less than 2^32.
  package mutating func below(_ count: Int) -> Int { Int((UInt64(next()) &* UInt64(count)) >> 32) }

  /// From the normal distribution of mean 0 and deviation 1 (Box and Muller).
  package mutating func normal() -> Float {
    // 1 - u is never 0.
    let radius = (-2 * log(1 - Double(unit()))).squareRoot()
    return Float(radius * cos(2 * .pi * Double(unit())))
  }

  /// Nearly normal, mean 0 and deviation 1: four even numbers of 8 bits added. Without libm, for noise.
  @inline(__always)
  mutating func roughNormal() -> Float {
    let bits = next()
    let sum = (bits & 0xFF) &+ (bits >> 8 & 0xFF) &+ (bits >> 16 & 0xFF) &+ bits >> 24
    // Mean 510, variance 4·(256² − 1)/12.
    return (Float(sum) - 510) * (1 / 147.8)
  }

  /// From the gamma distribution of scale 1 (Marsaglia and Tsang, 2000).
  mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 {
      return gamma(shape + 1) * pow(Double(1 - unit()), 1 / shape)
    }
    let d = shape - 1 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = Double(normal())
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      if v > 0, log(Double(1 - unit())) < x * x / 2 + d - d * v + d * log(v) { return d * v }
    }
  }

  /// From the beta distribution with both parameters `alpha`, which is positive.
  package mutating func beta(_ alpha: Double) -> Float {
    let (first, second) = (gamma(alpha), gamma(alpha))
    let sum = first + second
    // Both vanish for tiny parameters, where the distribution is all at its ends.
    return sum > 0 ? Float(first / sum) : (chance(0.5) ? 1 : 0)
  }

  /// Every order equally likely (Fisher and Yates).
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(last, below(last + 1)) }
  }
}
