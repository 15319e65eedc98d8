import CLayers
import NetworkModel

/// How a convolution is computed by Winograd's minimal filtering: 8x8 tiles of the input, transformed, are multiplied
/// with the transformed kernel as 64 products of matrices, and transformed back.
///
/// A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural Networks", 2016. A 6x6 kernel takes a fifth of the
/// multiplications; the results differ from the direct way's by about 1e-5 of the largest in a tile.
struct WinogradTiles {
  let shape: cw_shape
  /// Tiles of one picture.
  let count: Int

  /// - Parameters:
  ///   - input: Height and width of the input.
  ///   - output: Height and width of the result.
  ///   - pictures: How many are multiplied with the kernel at once.
  ///   - directRate: How many multiplications the direct way does in the time of one here: more than 1 where it
  ///     computes in shorter numbers.
  /// - Returns: nil if it is not such a convolution, or one that is about as fast the direct way.
  init?(
    _ convolution: ConvolutionShape, input: (height: Int, width: Int),
    output: (height: Int, width: Int), pictures: Int = 1, directRate: Double = 1
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
    let side = CW_SIDE + 1 - kernel
    let (down, across) = ((output.height + side - 1) / side, (output.width + side - 1) / side)
    count = down * across
    // A transformed kernel has up to 7 times as many values, and tiles 16 times: a file could ask for gigabytes.
    guard Self.points * max(channels * filters, pictures * count * max(channels, filters)) <= Self.largest
    else { return nil }

    // In multiplications' time, by measurement: a transformed value costs about 40, and a weight that is fetched from
    // beyond the nearest caches 10.
    let points = Double(Self.points)
    let (weights, values) = (Double(channels * filters), Double(count * (channels + filters)))
    let cost = points * (weights * (Double(count) + 10 / Double(pictures)) + values * 40)
    let direct = Double(kernel * kernel * output.height * output.width) * weights
    guard cost * 1.25 * directRate < direct else { return nil }
    shape = cw_shape(
      kernel: Int32(kernel), height: Int32(input.height), width: Int32(input.width),
      rows: Int32(output.height), columns: Int32(output.width), top: Int32(convolution.padding.top),
      left: Int32(convolution.padding.left), channels: Int32(channels), filters: Int32(filters),
      tiles_down: Int32(down), tiles_across: Int32(across))
  }

  var channels: Int { Int(shape.channels) }
  var filters: Int { Int(shape.filters) }
  /// Points of the transformed tile, each a product of matrices of its own.
  static let points = CW_POINTS
  /// The most values of the transformed kernel, and of the tiles transformed at once: 256 MiB.
  private static let largest = ModelLimits.activations
  /// Values of one picture, before and after.
  var inputCount: Int { Int(shape.height * shape.width) * channels }
  var outputCount: Int { Int(shape.rows * shape.columns) * filters }
  /// Values of the transformed kernel.
  var kernelCount: Int { Self.points * channels * filters }
}
