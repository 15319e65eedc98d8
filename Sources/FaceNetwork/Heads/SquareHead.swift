import Glibc

/// The head of a network that finds objects of one range of sizes, which runs on a pyramid of pictures: maps of the logit,
/// the center's offset in cells, and the logarithm of the size in usual ones.
package struct SquareHead: DetectionHead {
  private let size: InputSize
  private let stride: Int
  private let usualSize: Float
  /// What a size is multiplied by for the width of its box, and for the height.
  private let (across, down): (Float, Float)
  /// Values from a cell to the next, and from a map to the next.
  private let (cellStep, mapStep): (Int, Int)

  /// Logarithms of sizes beyond these are cut: the network was trained between.
  private static let sizes: ClosedRange<Float> = -1.5...1.2

  /// - Parameters:
  ///   - outputs: One map of 4 channels, which come first as in ONNX or last as in Keras.
  ///   - size: The network's input.
  ///   - description: What the map's numbers mean.
  /// - Returns: nil if the outputs are not such a map at the description's stride.
  package init?(
    _ outputs: [OutputShape], _ size: InputSize, _ description: DetectorDescription = DetectorDescription()
  ) {
    stride = description.stride
    guard outputs.count == 1 else { return nil }
    let cells = size.cells(stride)
    if outputs[0].isMap(channels: 4, size, stride: stride) {
      (cellStep, mapStep) = (1, cells)
    } else if outputs[0].axes == [1, size.height / stride, size.width / stride, 4] {
      (cellStep, mapStep) = (4, 1)
    } else {
      return nil
    }
    self.size = size
    usualSize = description.usualSize
    across = description.aspect.squareRoot()
    down = 1 / across
  }

  package func decode(_ values: some OutputValues, into list: inout CandidateList) {
    let map = values[0]
    let (columns, count) = (size.width / stride, size.cells(stride))
    let step = Float(stride)
    let floor = list.floor
    guard floor < 1 else { return }
    // Most cells are far below: compare before the exponential.
    let least = floor > 0 ? log(floor / (1 - floor)) - 1e-4 : -Float.infinity
    for cell in 0..<count where map[cell &* cellStep] > least {
      let first = cell &* cellStep
      let logarithm = min(max(map[first + 3 * mapStep], Self.sizes.lowerBound), Self.sizes.upperBound)
      let size = usualSize * exp(logarithm)
      let (width, height) = (size * across, size * down)
      let x = (Float(cell % columns) + 0.5 + map[first + mapStep]) * step
      let y = (Float(cell / columns) + 0.5 + map[first + 2 * mapStep]) * step
      list.append(
        Candidate(
          x: x - width / 2, y: y - height / 2, width: width, height: height,
          score: 1 / (1 + exp(-map[first]))))
    }
  }
}
