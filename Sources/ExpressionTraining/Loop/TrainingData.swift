import ExpressionNet
import PictureData
import SystemIO

/// The pictures that a network is trained and validated with.
package struct TrainingData: Sendable {
  /// The pictures to train with.
  package let training: PictureSet
  /// Of the same classes and size.
  package let validation: PictureSet?

  /// - Throws: ``Failure`` (`badInput`) if there is nothing to learn or to check with, or the sets do not belong
  ///   together.
  package init(training: PictureSet, validation: PictureSet? = nil) throws(Failure) {
    func refuse(_ cause: String) -> Failure {
      Failure(.badInput, step: "pictures to train with", cause: cause)
    }
    guard training.count > 0 else { throw refuse("none can be read") }
    guard training.classes.count > 1 else {
      throw refuse("there is only one class: at least two are needed")
    }
    if let validation {
      guard validation.count > 0 else {
        throw Failure(
          .badInput, step: "pictures to validate with", cause: "none can be read")
      }
      guard validation.classes == training.classes, validation.width == training.width,
        validation.height == training.height
      else {
        throw Failure(
          .badInput, step: "pictures to validate with", cause: "their classes or size are not the training's")
      }
    }
    self.training = training
    self.validation = validation
  }

  /// Numbers for all that a training depends on: classes, labels and pixels, in order.
  struct Fingerprints: Equatable {
    /// Of the pictures to train with.
    let training: String
    /// Of all, those to validate with after the others.
    let whole: String
  }

  /// Goes through all pixels once.
  var fingerprints: Fingerprints {
    var checksum = Checksum()
    training.add(to: &checksum)
    let part = checksum.text
    validation?.add(to: &checksum)
    return Fingerprints(training: part, whole: checksum.text)
  }

  /// The number for all that the training depends on.
  var fingerprint: String { fingerprints.whole }

  /// How many of the validation pictures are also, pixel by pixel, training pictures, whatever they are
  /// called: what is measured on them says nothing of other pictures.
  package var repeatedCount: Int {
    guard let validation else { return 0 }
    let known = Set((0..<training.count).map(training.pixelNumber))
    return (0..<validation.count).count { known.contains(validation.pixelNumber($0)) }
  }
}

extension ExpressionModel {
  /// True if a set is all that the model was trained with, in its last stage, by the fingerprint that its file has.
  package func wasTrained(with set: PictureSet) -> Bool {
    let provenance = information["provenance"]
    // Older files have one number for both sets, which is that of the one if there were none to validate with.
    guard let kept = (provenance?["training_data"] ?? provenance?["data"])?.string else { return false }
    var checksum = Checksum()
    set.add(to: &checksum)
    return checksum.text == kept
  }
}

extension PictureSet {
  /// True if picture `index` has votes instead of one label.
  private func hasTargets(_ index: Int) -> Bool { targets(index).max() != 1 }

  fileprivate func add(to checksum: inout Checksum) {
    for name in classes { checksum.add(name) }
    checksum.add(width)
    checksum.add(height)
    checksum.add(count)
    for index in 0..<count {
      checksum.add(label(index))
      if hasTargets(index) { checksum.add(targets(index)) }
      withPixels(index) { checksum.add(UnsafeRawBufferPointer($0)) }
    }
  }

  /// A number for the pixels of picture `index` alone.
  fileprivate func pixelNumber(_ index: Int) -> UInt64 {
    var checksum = Checksum()
    withPixels(index) { checksum.add(UnsafeRawBufferPointer($0)) }
    return checksum.value
  }
}
