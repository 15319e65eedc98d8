import CLayers
import NetworkModel

/// How a convolution is computed by Winograd's minimal filtering: tiles of the input, transformed, are multiplied
/// with the transformed kernel as a product of matrices for each point of a tile, and transformed back.
///
/// A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural Networks", 2016. With 8x8 tiles, a 6x6 kernel takes a
/// fifth of the multiplications, and the results differ from the direct way's by about 1e-5 of the largest in a tile; with
/// 10x10 tiles, a ninth, and about 1e-4.
struct WinogradTiles {
  let shape: cw_shape
  /// Tiles of one picture.
  let count: Int
  /// Pictures that are transformed and multiplied together.
  let picturesAtOnce: Int

  /// - Parameters:
  ///   - input: Height and width of the input.
  ///   - output: Height and width of the result.
  ///   - pictures: How many there are to be multiplied with the kernel.
  ///   - directRate: How many multiplications the direct way does in the time of one here: more than 1 where it
  ///     computes in shorter numbers.
  ///   - sides: Sides of tiles to choose from, the most exact one first.
  /// - Returns: nil if it is not such a convolution, or one that is about as fast the direct way.
  init?(
    _ convolution: ConvolutionShape, input: (height: Int, width: Int),
    output: (height: Int, width: Int), pictures: Int = 1, directRate: Double = 1, sides: [Int] = [8]
  ) {
    let window = convolution.window
    let kernel = window.kernel.height
    guard window.kernel.width == kernel, (3...7).contains(kernel), convolution.groups == 1,
      window.strides.height == 1, window.strides.width == 1, window.dilation.height == 1,
      window.dilation.width == 1
    else { return nil }
    let (channels, filters) = (convolution.channels, convolution.filters)
    let lanes = Int(CW_LANES)
    guard channels % lanes == 0, filters % lanes == 0 else { return nil }
    let weights = Double(channels * filters)
    var best: (side: Int, down: Int, across: Int, atOnce: Int, cost: Double)?
    for side in sides {
      let results = side + 1 - kernel
      let (down, across) = (
        (output.height + results - 1) / results, (output.width + results - 1) / results
      )
      let count = down * across
      let atOnce = min(pictures, max(8, Self.rows / count))
      // A transformed kernel has up to 11 times as many values, and tiles 16 times: a file could ask for gigabytes.
      let largest = max(channels * filters, atOnce * count * max(channels, filters))
      guard side * side * largest <= Self.largest else { continue }
      // In multiplications' time, by measurement: a transformed value costs about 40, and a weight that is fetched from
      // beyond the nearest caches 10.
      let values = Double(count * (channels + filters))
      let cost = Double(side * side) * (weights * (Double(count) + 10 / Double(atOnce)) + values * 40)
      // Less exact tiles have to be worth it.
      if best.map({ cost * 1.2 < $0.cost }) ?? true { best = (side, down, across, atOnce, cost) }
    }
    let direct = Double(kernel * kernel * output.height * output.width) * weights
    guard let best, best.cost * 1.25 * directRate < direct else { return nil }
    (count, picturesAtOnce) = (best.down * best.across, best.atOnce)
    shape = cw_shape(
      side: Int32(best.side), kernel: Int32(kernel), height: Int32(input.height), width: Int32(input.width),
      rows: Int32(output.height), columns: Int32(output.width), top: Int32(convolution.padding.top),
      left: Int32(convolution.padding.left), channels: Int32(channels), filters: Int32(filters),
      tiles_down: Int32(best.down), tiles_across: Int32(best.across))
  }

  var channels: Int { Int(shape.channels) }
  var filters: Int { Int(shape.filters) }
  /// Points of the transformed tile, each a product of matrices of its own.
  var points: Int { side * side }
  /// Values on a tile's side.
  var side: Int { Int(shape.side) }
  /// The most values of the transformed kernel, and of the tiles transformed at once: 256 MiB.
  private static let largest = ModelLimits.activations
  /// Tiles that are worth a product of their own: enough for what fetching the kernel's matrices costs.
  private static let rows = 288
  /// Values of one picture, before and after.
  var inputCount: Int { Int(shape.height * shape.width) * channels }
  var outputCount: Int { Int(shape.rows * shape.columns) * filters }
  /// Values of the transformed kernel.
  var kernelCount: Int { points * channels * filters }
}
