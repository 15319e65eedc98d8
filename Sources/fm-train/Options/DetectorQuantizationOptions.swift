import ArgumentParser
import FaceNetwork

/// How a detector is quantized: as fm-detect searches pictures.
struct DetectorQuantizationOptions: ParsableArguments {
  @Option(
    number: "n",
    "Show a detector pictures of at most n pixels a side, larger ones reduced, as fm-detect does; 0 shows them as they are (default: 640)."
  )
  var maxSide: Int?

  @Option(
    number: "f", "Compare the faces that a detector finds with a score of more than f (default: 0.6).")
  var minScore: Double?

  func validate() throws {
    if let minScore, !(0..<1).contains(minScore) {
      throw ValidationError("--min-score is from 0 to below 1.")
    }
    if let maxSide, !(0...1 << 20).contains(maxSide) {
      throw ValidationError("--max-side is from 0 to 1048576.")
    }
  }

  /// True if none is given.
  var isEmpty: Bool { maxSide == nil && minScore == nil }

  /// The detector's options.
  var search: NetworkDetector.Options {
    var options = NetworkDetector.Options()
    if let maxSide { options.maximumSide = maxSide }
    if let minScore { options.minimumScore = Float(minScore) }
    return options
  }
}
