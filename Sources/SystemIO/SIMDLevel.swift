import CProcessor
import Glibc

/// The vector instructions that the project's own kernels use: those of the detector and those of the network that oneDNN
/// does not have. All levels give the same bits.
package enum SIMDLevel: String, Sendable, CaseIterable, Comparable {
  /// C without explicit vectors, the reference that the others are tested against.
  case plain
  /// 128 bits: NEON on ARM, SSE2 on x86.
  case simd128
  /// AVX2 with BMI, BMI2, LZCNT and POPCNT.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512

  /// The best level that this processor has.
  package static let best = SIMDLevel(cp_best_level())

  /// The level that the environment's `FM_SIMD` names, as far as the processor has it, or the best one. Read once.
  package static let preferred = SIMDLevel(cp_preferred_level())

  /// Checks the environment's `FM_SIMD`, which ``preferred`` ignores if it names no level.
  ///
  /// - Throws: what ``check(_:)`` throws.
  package static func checkEnvironment() throws(Failure) {
    if let name = getenv(CP_VARIABLE), name.pointee != 0 { try check(String(cString: name)) }
  }

  /// Checks a value of `FM_SIMD`.
  ///
  /// - Throws: ``Failure`` `.usage` if it names no level, or one that the processor does not have.
  package static func check(_ name: String) throws(Failure) {
    guard let level = SIMDLevel(rawValue: name) else {
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(.usage, step: CP_VARIABLE, subject: name, cause: "not one of \(names)")
    }
    guard level <= best else {
      throw Failure(
        .usage, step: CP_VARIABLE, subject: name, cause: "this processor has only \(best.rawValue)")
    }
  }

  /// A level with more instructions is greater.
  package static func < (a: SIMDLevel, b: SIMDLevel) -> Bool {
    a.rank < b.rank
  }

  /// The number of levels with fewer instructions, which is the C kernels' number of the level.
  package var rank: Int {
    switch self {
    case .plain: 0
    case .simd128: 1
    case .avx2: 2
    case .avx512: 3
    }
  }

  private init(_ level: cp_level) {
    self = SIMDLevel(rawValue: String(cString: cp_level_name(level))) ?? .plain
  }
}
