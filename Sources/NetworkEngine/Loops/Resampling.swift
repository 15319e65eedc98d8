import NetworkModel

/// Makes pictures of another size from pictures in Keras's order: for each row and column of the result, the two of the
/// input that it is mixed from. Pixels' centers are half a pixel from their edges, as TensorFlow has them.
struct Resampling {
  /// A mixture: value·(1 - weight) of the first, value·weight of the second.
  private struct Tap {
    var first, second: Int
    var weight: Float
  }

  private let rows, columns: [Tap]
  private let inputSize: (height: Int, width: Int)
  /// Values side by side that belong to one pixel, and independent pictures for each picture of the batch.
  private let channels, planes: Int

  init(
    from input: (height: Int, width: Int), to output: (height: Int, width: Int), channels: Int, planes: Int,
    _ interpolation: Resizing.Interpolation
  ) {
    inputSize = input
    (self.channels, self.planes) = (channels, planes)
    func taps(_ length: Int, _ count: Int) -> [Tap] {
      let scale = Float(length) / Float(count)
      return (0..<count).map { index in
        let center = (Float(index) + 0.5) * scale
        if interpolation == .nearest {
          let place = min(Int(center.rounded(.down)), length - 1)
          return Tap(first: place, second: place, weight: 0)
        }
        let low = (center - 0.5).rounded(.down)
        return Tap(
          first: max(Int(low), 0), second: min(Int((center - 0.5).rounded(.up)), length - 1),
          weight: center - 0.5 - low)
      }
    }
    rows = taps(input.height, output.height)
    columns = taps(input.width, output.width)
  }

  private var inputCount: Int { inputSize.height * inputSize.width * channels }
  private var outputCount: Int { rows.count * columns.count * channels }

  func run(
    _ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, pictures: Int, _ threads: Int
  ) {
    let width = inputSize.width * channels
    parallel(pictures * planes * rows.count, threads, least: 64) { range in
      for line in range {
        let (plane, row) = line.quotientAndRemainder(dividingBy: rows.count)
        let picture = source + plane * inputCount
        var target = result + line * columns.count * channels
        let (top, bottom) = (picture + rows[row].first * width, picture + rows[row].second * width)
        let down = rows[row].weight
        for column in columns {
          let (left, right) = (column.first * channels, column.second * channels)
          for channel in 0..<channels {
            let above = top[left + channel] + (top[right + channel] - top[left + channel]) * column.weight
            let below =
              bottom[left + channel] + (bottom[right + channel] - bottom[left + channel]) * column.weight
            target[channel] = above + (below - above) * down
          }
          target += channels
        }
      }
    }
  }

  /// The gradient of the input: each value of the result's goes back to where it was mixed from.
  func differentiate(
    incoming: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>, pictures: Int, _ threads: Int
  ) {
    let width = inputSize.width * channels
    parallel(pictures * planes, threads, least: 2) { range in
      for plane in range {
        let picture = gradient + plane * inputCount
        picture.update(repeating: 0, count: inputCount)
        var source = incoming + plane * outputCount
        for row in rows {
          let (top, bottom) = (picture + row.first * width, picture + row.second * width)
          for column in columns {
            let (left, right) = (column.first * channels, column.second * channels)
            for channel in 0..<channels {
              let value = source[channel]
              let (upper, lower) = (value * (1 - row.weight), value * row.weight)
              top[left + channel] += upper * (1 - column.weight)
              top[right + channel] += upper * column.weight
              bottom[left + channel] += lower * (1 - column.weight)
              bottom[right + channel] += lower * column.weight
            }
            source += channels
          }
        }
      }
    }
  }
}
