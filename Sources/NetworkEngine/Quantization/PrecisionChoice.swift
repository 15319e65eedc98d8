import NetworkModel
import SystemIO

/// What to compute with: a precision, or the fastest that is known to lose nothing.
package enum PrecisionChoice: String, Sendable, CaseIterable {
  /// The fastest on this processor whose accuracy was measured to be at most ``Calibration/tolerance`` below
  /// that of f32, or, for a detector, that was measured to lose and add at most ``DetectionAgreement/tolerance`` of what f32
  /// finds; f32 if no other precision was.
  case auto
  case f32, bf16, int8

  /// The precision to use for a classifier.
  /// - Parameters:
  ///   - preprocessing: How its inputs are made; nil as the model says. A calibration for other inputs says nothing of
  ///     these.
  ///   - views: The views over which answers are averaged.
  /// - Throws: ``Failure``: (`badInput`) int8 without a calibration for such inputs; (`failed`) bf16 on a processor
  ///   without.
  package func precision(
    for model: ModelFile, preprocessing: Preprocessing? = nil, views: PictureViews = .single,
    on processor: ProcessorAbilities? = nil
  ) throws(Failure) -> Precision {
    let inputs = preprocessing ?? model.information.preprocessing ?? Preprocessing()
    return try precision(
      on: processor, fits: { $0.fits(inputs) },
      keepsAnswers: { $0.keepsAccuracy($1, views: views, on: $2) },
      reading: { () throws(Failure) in try model.calibration() })
  }

  /// The precision to use for a detector.
  /// - Parameter calibration: Reads its calibration; nil if it has none.
  /// - Throws: ``Failure``: (`badInput`) int8 without a calibration; (`failed`) bf16 on a processor without.
  package func precision(
    ofDetector calibration: () throws(Failure) -> Calibration?, on processor: ProcessorAbilities? = nil
  ) throws(Failure) -> Precision {
    try precision(
      on: processor, fits: { _ in true }, keepsAnswers: { $0.keepsDetections($1, on: $2) },
      reading: calibration)
  }

  /// - Parameters:
  ///   - fits: Whether a calibration is for the inputs that come.
  ///   - keepsAnswers: Whether a precision was measured to lose nothing that matters.
  private func precision(
    on processor: ProcessorAbilities?, fits: (Calibration) -> Bool,
    keepsAnswers: (Calibration, Precision, ProcessorAbilities) -> Bool,
    reading read: () throws(Failure) -> Calibration?
  ) throws(Failure) -> Precision {
    switch self {
    case .f32: return .f32
    case .bf16:
      let abilities = try known(processor)
      guard abilities.hasBFloat16 else {
        throw Failure(
          .failed, step: "precision bf16",
          cause: "this processor has no bfloat16 arithmetic (AVX-512); use auto or f32")
      }
      return .bf16
    case .int8:
      guard let calibration = try read() else {
        throw Failure(
          .badInput, step: "precision int8",
          cause: "the model has no calibration; fm-train quantize adds one")
      }
      guard fits(calibration) else {
        throw Failure(
          .badInput, step: "precision int8",
          cause: "the model's calibration is for inputs of another scale or offset")
      }
      return .int8
    case .auto:
      // Work that needs no calibration is not refused because the calibration cannot be read.
      guard let calibration = try? read(), fits(calibration) else { return .f32 }
      let abilities = try known(processor)
      return abilities.fasterThanFloat.first { keepsAnswers(calibration, $0, abilities) } ?? .f32
    }
  }

  private func known(_ processor: ProcessorAbilities?) throws(Failure) -> ProcessorAbilities {
    if let processor { processor } else { try .here() }
  }
}

extension Calibration {
  /// True if `precision` was measured to lose no more than ``tolerance`` against f32. The accuracy of int8 with all
  /// bits (VNNI) does not hold for a processor without them; the reverse does. Files of older versions have the accuracy
  /// for single views alone, which then decides.
  package func keepsAccuracy(
    _ precision: Precision, views: PictureViews = .single, on processor: ProcessorAbilities
  ) -> Bool {
    guard let accuracy = views.nearest(in: accuracies)?.value, let own = accuracy.found[precision],
      let float = accuracy.found[.f32]
    else {
      return precision == .f32
    }
    if precision == .int8, accuracy.hadIntegerDotProduct, !processor.hasIntegerDotProduct { return false }
    return own >= float - Self.tolerance
  }

  /// True if a detector was measured to find in `precision` what it finds in f32, but for ``DetectionAgreement/tolerance``.
  package func keepsDetections(_ precision: Precision, on processor: ProcessorAbilities) -> Bool {
    guard precision != .f32 else { return true }
    guard let detections, detections.objects > 0, let difference = detections.differences[precision] else {
      return false
    }
    if precision == .int8, detections.hadIntegerDotProduct, !processor.hasIntegerDotProduct { return false }
    let tolerance = DetectionAgreement.tolerance
    return difference.kept >= 1 - tolerance && difference.added <= tolerance
  }
}
