import FaceNetwork
import FilterTool
import NetworkModel
import SystemIO

extension DetectionModel {
  /// Prints its layers at one size of its input, and what is known of its family.
  func describe(_ tool: Tool) throws(Failure) {
    let graph = example.graph
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
      Outputs: \(example.outputs.map { "\($0.name) \(Self.text($0.shape))" }.joined(separator: ", "))
      Crop: \(family.crop.side) times the root of the box's area, \(family.crop.drop) of its height lower
      Operator set: \(file.operatorSet)\(file.producer.isEmpty ? "" : " (\(file.producer))")
      SHA-256: \(file.sha256)

      """)
  }

  private static func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "x") }
}
