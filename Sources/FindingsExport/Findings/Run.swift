/// Consecutive frames of one person with one expression.
package struct Run: Sendable, Equatable {
  /// The person's place among the ``Findings/persons``.
  package var person: Int32
  /// The class's number; -1 for no expression.
  package var expression: Int32
  /// When the first frame is shown, in seconds.
  package var start: Double
  /// When the frame after the last one is shown, in seconds.
  package var end: Double
  /// The number of the first frame.
  package var firstFrame: Int32
  /// The number of the last frame.
  package var lastFrame: Int32
  /// How many frames it has.
  package var frames: Int32
  /// The middle of the face in the first frame, and its top, as shares of the picture's width and height; NaN where the
  /// picture's size is not known.
  package var center: (x: Float, top: Float, bottom: Float)
  /// The sum of their confidences; NaN if one has none.
  package var confidenceSum: Double

  /// Seconds.
  package var length: Double { end - start }
  /// The mean confidence; nil if there is none.
  package var confidence: Double? {
    confidenceSum.isNaN ? nil : confidenceSum / Double(frames)
  }
  /// The class's number; nil for no expression.
  package var classIndex: Int? { expression < 0 ? nil : Int(expression) }

  /// Whether all of two runs is equal but where the faces are.
  package static func == (a: Run, b: Run) -> Bool {
    (a.person, a.expression, a.start, a.end) == (b.person, b.expression, b.start, b.end)
      && (a.firstFrame, a.lastFrame, a.frames) == (b.firstFrame, b.lastFrame, b.frames)
  }
}

/// A person of the input.
package struct Person: Sendable {
  /// The number that the person goes by.
  package var number: Int
  /// When he or she is first seen, in seconds.
  package var firstSeen: Double
  /// When the last frame with him or her ends, in seconds.
  package var lastSeen: Double
  /// In how many frames.
  package var frames = 0
  /// For how many seconds in all.
  package var seconds = 0.0
}

/// How runs are made.
package struct RunOptions: Sendable {
  /// Whether the classifier's labels of each frame count, not those over time.
  package var isRaw = false
  /// Runs that are shorter, in seconds, are left out.
  package var minimumDuration = 0.0
  /// A face whose confidence is lower has no expression, in runs and in frames.
  package var minimumConfidence = 0.0

  /// The labels over time, all of them.
  package init() {}
}
