import FaceInput

/// A kind of detection network: how to recognize it by its outputs, and what it expects and means.
package struct DetectorFamily: Sendable {
  /// The name of its head, as descriptions and `history` say it.
  package let name: String
  /// How pictures become its input.
  package let encoding: PictureEncoding
  /// The sides of its input are multiples of this.
  package let step: Int
  /// How its candidates become faces.
  package let suppression: Suppression.Rule
  /// Candidates with a lower score do not even vote; nil if only those count that suffice as faces.
  package let candidateScore: Float?
  /// The shortest side of a picture in a pyramid whose levels halve; nil if the network sees each picture once.
  package let smallestLevel: Int?
  /// How a classifier's crop follows from its boxes.
  package let crop: CropRule
  /// How its scores become what they are worth; nil for scores as they are.
  package var calibration: DetectorDescription.Calibration?
  /// Its head for outputs and a size of the input; nil if the outputs are not its own.
  package let head: @Sendable ([OutputShape], InputSize) -> (any DetectionHead)?

  /// The score that candidates need so that a face can have more than `minimumScore`.
  func candidateFloor(_ minimumScore: Float) -> Float {
    let floor = calibration?.raw(minimumScore) ?? minimumScore
    return min(candidateScore ?? floor, floor)
  }

  /// The family whose outputs these are, and its head; nil if there is none.
  package static func recognize(_ outputs: [OutputShape], _ size: InputSize, channels: Int) -> (
    family: DetectorFamily, head: any DetectionHead
  )? {
    for family in all where family.encoding.channels.count == channels {
      if let head = family.head(outputs, size) { return (family, head) }
    }
    return nil
  }
}
