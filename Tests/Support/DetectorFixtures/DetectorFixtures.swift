import ONNXParts

/// Small ONNX files of detectors whose answers can be foreseen.
package enum DetectorFixtures {
  /// A network of the pyramid's family: a face of 30 pixels around every 8x8 cell whose mean gray is over 192.
  package static let brightCells: [UInt8] = {
    var parts = ONNXParts()
    parts.input("input", [1, 1, nil, nil])
    parts.output("out")
    let kernel = parts.constant(
      [4, 1, 8, 8], [Float](repeating: 8 / 64, count: 64) + [Float](repeating: 0, count: 192))
    let bias = parts.constant([4], [-8, 0, 0, 0])
    parts.node("Conv", ["input", kernel, bias], ["out"], strides(8))
    return parts.file()
  }()

  /// A network of CenterFace's family: a face of 24x32 pixels around every 4x4 cell that is red, all points in its middle.
  package static let redCells = redCells(size: nil)

  /// The same for one size of pictures only.
  package static func redCells(width: Int, height: Int) -> [UInt8] { redCells(size: (width, height)) }

  private static func redCells(size: (width: Int, height: Int)?) -> [UInt8] {
    let red: [Float] = [1, -1, -1].flatMap { [Float](repeating: $0 / 16 / 8, count: 16) }
    // Logarithms of the sides in cells: height, then width.
    let maps: [(name: String, bias: [Float])] = [
      ("heat", [-10]), ("scale", [2.0794415, 1.7917595]), ("offset", [0, 0]),
      ("points", [Float](repeating: 0.5, count: 10)),
    ]
    var parts = ONNXParts()
    parts.input("input", [1, 3, size?.height, size?.width])
    for map in maps {
      let channels = map.bias.count
      let isHeat = map.name == "heat"
      parts.output(map.name)
      let kernel = parts.constant(
        [channels, 3, 4, 4], isHeat ? red : [Float](repeating: 0, count: 48 * channels))
      let bias = parts.constant([channels], map.bias)
      parts.node("Conv", ["input", kernel, bias], [isHeat ? "logit" : map.name], strides(4))
    }
    guard let size else {
      parts.node("Sigmoid", ["logit"], ["heat"])
      return parts.file()
    }
    // A constant of this size fits no other.
    let cells = (size.width / 4) * (size.height / 4)
    let mask = parts.constant([1, 1, size.height / 4, size.width / 4], [Float](repeating: 1, count: cells))
    parts.node("Sigmoid", ["logit"], ["unmasked"])
    parts.node("Mul", ["unmasked", mask], ["heat"])
    return parts.file()
  }

  /// A network that is no detector: one map of 7 channels.
  package static let noDetector: [UInt8] = {
    var parts = ONNXParts()
    parts.input("input", [1, 3, nil, nil])
    parts.output("probabilities")
    let kernel = parts.constant([7, 3, 1, 1], [Float](repeating: 1, count: 21))
    parts.node("Conv", ["input", kernel], ["probabilities"], ["kernel_shape": .integers([1, 1])])
    return parts.file()
  }()

  private static func strides(_ side: Int) -> [String: ONNXParts.Attribute] {
    ["kernel_shape": .integers([side, side]), "strides": .integers([side, side])]
  }
}
