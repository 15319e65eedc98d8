/// What happens while a detector is trained.
package enum DetectorEvent: Sendable {
  /// It continues from a checkpoint, after this many rounds and steps of the next one.
  case resumed(epochs: Int, steps: Int)
  /// One step is done.
  case step(DetectorProgress)
  /// A round is done: the backgrounds have been searched, and what can be measured was.
  case epoch(DetectorRecord)
  /// The checkpoint has been written.
  case saved
}

/// The progress of a detector's training.
package struct DetectorProgress: Sendable {
  /// The current round, from 1, of how many.
  package var epoch: Int
  package var epochs: Int
  /// Steps done in it, of how many.
  package var step: Int
  package var steps: Int
  /// Means over the round so far.
  package var loss: Double
  package var found: Double
  /// In this process, over the round so far.
  package var canvasesPerSecond: Double
  /// To the end of the last round's steps, if nothing changes.
  package var secondsLeft: Double
  /// The part of the time in which the network waited for canvases.
  package var waiting: Double
}
