import ArgumentParser
import FilterTool
import SystemIO

/// How a detector is evaluated: on pictures with boxes.
struct DetectorEvaluationOptions: ParsableArguments {
  @Option(
    value: "file",
    "Evaluate a detector, a Keras or ONNX file: on pictures with these boxes, CSV with the columns file, x, y, width and height, or COCO's JSON.",
    completion: .file(extensions: ["csv", "json"]))
  var boxes: String?

  @Option(
    value: "file", "Evaluate this cascade instead of a model, with --boxes; no model is named then.",
    name: .shortAndLong, completion: .file(extensions: ["xml"]))
  var cascade: String?

  @Option(number: "n", "Keep detections of a cascade with more than n neighbors (default: 3).")
  var minNeighbors: Int?

  @Option(
    value: "degrees,...",
    "Rotate the pictures clockwise by this angle first; with --boxes, evaluate also at each of these angles, with the boxes rotated."
  )
  var turn: Angles?

  @Option(
    number: "f", "A find is right if its intersection over union with a box is at least f (default: 0.3).")
  var overlap: Double?

  @Option(number: "f", "Leave out what a network finds with a score of f or less (default: 0.02).")
  var minScore: Double?

  @Option(
    number: "n",
    "Show the network pictures of at most n pixels a side, larger ones reduced; 0 shows them as they are (default: 0)."
  )
  var maxSide: Int?

  func validate() throws {
    if boxes == nil,
      cascade != nil || overlap != nil || minScore != nil || maxSide != nil
        || minNeighbors != nil
    {
      throw ValidationError(
        "--cascade, --min-neighbors, --overlap, --min-score and --max-side are for a detector: give --boxes."
      )
    }
    if boxes == nil, let turn, turn.degrees.count > 1 {
      throw ValidationError("--turn takes one angle without --boxes.")
    }
    if let overlap, !(overlap > 0 && overlap <= 1) {
      throw ValidationError("--overlap is more than 0 and at most 1.")
    }
    if let minScore, !(0..<1).contains(minScore) {
      throw ValidationError("--min-score is from 0 to below 1.")
    }
    if let maxSide, !(0...1 << 20).contains(maxSide) {
      throw ValidationError("--max-side is from 0 to 1048576.")
    }
    if let minNeighbors, minNeighbors < 0 { throw ValidationError("--min-neighbors must not be negative.") }
    if cascade != nil, minScore != nil || maxSide != nil {
      throw ValidationError("--min-score and --max-side are for a network.")
    }
    if cascade == nil, minNeighbors != nil { throw ValidationError("--min-neighbors is for a cascade.") }
  }
}

/// Angles on the command line: `10,20,30`.
struct Angles: ExpressibleByArgument {
  let degrees: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard !parts.isEmpty, parts.count <= 36,
      parts.allSatisfy({ $0.map { (-360...360).contains($0) } ?? false })
    else { return nil }
    degrees = parts.compactMap { $0 }
  }
}
