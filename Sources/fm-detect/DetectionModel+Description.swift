import FaceNetwork
import FilterTool
import NetworkModel
import SystemIO

extension DetectionModel {
  /// Prints its layers at one size of its input, and what is known of its family.
  func describe(_ tool: Tool) throws(Failure) {
    let graph = example
    var lines = [["LAYER", "KIND", "OUTPUT", "PARAMETERS"]]
    for row in graph.rows {
      lines.append([row.name, row.kind, Self.text(row.shape), "\(row.parameters)"])
    }
    try tool.print(table: lines)
    let (height, width) = (graph.inputShape[0], graph.inputShape[1])
    let encoding = family.encoding
    let size = fixedSize.map { "\($0.width)x\($0.height) only" } ?? "any size, in steps of \(family.step)"
    try tool.print(
      """

      Parameters: \(graph.parameterCount)
      Multiply-adds: \(graph.multiplyAdds) at \(width)x\(height)
      Head: \(family.name)\(family.smallestLevel == nil ? "" : " (on pictures of halved sizes)")
      Input: \(size); \(encoding.channels.rawValue), pixel * \(encoding.scale) + \(encoding.offset)
      Outputs: \(outputs.map { "\($0.name) \(Self.text($0.axes))" }.joined(separator: ", "))
      Crop: \(family.crop.side) times the root of the box's area, \(family.crop.drop) of its height lower
      \(origin.joined(separator: "\n"))
      Calibration: \(calibrationText)
      SHA-256: \(sha256 ?? "")

      """)
  }

  /// What only one kind of file says.
  private var origin: [String] {
    switch source {
    case .onnx(let file):
      return ["Operator set: \(file.operatorSet)\(file.producer.isEmpty ? "" : " (\(file.producer))")"]
    case .keras(_, let description):
      let score = description.calibration.map {
        "calibrated, logit * \($0.slope) + \($0.offset)"
      }
      return [
        "Object: \(description.object), \(description.sizes.lowerBound) to "
          + "\(description.sizes.upperBound) pixels at a level, \(description.aspect) times as wide as high",
        "Stride: \(description.stride)", "Score: \(score ?? "as the network gives it")",
      ]
    }
  }

  /// What is known of 8-bit integers.
  private var calibrationText: String {
    do throws(Failure) {
      guard let calibration = try calibration() else { return "none; fm-train quantize adds one for int8" }
      let ranges = "ranges of \(calibration.ranges.count) layers from \(calibration.pictures) pictures"
      guard let int8 = calibration.detections?.differences[.int8] else { return ranges }
      return ranges + "; int8 keeps \(int8.kept) of the faces and adds \(int8.added)"
    } catch {
      return "\(error)"
    }
  }

  private static func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "x") }
}
