import FaceInput
import Glibc

/// Softening a picture in place, with memory that is kept for the next one.
final class PictureScratch {
  private let width: Int
  private let height: Int
  private let lines: UnsafeMutablePointer<Float>
  private let small: UnsafeMutablePointer<Float>
  private var kernel: [Float] = []
  private var columns = ResamplingTaps()
  private var rows = ResamplingTaps()

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    lines = .allocate(capacity: width * height)
    small = .allocate(capacity: width * height)
  }

  deinit {
    lines.deallocate()
    small.deallocate()
  }

  /// Blurs with a Gaussian of this deviation in pixels; edge pixels are repeated.
  func blur(_ picture: UnsafeMutablePointer<Float>, sigma: Float) {
    let radius = max(1, Int((3 * sigma).rounded(.up)))
    kernel.removeAll(keepingCapacity: true)
    var sum: Float = 0
    for offset in -radius...radius {
      let weight = exp(-Float(offset * offset) / (2 * sigma * sigma))
      kernel.append(weight)
      sum += weight
    }
    for place in kernel.indices { kernel[place] /= sum }
    let (width, height, lines) = (width, height, lines)
    kernel.withUnsafeBufferPointer { kernel in
      for y in 0..<height {
        let from = picture + y * width
        for x in 0..<width {
          var value: Float = 0
          for offset in -radius...radius {
            value += kernel[offset &+ radius] * from[min(max(x &+ offset, 0), width - 1)]
          }
          lines[y * width + x] = value
        }
      }
      for y in 0..<height {
        let to = picture + y * width
        for x in 0..<width { to[x] = 0 }
        for offset in -radius...radius {
          let weight = kernel[offset + radius]
          let from = min(max(y + offset, 0), height - 1) * width
          for x in 0..<width { to[x] += weight * lines[from &+ x] }
        }
      }
    }
  }

  /// Shrinks to `factor` of both sides, every pixel counting, and enlarges again linearly.
  func downscale(_ picture: UnsafeMutablePointer<Float>, by factor: Float) {
    let smallWidth = max(1, Int((Float(width) * factor).rounded()))
    let smallHeight = max(1, Int((Float(height) * factor).rounded()))
    guard smallWidth < width || smallHeight < height else { return }
    resample(picture, width, height, into: small, smallWidth, smallHeight)
    resample(small, smallWidth, smallHeight, into: picture, width, height)
  }

  private func resample(
    _ source: UnsafePointer<Float>, _ sourceWidth: Int, _ sourceHeight: Int,
    into target: UnsafeMutablePointer<Float>, _ targetWidth: Int, _ targetHeight: Int
  ) {
    columns.plan(targetWidth, over: sourceWidth, within: sourceWidth)
    rows.plan(targetHeight, over: sourceHeight, within: sourceHeight)
    let (columns, rows, lines) = (columns, rows, lines)
    for y in 0..<sourceHeight {
      for x in 0..<targetWidth {
        var value: Float = 0
        var place = y * sourceWidth + columns.first[x]
        for weight in columns.starts[x]..<columns.starts[x + 1] {
          value += columns.weights[weight] * source[place]
          place += 1
        }
        lines[y * targetWidth + x] = value
      }
    }
    for y in 0..<targetHeight {
      let to = target + y * targetWidth
      for x in 0..<targetWidth { to[x] = 0 }
      var from = rows.first[y] * targetWidth
      for place in rows.starts[y]..<rows.starts[y + 1] {
        let weight = rows.weights[place]
        for x in 0..<targetWidth { to[x] += weight * lines[from + x] }
        from += targetWidth
      }
    }
  }
}
