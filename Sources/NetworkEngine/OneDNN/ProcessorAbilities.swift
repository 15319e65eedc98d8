import COneDNN
import NetworkModel
import SystemIO

/// What this processor and oneDNN can do with numbers smaller than f32.
package struct ProcessorAbilities: Sendable, Equatable {
  /// oneDNN computes with bfloat16 (AVX-512 with BW, DQ and VL, or better).
  package var hasBFloat16: Bool
  /// Multiply-adds of bfloat16 in hardware (AVX512_BF16, AMX); otherwise oneDNN emulates them, slower than f32.
  package var hasFastBFloat16: Bool
  /// oneDNN has its own code for 8-bit integers (AVX2 or better): 1.6 to 2.3 times the speed of f32 was measured.
  package var hasFastInteger: Bool
  /// Multiply-adds of 8-bit integers straight into 32-bit sums (VNNI); without them, activations have seven bits.
  package var hasIntegerDotProduct: Bool

  /// The abilities of some machine, for tests.
  package init(
    hasBFloat16: Bool, hasFastBFloat16: Bool, hasFastInteger: Bool, hasIntegerDotProduct: Bool
  ) {
    self.hasBFloat16 = hasBFloat16
    self.hasFastBFloat16 = hasFastBFloat16
    self.hasFastInteger = hasFastInteger
    self.hasIntegerDotProduct = hasIntegerDotProduct
  }

  /// Those of this machine, as far as `DNNL_MAX_CPU_ISA` lets oneDNN use them.
  /// - Throws: ``Failure`` if oneDNN cannot be loaded.
  package static func here() throws(Failure) -> ProcessorAbilities {
    if let problem = cdnnl_load() {
      throw Failure(.failed, step: "cannot load oneDNN", cause: String(cString: problem))
    }
    return ProcessorAbilities(
      hasBFloat16: cdnnl_has_instructions(dnnl_cpu_isa_avx512_core) != 0,
      hasFastBFloat16: cdnnl_has_instructions(dnnl_cpu_isa_avx512_core_bf16) != 0,
      hasFastInteger: cdnnl_has_instructions(dnnl_cpu_isa_avx2) != 0,
      hasIntegerDotProduct: cdnnl_has_instructions(dnnl_cpu_isa_avx512_core_vnni) != 0
        || cdnnl_has_instructions(dnnl_cpu_isa_avx2_vnni) != 0)
  }

  /// oneDNN's version: `3.6.2`.
  /// - Throws: ``Failure`` if it cannot be loaded.
  package static func libraryVersion() throws(Failure) -> String {
    _ = try here()
    let version = cdnnl_version().pointee
    return "\(version.major).\(version.minor).\(version.patch)"
  }

  /// Precisions that are faster than f32 on this processor, the fastest first.
  package var fasterThanFloat: [Precision] {
    (hasFastInteger ? [.int8] : []) + (hasFastBFloat16 ? [.bf16] : [])
  }
}
