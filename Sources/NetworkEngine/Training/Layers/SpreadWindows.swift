import COneDNN
import NetworkModel
import SystemIO

/// The gradient of the first convolution's weights. Below AVX-512 oneDNN pads a single channel of input to eight there
/// and computes with the seven of zeros too: for a 9x9 kernel a seventh of a whole step. With the pixels under each
/// window spread out as channels of their own, it is a 1x1 convolution without such a loss.
struct SpreadWindowsLayer: TrainingLayers {
  let context: TrainingContext

  func isWorthSpreading(_ index: Int, _ shape: ConvolutionShape) -> Bool {
    let hasWideKernels = cdnnl_has_instructions(dnnl_cpu_isa_avx512_core) != 0
    return !hasWideKernels && shape.groups == 1 && shape.channels < 4 && !tape.needsGradient(index)
      && shape.window.kernel.height * shape.window.kernel.width * shape.channels >= 8
  }

  /// The values under each window as channels, in the kernel's own order: rows, columns, channels.
  func spread(_ index: Int, _ shape: ConvolutionShape, _ source: Value, _ output: [Int])
    throws(Failure)
    -> ProductTrainingLayers.Product
  {
    let name = graph.nodes[index].name
    let pixels = try plan.value(source, in: context.plain(source.dimensions), .float32, name)
    let size = shape.window.kernel.height * shape.window.kernel.width * shape.channels
    let dimensions = [plan.count, size, output[2], output[3]]
    let result = try plan.value(.channelsLast(dimensions), .float32)
    let channelsLast = !graph.channelsFirst || shape.channels == 1
    let windows = SpreadWindows(
      shape: shape, height: source.dimensions[2], width: source.dimensions[3], rows: output[2],
      columns: output[3], pixelStride: channelsLast ? shape.channels : 1,
      channelStride: channelsLast ? 1 : source.dimensions[2] * source.dimensions[3])
    let (from, to, threads) = (pixels.slot, result.slot, context.threads)
    plan.append(
      name + " (windows)",
      .loop { plan, _ in
        windows.run(plan.floats(from), plan.floats(to), pictures: plan.count, threads)
      }, touching: [from, to])
    let filters = shape.filters
    let kernel = try TensorLayout(
      [filters, size, 1, 1], strides: [1, filters, filters * size, filters * size])
    return .init(
      operation: .convolution(Window(kernel: .init(1, 1)), Padding()), source: result, kernel: kernel)
  }
}

/// Copies the values under each window side by side; 0 where a window reaches over the edge.
private struct SpreadWindows {
  let shape: ConvolutionShape
  let height, width: Int
  let rows, columns: Int
  let pixelStride, channelStride: Int

  func run(
    _ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, pictures: Int, _ threads: Int
  ) {
    let (window, channels) = (shape.window, shape.channels)
    let size = window.kernel.height * window.kernel.width * channels
    parallel(pictures * rows, threads, least: 64) { range in
      var target = result + range.lowerBound * columns * size
      for row in range {
        let picture = source + row / rows * height * width * channels
        let top = row % rows * window.strides.height - shape.padding.top
        for column in 0..<columns {
          let left = column * window.strides.width - shape.padding.left
          for ky in 0..<window.kernel.height {
            let y = top + ky * window.dilation.height
            for kx in 0..<window.kernel.width {
              let x = left + kx * window.dilation.width
              let isInside = y >= 0 && y < height && x >= 0 && x < width
              for channel in 0..<channels {
                target.pointee =
                  isInside ? picture[(y * width + x) * pixelStride + channel * channelStride] : 0
                target += 1
              }
            }
          }
        }
      }
    }
  }
}
