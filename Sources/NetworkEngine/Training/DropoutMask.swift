import CLayers
import CProcessor

/// Which values a dropout layer drops: a function of seed, layer and index.
struct DropoutMask {
  private let threshold: UInt32
  private let scale: Float
  private let stream: UInt64

  private static let level = cp_preferred_level()

  init(rate: Float, stream: UInt64) {
    let rate = min(max(rate, 0), 1)
    threshold = UInt32((Double(rate) * 65536).rounded())
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
    let mask = cd_mask(
      key: Self.mix(Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) ^ (stream &* 0xD605_1A7D_8F3C_2E6B)),
      threshold: threshold, scale: scale)
    if type == .bfloat16 {
      let (from, to) = (from.assumingMemoryBound(to: UInt16.self), to.assumingMemoryBound(to: UInt16.self))
      parallel(byteCount / 2, threads) { range in
        withUnsafePointer(to: mask) {
          cd_drop_bfloats(Self.level, $0, from, to, range.lowerBound, range.upperBound)
        }
      }
    } else {
      let (from, to) = (from.assumingMemoryBound(to: Float.self), to.assumingMemoryBound(to: Float.self))
      parallel(byteCount / 4, threads) { range in
        withUnsafePointer(to: mask) {
          cd_drop_floats(Self.level, $0, from, to, range.lowerBound, range.upperBound)
        }
      }
    }
  }

  /// Multiplies each value by the scale where `values` is above 0, otherwise by 0.
  func pass(
    where values: UnsafeMutableRawPointer, from: UnsafeMutableRawPointer, to: UnsafeMutableRawPointer,
    byteCount: Int, _ type: ElementType, _ threads: Int
  ) {
    let scale = scale
    if type == .bfloat16 {
      let values = values.assumingMemoryBound(to: UInt16.self)
      let (from, to) = (from.assumingMemoryBound(to: UInt16.self), to.assumingMemoryBound(to: UInt16.self))
      parallel(byteCount / 2, threads) {
        cd_pass_bfloats(Self.level, scale, values, from, to, $0.lowerBound, $0.upperBound)
      }
    } else {
      let values = values.assumingMemoryBound(to: Float.self)
      let (from, to) = (from.assumingMemoryBound(to: Float.self), to.assumingMemoryBound(to: Float.self))
      parallel(byteCount / 4, threads) {
        cd_pass_floats(Self.level, scale, values, from, to, $0.lowerBound, $0.upperBound)
      }
    }
  }
}
