import FrameStream

/// A face of one frame that is to be hidden.
package struct SightedFace: Sendable, Equatable {
  /// The box in pixels.
  package var box: PixelRectangle
  /// The number of the person; nil without one.
  package var id: Int?
  /// Whether the detector found it in this frame.
  package var isSighted: Bool

  /// A face that the detector found, unless said otherwise.
  package init(_ box: PixelRectangle, id: Int? = nil, isSighted: Bool = true) {
    self.box = box
    self.id = id
    self.isSighted = isSighted
  }
}

/// What is hidden in one frame.
package struct PlannedFrame: Sendable, Equatable {
  /// When the frame is shown, in seconds.
  package internal(set) var time = 0.0
  /// The faces of the frame itself.
  package internal(set) var faces: [SightedFace] = []
  /// All that is hidden in it, the frame's own faces first.
  package internal(set) var boxes: [HiddenBox] = []
  /// Whether a box is hidden between two sightings of its face where the detector found none.
  package internal(set) var bridgesGap = false
  /// How many boxes are hidden before the first or after the last sighting of their face.
  package internal(set) var heldCount = 0
  /// Whether there are too many boxes: the frame is hidden as a whole.
  package internal(set) var isWhole = false
  /// The picture; nil if nobody knows its size.
  var bounds: PixelRectangle?

  /// Nothing is hidden.
  package init() {}

  /// Empties it and keeps the memory.
  mutating func removeAll() {
    faces.removeAll(keepingCapacity: true)
    boxes.removeAll(keepingCapacity: true)
    bridgesGap = false
    heldCount = 0
    isWhole = false
  }
}
