import ArgumentParser
import FaceTracking

/// How people are followed.
struct TrackOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep the number of a face that is missing for up to this many seconds.", valueName: "seconds"))
  var maxGap = 1.0

  @Option(
    help: ArgumentHelp(
      "Look this many seconds ahead before a frame is written; inf is the whole stream (default: 1, for live streams 0).",
      valueName: "seconds"))
  var lag: Double?

  @Option(
    help: ArgumentHelp(
      "Smooth each person's labels: none, exponential (the past only) or viterbi.", valueName: "method"))
  var smoothing = Smoothing.viterbi

  @Flag(inversion: .prefixedNo, help: "Put faces in where the detector missed one between two sightings.")
  var fill = true

  @Option(
    help: ArgumentHelp(
      "Give no number to a face seen in fewer frames than this (default: 3, without looking ahead 2).",
      valueName: "n"))
  var minLength: Int?

  @Flag(help: "Write each box without its jitter as \"box_smoothed\".")
  var steady = false

  @Flag(inversion: .prefixedNo, help: "Compare what faces look like, where there are pixels.")
  var appearance = true

  enum Smoothing: String, ExpressibleByArgument, CaseIterable { case none, exponential, viterbi }

  func validate() throws {
    guard maxGap > 0, maxGap <= 3600 else {
      throw ValidationError("--max-gap is more than 0 and at most 3600.")
    }
    if let lag, !(lag >= 0) { throw ValidationError("--lag is 0 or more.") }
    if let minLength, !(1...1000).contains(minLength) {
      throw ValidationError("--min-length is from 1 to 1000.")
    }
  }

  /// What is written.
  var output: TrackingStage.Output {
    TrackingStage.Output(fills: fill, isSteady: steady, usesAppearance: appearance)
  }

  /// How to track.
  func options(isLive: Bool) -> TrackingOptions {
    var options = TrackingOptions()
    options.maximumGap = maxGap
    options.lag = lag ?? (isLive ? 0 : 1)
    options.minimumLength = minLength ?? options.minimumLength
    options.liveMinimumLength = minLength ?? options.liveMinimumLength
    options.smoothing = LabelSmoothing(rawValue: smoothing.rawValue) ?? .viterbi
    return options
  }
}
