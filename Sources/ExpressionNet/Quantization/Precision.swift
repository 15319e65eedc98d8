import COneDNN
import SystemIO

/// The numbers that a network computes with. Sums are made in f32 (int8: in 32-bit integers) in all of them.
package enum Precision: String, Sendable, CaseIterable {
  case f32
  /// Weights and activations as bfloat16: a float's first 16 bits.
  case bf16
  /// Weights and activations as 8-bit integers, where a layer can: convolutions and dense layers.
  case int8
}

/// What this processor and oneDNN can do with numbers smaller than f32.
package struct ProcessorAbilities: Sendable, Equatable {
  /// oneDNN computes with bfloat16 (AVX-512 with BW, DQ and VL, or better).
  package var hasBFloat16: Bool
  /// Multiply-adds of bfloat16 in hardware (AVX512_BF16, AMX); else oneDNN emulates them, slower than f32.
  package var hasFastBFloat16: Bool
  /// oneDNN has its own code for 8-bit integers (AVX2 or better): 1.6 to 2.3 times the speed of f32 was measured.
  package var hasFastInteger: Bool
  /// Multiply-adds of 8-bit integers straight into 32-bit sums (VNNI); without them, activations have seven bits.
  package var hasIntegerDotProduct: Bool

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

  /// Precisions that are faster than f32 on this processor, the fastest first.
  package var fasterThanFloat: [Precision] {
    (hasFastInteger ? [.int8] : []) + (hasFastBFloat16 ? [.bf16] : [])
  }
}

/// What to compute with: a precision, or the fastest that is known to lose nothing.
package enum PrecisionChoice: Sendable, Equatable {
  /// The fastest on this processor whose accuracy was measured to be at most ``Calibration/tolerance`` below
  /// that of f32; f32 if there is none.
  case auto
  case only(Precision)

  /// The precision to use for `model`.
  /// - Parameter preprocessing: How its inputs are made; nil as the model says. A calibration for other inputs says
  ///   nothing of these.
  /// - Throws: ``Failure``: (`badInput`) int8 without a calibration for such inputs; (`failed`) bf16 on a processor
  ///   without.
  package func precision(
    for model: ExpressionModel, preprocessing: Preprocessing? = nil, on processor: ProcessorAbilities? = nil
  ) throws(Failure) -> Precision {
    let inputs = preprocessing ?? model.information.preprocessing ?? Preprocessing()
    switch self {
    case .only(.f32): return .f32
    case .only(.bf16):
      let abilities = try known(processor)
      guard abilities.hasBFloat16 else {
        throw Failure(
          .failed, step: "precision bf16",
          cause: "this processor has no bfloat16 arithmetic (AVX-512); use auto or f32")
      }
      return .bf16
    case .only(.int8):
      guard let calibration = try model.calibration() else {
        throw Failure(
          .badInput, step: "precision int8",
          cause: "the model has no calibration; fm-train quantize adds one")
      }
      guard calibration.fits(inputs) else {
        throw Failure(
          .badInput, step: "precision int8",
          cause: "the model's calibration is for inputs of another scale or offset")
      }
      return .int8
    case .auto:
      // A calibration that cannot be read is no reason to refuse work that needs none.
      guard let calibration = try? model.calibration(), calibration.fits(inputs) else { return .f32 }
      let abilities = try known(processor)
      return abilities.fasterThanFloat.first { calibration.keepsAccuracy($0, on: abilities) } ?? .f32
    }
  }

  private func known(_ processor: ProcessorAbilities?) throws(Failure) -> ProcessorAbilities {
    if let processor { processor } else { try .here() }
  }
}
