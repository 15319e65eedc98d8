import CLayers
import COneDNN
import CProcessor

/// One of the transforms over some pictures, shared out among the threads that run primitives.
struct WinogradTransform {
  enum Kind {
    /// Pixels to tiles, and the gradient of tiles to that of pixels.
    case input, inputAdjoint
    /// Products to results, and the gradient of results to that of products.
    case output, outputAdjoint
    /// Kernel to its matrices, one for each point, and their gradient to the kernel's.
    case kernel, kernelAdjoint
  }

  let kind: Kind
  let tiles: WinogradTiles
  var pictures = 1
  let source: UnsafePointer<Float>
  let result: UnsafeMutablePointer<Float>
  /// Added to results; nil for none.
  var bias: UnsafePointer<Float>?
  /// What negative results are multiplied with.
  var slope: Float = 1

  private static let level = cp_preferred_level()

  /// Allocates nothing.
  func run() {
    withUnsafePointer(to: self) { work in
      cdnnl_parallel(
        { context, part, parts in
          guard let context else { return }
          context.assumingMemoryBound(to: WinogradTransform.self).pointee.run(Int(part), of: Int(parts))
        }, UnsafeMutableRawPointer(mutating: work), 0)
    }
  }

  private func run(_ part: Int, of parts: Int) {
    let lanes = Int(CW_LANES)
    let (channels, filters) = (tiles.channels, tiles.filters)
    let rows = pictures * tiles.count
    let items =
      switch kind {
      case .input: rows * channels / lanes
      case .inputAdjoint: pictures * channels / lanes
      case .output, .outputAdjoint: rows * filters / lanes
      case .kernel, .kernelAdjoint: channels * filters / lanes
      }
    let (first, last) = (Int32(items * part / parts), Int32(items * (part + 1) / parts))
    let level = Self.level
    withUnsafePointer(to: tiles.shape) { shape in
      switch kind {
      case .input: cw_input(level, shape, source, result, rows * channels, first, last)
      case .inputAdjoint: cw_input_adjoint(level, shape, source, rows * channels, result, first, last)
      case .output: cw_output(level, shape, source, rows * filters, bias, slope, result, first, last)
      case .outputAdjoint: cw_output_adjoint(level, shape, source, result, rows * filters, first, last)
      case .kernel: cw_kernel(level, shape, source, result, first, last)
      case .kernelAdjoint: cw_kernel_adjoint(level, shape, source, result, 0, first, last)
      }
    }
  }
}
