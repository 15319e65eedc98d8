/// Small ONNX files of detectors whose answers can be foreseen.
public enum DetectorFixtures {
  /// A network of the pyramid's family: a face of 30 pixels around every 8x8 cell whose mean gray is over 192.
  public static let brightCells = ONNXBytes.file(
    nodes: [
      ONNXBytes.node(
        "Conv", ["input", "kernel", "bias"], "out", [("kernel_shape", [8, 8]), ("strides", [8, 8])])
    ],
    weights: [
      ONNXBytes.tensor(
        "kernel", [4, 1, 8, 8], [Float](repeating: 8 / 64, count: 64) + [Float](repeating: 0, count: 192)),
      ONNXBytes.tensor("bias", [4], [-8, 0, 0, 0]),
    ],
    input: ONNXBytes.value("input", [1, 1, nil, nil]), outputs: [ONNXBytes.value("out", [1, 4, nil, nil])])

  /// A network of CenterFace's family: a face of 24x32 pixels around every 4x4 cell that is red, all points in its middle.
  public static let redCells = redCells(size: nil)

  /// The same for one size of pictures only.
  public static func redCells(width: Int, height: Int) -> [UInt8] { redCells(size: (width, height)) }

  private static func redCells(size: (width: Int, height: Int)?) -> [UInt8] {
    let red: [Float] = [1, -1, -1].flatMap { [Float](repeating: $0 / 16 / 8, count: 16) }
    let nothing = [Float](repeating: 0, count: 48)
    // Logarithms of the sides in cells: height, then width.
    let maps: [(name: String, bias: [Float])] = [
      ("heat", [-10]), ("scale", [2.0794415, 1.7917595]), ("offset", [0, 0]),
      ("points", [Float](repeating: 0.5, count: 10)),
    ]
    var nodes: [[UInt8]] = []
    var weights: [[UInt8]] = []
    for map in maps {
      let channels = map.bias.count
      let isHeat = map.name == "heat"
      weights.append(
        ONNXBytes.tensor(
          map.name + " kernel", [channels, 3, 4, 4], isHeat ? red : (0..<channels).flatMap { _ in nothing }))
      weights.append(ONNXBytes.tensor(map.name + " bias", [channels], map.bias))
      nodes.append(
        ONNXBytes.node(
          "Conv", ["input", map.name + " kernel", map.name + " bias"], isHeat ? "logit" : map.name,
          [("kernel_shape", [4, 4]), ("strides", [4, 4])]))
    }
    nodes.append(ONNXBytes.node("Sigmoid", ["logit"], "heat"))
    if let size {
      // A constant of this size fits no other.
      let cells = (size.width / 4) * (size.height / 4)
      weights.append(
        ONNXBytes.tensor(
          "mask", [1, 1, size.height / 4, size.width / 4], [Float](repeating: 1, count: cells)))
      nodes.removeLast()
      nodes.append(ONNXBytes.node("Sigmoid", ["logit"], "unmasked"))
      nodes.append(ONNXBytes.node("Mul", ["unmasked", "mask"], "heat"))
    }
    return ONNXBytes.file(
      nodes: nodes, weights: weights, input: ONNXBytes.value("input", [1, 3, size?.height, size?.width]),
      outputs: maps.map { ONNXBytes.value($0.name, [1, $0.bias.count, nil, nil]) })
  }

  /// A network that is no detector: one map of 7 channels.
  public static let noDetector = ONNXBytes.file(
    nodes: [ONNXBytes.node("Conv", ["input", "kernel"], "probabilities", [("kernel_shape", [1, 1])])],
    weights: [ONNXBytes.tensor("kernel", [7, 3, 1, 1], [Float](repeating: 1, count: 21))],
    input: ONNXBytes.value("input", [1, 3, nil, nil]),
    outputs: [ONNXBytes.value("probabilities", [1, 7, nil, nil])])
}
