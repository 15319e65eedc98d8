/// How a face becomes a network's input.
package struct Preprocessing: Sendable, Equatable {
  /// An input value is pixel·scale + offset, the pixel 0…255.
  package var scale: Float = 1
  /// What is added to pixel·``scale``.
  package var offset: Float = 0
  /// Whether a picture's own mean is subtracted and its own deviation divided by first, as
  /// `tf.image.per_image_standardization` does.
  package var standardize = false
  /// How much a face's box grows on every side, as a fraction of the box.
  package var margin: Double = 0

  /// The margins that make sense: at least a tenth of the box is left, at most 21 boxes are taken.
  package static let margins = -0.45...10.0

  /// Pixels as they are, unless set otherwise.
  package init(scale: Float = 1, offset: Float = 0, margin: Double = 0, standardize: Bool = false) {
    self.scale = scale
    self.offset = offset
    self.margin = margin
    self.standardize = standardize
  }
}
