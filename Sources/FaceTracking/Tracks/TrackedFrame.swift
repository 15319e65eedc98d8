/// What tracking says of one frame, finally.
package struct TrackedFrame: Sendable {
  /// What it says of each face that the frame has, in their order.
  package var faces: [Face] = []
  /// The faces that the detector did not find, between two sightings, in the order of their numbers.
  package var filled: [Filled] = []

  /// A face of the frame.
  package struct Face: Sendable {
    /// The person's number, from 1; nil if the face belongs to nobody who was seen often enough.
    package var id: Int?
    /// The box with its jitter removed; nil without a number or if it is not wanted.
    package var steady: TrackedBox?
    /// The smoothed label; nil without a number or without labels.
    package var label: SmoothedLabel?
    /// Where a box that was copied from an earlier frame should be; nil if the box was found, or if nothing later is
    /// known.
    package var corrected: TrackedBox?
  }

  /// A face put in where the detector found none.
  package struct Filled: Sendable {
    /// The person's number, from 1.
    package var id: Int
    /// Where the face is.
    package var box: TrackedBox
    /// The smoothed label; nil without labels.
    package var label: SmoothedLabel?
  }
}
