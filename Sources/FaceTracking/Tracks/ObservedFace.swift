/// What one frame says of one face.
package struct ObservedFace: Sendable {
  /// Where it is.
  package var box: TrackedBox
  /// How sure the detector is, 0 to 1; nil if it does not say.
  package var score: Double?
  /// True if the box was copied from the frame searched before: it says nothing of this frame.
  package var isHeld = false
  /// What the face looks like; nil without pixels.
  package var appearance: FaceAppearance?
  /// A probability for each class, in the stream's order of classes; empty if no classifier saw the face.
  package var probabilities: [Float] = []

  /// A face at `box`, of which nothing else is known.
  package init(box: TrackedBox, score: Double? = nil, isHeld: Bool = false) {
    self.box = box
    self.score = score
    self.isHeld = isHeld
  }
}
