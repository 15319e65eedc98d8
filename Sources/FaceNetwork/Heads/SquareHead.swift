import Glibc

/// The head of a network that finds faces of one range of sizes, which runs on a pyramid of pictures: maps at stride 8 of
/// the logit, the center's offset in cells, and the logarithm of the side in 30 pixels.
package struct SquareHead: DetectionHead {
  private let size: InputSize

  private static let stride = 8
  private static let usualSide: Float = 30
  /// Logarithms of sides beyond these are cut: the network was trained between.
  private static let sides: ClosedRange<Float> = -1.5...1.2

  /// - Returns: nil if the outputs are not one map of 4 channels at stride 8.
  package init?(_ outputs: [OutputShape], _ size: InputSize) {
    guard outputs.count == 1, outputs[0].isMap(channels: 4, size, stride: Self.stride) else { return nil }
    self.size = size
  }

  package func decode(_ values: some OutputValues, into list: inout CandidateList) {
    let map = values[0]
    let (columns, count) = (size.width / Self.stride, size.cells(Self.stride))
    let stride = Float(Self.stride)
    let floor = list.floor
    guard floor < 1 else { return }
    // Most cells are far below: compare before the exponential.
    let least = floor > 0 ? log(floor / (1 - floor)) - 1e-4 : -Float.infinity
    for cell in 0..<count where map[cell] > least {
      let side =
        Self.usualSide * exp(min(max(map[3 * count + cell], Self.sides.lowerBound), Self.sides.upperBound))
      let x = (Float(cell % columns) + 0.5 + map[count + cell]) * stride
      let y = (Float(cell / columns) + 0.5 + map[2 * count + cell]) * stride
      list.append(
        Candidate(
          x: x - side / 2, y: y - side / 2, width: side, height: side, score: 1 / (1 + exp(-map[cell]))))
    }
  }
}
