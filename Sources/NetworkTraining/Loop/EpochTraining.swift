import SystemIO

/// A training in epochs of steps with checkpoints between, which an interrupted one resumes from.
///
/// A conforming type says what a step and the end of an epoch are; ``train(until:isStopped:onEvent:)`` is their order.
package protocol EpochTraining: AnyObject {
  /// What happens while it runs.
  associatedtype Event

  /// Where its checkpoint is, and when the next one is due.
  var checkpoints: CheckpointSchedule { get }
  /// Epochs that are done.
  var epochsDone: Int { get }
  /// Steps that are done of the current epoch.
  var stepsDone: Int { get }
  /// Steps of an epoch.
  var stepCount: Int { get }
  /// True if it ended before its last epoch.
  var hasEndedEarly: Bool { get }

  /// Prepares for the steps that are left of the current epoch.
  func beginSteps()
  /// Does a step.
  /// - Throws: ``Failure`` if the loss is no longer a number, or the network cannot be run.
  func nextStep() throws(Failure) -> Event
  /// Counts training time from now: what came before was something else.
  func restartClock()
  /// Does what ends an epoch, after its last step.
  /// - Returns: What to report, or nil if it was stopped first.
  func endEpoch(isStopped: () -> Bool) throws(Failure) -> [Event]?
  /// Writes the checkpoint, if one is kept.
  func save(_ onEvent: (Event) throws(Failure) -> Void) throws(Failure)
}

extension EpochTraining {
  /// Says that the loss is no longer a number, and what may help.
  /// - Parameter epoch: How people count it, from 1.
  package func divergence(inEpoch epoch: Int, remedy: String) -> Failure {
    let saved = checkpoints.path.map { "; the checkpoint \($0) is unchanged" } ?? ""
    return Failure(
      .failed, step: "training", subject: "epoch \(epoch), step \(stepsDone)",
      cause: "the loss is no longer a number\(saved). Start over with --restart and \(remedy)")
  }

  /// Trains until `epochs` are done.
  /// - Parameters:
  ///   - isStopped: Asked after each step; true ends the training with a checkpoint.
  ///   - onEvent: Receives what happens; throwing ends the training.
  /// - Returns: false if it was stopped first.
  /// - Throws: ``Failure``: if the loss is no longer a number, or if a checkpoint cannot be written.
  package func train(
    until epochs: Int, isStopped: () -> Bool, onEvent: (Event) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    while !hasEndedEarly, epochsDone < epochs {
      guard try trainEpoch(isStopped: isStopped, onEvent: onEvent),
        let events = try endEpoch(isStopped: isStopped)
      else {
        try save(onEvent)
        return false
      }
      // Reported only once it is safe: the reader may be gone.
      try save(onEvent)
      for event in events { try onEvent(event) }
    }
    return true
  }

  /// Does the steps that are left of the epoch.
  /// - Returns: false if it was stopped before the end.
  private func trainEpoch(isStopped: () -> Bool, onEvent: (Event) throws(Failure) -> Void)
    throws(Failure) -> Bool
  {
    guard stepsDone < stepCount else { return true }
    beginSteps()
    while stepsDone < stepCount {
      if isStopped() { return false }
      try onEvent(try nextStep())
      if stepsDone < stepCount, checkpoints.isDue(at: MonotonicClock.seconds()) {
        try save(onEvent)
        // The time that saving takes is not training.
        restartClock()
      }
    }
    return true
  }
}
