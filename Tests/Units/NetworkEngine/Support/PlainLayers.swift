import Foundation

@testable import NetworkEngine
@testable import NetworkModel

/// Keras's layers in plain loops over height, width, channels: what oneDNN's results are compared with.
struct PlainPicture {
  var height: Int
  var width: Int
  var channels: Int
  var values: [Float]

  init(_ height: Int, _ width: Int, _ channels: Int, _ values: [Float]? = nil) {
    (self.height, self.width, self.channels) = (height, width, channels)
    self.values = values ?? [Float](repeating: 0, count: height * width * channels)
  }

  subscript(y: Int, x: Int, c: Int) -> Float {
    get { values[(y * width + x) * channels + c] }
    set { values[(y * width + x) * channels + c] = newValue }
  }

  /// Visits every output of a window with the inputs under it; those outside the picture are left out.
  private func windows(
    _ window: Window, _ body: (_ y: Int, _ x: Int, _ inside: [(ky: Int, kx: Int, y: Int, x: Int)]) -> Void
  ) -> (height: Int, width: Int) {
    func extent(_ length: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> (Int, Int) {
      let reach = (kernel - 1) * dilation + 1
      if !window.same { return ((length - reach) / stride + 1, 0) }
      let outputs = Int((Double(length) / Double(stride)).rounded(.up))
      return (outputs, max((outputs - 1) * stride + reach - length, 0) / 2)
    }
    let (rows, top) = extent(height, window.kernel.height, window.strides.height, window.dilation.height)
    let (columns, left) = extent(width, window.kernel.width, window.strides.width, window.dilation.width)
    for y in 0..<rows {
      for x in 0..<columns {
        var inside: [(ky: Int, kx: Int, y: Int, x: Int)] = []
        for ky in 0..<window.kernel.height {
          for kx in 0..<window.kernel.width {
            let py = y * window.strides.height - top + ky * window.dilation.height
            let px = x * window.strides.width - left + kx * window.dilation.width
            if py >= 0, py < height, px >= 0, px < width { inside.append((ky, kx, py, px)) }
          }
        }
        body(y, x, inside)
      }
    }
    return (rows, columns)
  }

  func convolution(_ window: Window, filters: Int, groups: Int, kernel: [Float], bias: [Float])
    -> PlainPicture
  {
    let perGroup = channels / groups
    var values: [Float] = []
    let (rows, columns) = windows(window) { _, _, inside in
      for filter in 0..<filters {
        let group = filter / (filters / groups)
        var sum = Double(bias.isEmpty ? 0 : bias[filter])
        for point in inside {
          for c in 0..<perGroup {
            let weight =
              kernel[((point.ky * window.kernel.width + point.kx) * perGroup + c) * filters + filter]
            sum += Double(self[point.y, point.x, group * perGroup + c]) * Double(weight)
          }
        }
        values.append(Float(sum))
      }
    }
    return PlainPicture(rows, columns, filters, values)
  }

  func depthwise(_ window: Window, multiplier: Int, kernel: [Float], bias: [Float]) -> PlainPicture {
    var values: [Float] = []
    let (rows, columns) = windows(window) { _, _, inside in
      for c in 0..<channels {
        for m in 0..<multiplier {
          var sum = Double(bias.isEmpty ? 0 : bias[c * multiplier + m])
          for point in inside {
            let weight = kernel[((point.ky * window.kernel.width + point.kx) * channels + c) * multiplier + m]
            sum += Double(self[point.y, point.x, c]) * Double(weight)
          }
          values.append(Float(sum))
        }
      }
    }
    return PlainPicture(rows, columns, channels * multiplier, values)
  }

  func pooling(_ window: Window, maximum: Bool) -> PlainPicture {
    var values: [Float] = []
    let (rows, columns) = windows(window) { _, _, inside in
      for c in 0..<channels {
        let found = inside.map { self[$0.y, $0.x, c] }
        values.append(maximum ? found.max()! : found.reduce(0, +) / Float(found.count))
      }
    }
    return PlainPicture(rows, columns, channels, values)
  }

  func map(_ body: (Float) -> Float) -> PlainPicture {
    PlainPicture(height, width, channels, values.map(body))
  }
}

enum Plain {
  static func dense(_ input: [Float], units: Int, kernel: [Float], bias: [Float]) -> [Float] {
    (0..<units).map { unit in
      var sum = Double(bias.isEmpty ? 0 : bias[unit])
      for (index, value) in input.enumerated() { sum += Double(value) * Double(kernel[index * units + unit]) }
      return Float(sum)
    }
  }

  static func softmax(_ input: [Float]) -> [Float] {
    let largest = input.max() ?? 0
    let powers = input.map { exp(Double($0 - largest)) }
    let sum = powers.reduce(0, +)
    return powers.map { Float($0 / sum) }
  }
}
