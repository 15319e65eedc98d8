import CCascade
import Glibc
import SystemIO

/// The instructions that the hot loops use; all give the same bits.
package enum SIMDLevel: String, Sendable, CaseIterable, Comparable {
  /// Plain C, which the others are compared with.
  case plain
  /// 128 bits, as the compiler makes them: NEON on ARM, SSE2 on x86.
  case simd128
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512

  /// The best that this processor has.
  package static let best = SIMDLevel(ck_best_level())

  /// What the environment's `FM_SIMD` asks for, as far as the processor has it; else the best. Read once.
  package static let preferred: SIMDLevel = {
    guard let value = getenv("FM_SIMD"), let level = SIMDLevel(rawValue: String(cString: value)) else {
      return best
    }
    return min(level, best)
  }()

  /// Checks a value of `FM_SIMD`.
  ///
  /// - Throws: ``Failure`` `.usage` if it names no level, or one that the processor does not have.
  package static func check(_ name: String) throws(Failure) {
    guard let level = SIMDLevel(rawValue: name) else {
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(.usage, step: "FM_SIMD", subject: name, cause: "not one of \(names)")
    }
    guard level <= best else {
      throw Failure(.usage, step: "FM_SIMD", subject: name, cause: "this processor has only \(best.rawValue)")
    }
  }

  package static func < (a: SIMDLevel, b: SIMDLevel) -> Bool {
    a.code.rawValue < b.code.rawValue
  }

  init(_ code: ck_level) {
    self =
      switch code {
      case CK_SIMD128: .simd128
      case CK_AVX2: .avx2
      case CK_AVX512: .avx512
      default: .plain
      }
  }

  var code: ck_level {
    switch self {
    case .plain: CK_PLAIN
    case .simd128: CK_SIMD128
    case .avx2: CK_AVX2
    case .avx512: CK_AVX512
    }
  }
}
