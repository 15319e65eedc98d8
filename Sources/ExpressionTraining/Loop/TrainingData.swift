import ExpressionNet
import SystemIO

/// What a network is trained and checked with.
public struct TrainingData: Sendable {
  public let training: PictureSet
  /// Of the same classes and size.
  public let validation: PictureSet?

  /// - Throws: ``Failure`` (`badInput`) if there is nothing to learn or to check with, or the sets do not belong
  ///   together.
  public init(training: PictureSet, validation: PictureSet? = nil) throws(Failure) {
    func refuse(_ cause: String) -> Failure {
      Failure(.badInput, step: "pictures to train with", cause: cause)
    }
    guard training.count > 0 else { throw refuse("there are none that can be read") }
    guard training.classes.count > 1 else {
      throw refuse("there is one class only: at least two are needed")
    }
    if let validation {
      guard validation.count > 0 else {
        throw Failure(
          .badInput, step: "pictures to validate with", cause: "there are none that can be read")
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

  /// A number for all that the training depends on: classes, labels and pixels, in order.
  var fingerprint: String {
    var checksum = Checksum()
    for set in [training, validation].compactMap({ $0 }) {
      for name in set.classes { checksum.add(name) }
      checksum.add(set.width)
      checksum.add(set.height)
      checksum.add(set.count)
      for index in 0..<set.count {
        checksum.add(set.label(index))
        if set.hasTargets(index) { checksum.add(set.targets(index)) }
        set.withPixels(index) { checksum.add(UnsafeRawBufferPointer($0)) }
      }
    }
    return checksum.text
  }
}

extension ExpressionModel {
  /// True if a set is all that the model was trained with, and it was validated with none: then its file has the same
  /// fingerprint. Of pictures that were validated with others, the file cannot tell.
  public func wasTrained(with set: PictureSet) -> Bool {
    guard let kept = information["provenance"]?["data"]?.string, let data = try? TrainingData(training: set)
    else { return false }
    return data.fingerprint == kept
  }
}

extension PictureSet {
  /// True if picture `index` has votes instead of one label.
  fileprivate func hasTargets(_ index: Int) -> Bool { targets(index).max() != 1 }
}
