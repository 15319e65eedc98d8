/// How tracks begin, end and are followed.
package struct TrackingOptions: Sendable {
  /// How long a face may be missing and keep its number, seconds.
  package var maximumGap = 1.0
  /// How many times a face must have been seen before it gets a number, where the frames after it are known.
  package var minimumLength = 3
  /// The same where they are not.
  package var liveMinimumLength = 2
  /// The score from which a face may begin a track; a lower one only continues one.
  package var beginningScore = 0.7
  /// How far the tracker looks ahead, seconds; infinite for the whole stream.
  package var lag = 1.0
  /// Whether boxes without jitter are wanted.
  package var isSteady = true
  /// How labels are smoothed.
  package var smoothing = LabelSmoothing.viterbi

  /// The defaults.
  package init() {}
}
