import FrameStream

/// What an input came to: its people and their runs, and what was counted on the way.
package struct Findings: Sendable {
  /// The streams, at most the first thousand.
  package var streams: [FindingsStream] = []
  /// The names of the classes by number.
  package var classes: [String] = []
  /// The people in the order in which they appear.
  package var persons: [Person] = []
  /// The runs by start, then by person. Those without an expression are among them.
  package var runs: [Run] = []
  /// Whether any face has a label; if none has, a run without an expression is all there is of a person.
  package var isClassified = false
  /// Whether people go by the faces' places in their frames.
  package var isUntracked = false
  /// How many frames there are.
  package var frames = 0
  /// Frames in which a detector has looked for faces.
  package var searchedFrames = 0
  /// Frames with a face.
  package var framesWithFaces = 0
  /// Faces.
  package var faces = 0
  /// When the first frame is shown, in seconds.
  package var start = 0.0
  /// When the last frame ends, in seconds.
  package var end = 0.0
  /// Runs that were too short.
  package var shortRuns = 0

  /// Nothing found.
  package init() {}

  /// The runs that formats of intervals write: those with an expression, or all if nothing was classified, none of
  /// which is empty; times begin at 0.
  package func intervals() -> [Run] {
    runs.compactMap { run in
      guard run.expression >= 0 || !isClassified else { return nil }
      var run = run
      run.start = max(0, run.start)
      return run.end > run.start ? run : nil
    }
  }

  /// The name of a class; nil for none.
  package func className(_ run: Run) -> String? { run.classIndex.map { classes[$0] } }

  /// The first stream's size.
  package var size: (width: Int, height: Int)? { streams.first?.size }

  /// Frames per second: what the first stream declares, or else the mean, or 25 for no more than one frame.
  package var frameRate: Rational {
    if let declared = streams.first?.frameRate { return declared }
    guard frames > 1, end > start else { return Rational(25, 1) }
    return Rational(Int((Double(frames) / (end - start) * 1000).rounded().clamped(1...1e9)), 1000)
  }
}

extension Double {
  /// The nearest value of a range.
  package func clamped(_ range: ClosedRange<Double>) -> Double {
    isNaN ? range.lowerBound : Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
