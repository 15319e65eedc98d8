/// What running a model over pictures has shown: the ranges that int8 needs, and the accuracy of each precision.
///
/// It is the key `calibration` of a model's `fm.json`:
///
///     {"pictures": 512, "ranges": {"conv2d": [0, 3.2, 2.9], …},
///      "input": {"scale": 1, "offset": 0, "standardize": false},
///      "accuracy": {"pictures": 3589, "f32": 0.5890, "int8": 0.5882, "agreement": {"int8": 0.991}, "vnni": false},
///      "accuracy_flip": {…}}
///
/// A detector has ``DetectionAgreement`` under `detections` instead of accuracies. In an ONNX file it is the value of the key
/// ``ONNXModel/calibrationKey`` among the model's `metadata_props`.
///
/// A range is least, greatest, limit. It belongs to the result of the layer that it is named after, with what
/// follows at once (batch normalization, activation) where that is computed together.
package struct Calibration: Sendable, Equatable {
  /// The accuracy of a precision on pictures with labels.
  package struct Accuracy: Sendable, Equatable {
    /// How many pictures were compared.
    package var pictures: Int
    /// The fraction of pictures whose class is found.
    package var found: [Precision: Double]
    /// The fraction of pictures for which it answers as f32 does.
    package var agreement: [Precision: Double]
    /// True if int8 was measured with exact 16-bit sums (VNNI), false if with activations of seven bits.
    package var hadIntegerDotProduct: Bool

    /// The result of a comparison.
    package init(
      pictures: Int, found: [Precision: Double], agreement: [Precision: Double], hadIntegerDotProduct: Bool
    ) {
      self.pictures = pictures
      self.found = found
      self.agreement = agreement
      self.hadIntegerDotProduct = hadIntegerDotProduct
    }
  }

  /// How much accuracy `auto` lets a precision lose: 0.3 points.
  package static let tolerance = 0.003

  /// How many pictures the ranges come from.
  package var pictures: Int
  /// The range of each layer's result, by the name of its node.
  package var ranges: [String: ActivationRange]
  /// How the inputs were made that it comes from (the margin says nothing); nil in older files.
  package var input: Preprocessing?
  /// The accuracy for each of the views that it was measured for; none if the pictures had no labels.
  package var accuracies: [PictureViews: Accuracy]
  /// What changes of what a detector finds; nil for a classifier, or if it was not measured.
  package var detections: DetectionAgreement?

  /// Ranges, and the accuracy of precisions if it was measured.
  package init(
    pictures: Int, ranges: [String: ActivationRange], accuracies: [PictureViews: Accuracy] = [:]
  ) {
    self.pictures = pictures
    self.ranges = ranges
    self.accuracies = accuracies
  }

  /// True if it is known to be for inputs made like this, or nothing is known.
  package func fits(_ preprocessing: Preprocessing) -> Bool {
    guard let input else { return true }
    return input.scale == preprocessing.scale && input.offset == preprocessing.offset
      && input.standardize == preprocessing.standardize
  }
}
