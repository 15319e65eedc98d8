import CCascade
import SystemIO

extension SIMDLevel {
  /// The level as the kernels take it.
  var code: cp_level { cp_level(rawValue: UInt32(rank)) }
}
