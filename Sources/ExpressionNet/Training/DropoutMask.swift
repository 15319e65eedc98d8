import Dispatch
import Glibc

func exponential(_ x: Float) -> Float { expf(x) }
func naturalLogarithm(_ x: Float) -> Float { logf(x) }

/// Which values a dropout layer drops: a function of seed, layer and place, by SplitMix64 (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", 2014), 16 bits for each value.
struct DropoutMask {
  private let threshold: UInt64
  private let scale: Float
  private let stream: UInt64

  init(rate: Float, stream: UInt64) {
    let rate = min(max(rate, 0), 1)
    threshold = UInt64((Double(rate) * 65536).rounded())
    scale = rate < 1 ? 1 / (1 - rate) : 0
    self.stream = stream
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Multiplies each value by 0 or by the scale.
  func apply(
    seed: UInt64, from: UnsafeMutableRawPointer, to: UnsafeMutableRawPointer, byteCount: Int,
    _ type: ElementType, _ threads: Int
  ) {
    let key = Self.mix(Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) ^ (stream &* 0xD605_1A7D_8F3C_2E6B))
    let isShort = type == .bfloat16
    let blocks = (byteCount / (isShort ? 2 : 4) + 3) / 4
    let count = byteCount / (isShort ? 2 : 4)
    parallel(blocks, threads) { range in
      for block in range {
        var bits = Self.mix(key &+ UInt64(truncatingIfNeeded: block) &* 0x9E37_79B9_7F4A_7C15)
        for place in (block * 4)..<min(block * 4 + 4, count) {
          let factor = bits & 0xFFFF >= threshold ? scale : 0
          bits >>= 16
          if isShort {
            store(load(from, place) * factor, to, place)
          } else {
            let value = from.load(fromByteOffset: place &* 4, as: Float.self)
            to.storeBytes(of: value * factor, toByteOffset: place &* 4, as: Float.self)
          }
        }
      }
    }
  }

  /// Multiplies each value by the scale where `values` is above 0, else by 0.
  func pass(
    where values: UnsafeMutableRawPointer, from: UnsafeMutableRawPointer, to: UnsafeMutableRawPointer,
    byteCount: Int, _ type: ElementType, _ threads: Int
  ) {
    let scale = scale
    if type == .bfloat16 {
      parallel(byteCount / 2, threads) { range in
        for place in range {
          store(load(values, place) > 0 ? load(from, place) * scale : 0, to, place)
        }
      }
      return
    }
    let values = values.assumingMemoryBound(to: Float.self)
    let from = from.assumingMemoryBound(to: Float.self)
    let to = to.assumingMemoryBound(to: Float.self)
    parallel(byteCount / 4, threads) { range in
      for place in range { to[place] = values[place] > 0 ? from[place] * scale : 0 }
    }
  }
}

/// A bfloat16: a Float's upper half.
@inline(__always)
private func load(_ base: UnsafeMutableRawPointer, _ place: Int) -> Float {
  Float(bitPattern: UInt32(base.load(fromByteOffset: place &* 2, as: UInt16.self)) << 16)
}

/// Rounded to the nearest, to even where two are as near.
@inline(__always)
private func store(_ value: Float, _ base: UnsafeMutableRawPointer, _ place: Int) {
  let bits = value.bitPattern
  let rounded = value.isNaN ? bits | 0x0040_0000 : bits &+ 0x7FFF &+ ((bits >> 16) & 1)
  base.storeBytes(of: UInt16(truncatingIfNeeded: rounded >> 16), toByteOffset: place &* 2, as: UInt16.self)
}

/// Runs `body` over 0..<`count` in as many pieces as there are threads; few values are not worth a second one. The
/// pieces must not depend on each other.
func parallel(_ count: Int, _ threads: Int, least: Int = 1 << 15, _ body: (Range<Int>) -> Void) {
  guard threads > 1, count >= least else { return body(0..<count) }
  // Whole cache lines for each, where it is values that are counted.
  let piece = least < 1 << 15 ? (count + threads - 1) / threads : (count / threads + 63) & ~63
  withoutActuallyEscaping(body) { body in
    // The pieces are disjoint, and all are done before this returns.
    nonisolated(unsafe) let work = body
    DispatchQueue.concurrentPerform(iterations: threads) { index in
      let first = min(index * piece, count)
      let last = index == threads - 1 ? count : min(first + piece, count)
      work(first..<last)
    }
  }
}
