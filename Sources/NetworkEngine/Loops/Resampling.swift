import NetworkModel

/// Makes pictures of another size from pictures in Keras's order: for each row and column of the result, the two of the
/// input that it is mixed from.
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
  private let isNearest: Bool

  init(
    from input: (height: Int, width: Int), to output: (height: Int, width: Int), channels: Int, planes: Int,
    _ resizing: Resizing
  ) {
    inputSize = input
    (self.channels, self.planes) = (channels, planes)
    func taps(_ length: Int, _ count: Int, _ scale: Float?) -> [Tap] {
      (0..<count).map { index in
        let place = resizing.place(of: index, length, count, scale)
        if resizing.interpolation == .nearest {
          let nearest = min(max(Int(resizing.rounded(place)), 0), length - 1)
          return Tap(first: nearest, second: nearest, weight: 0)
        }
        let low = place.rounded(.down)
        return Tap(
          first: min(max(Int(low), 0), length - 1), second: min(max(Int(place.rounded(.up)), 0), length - 1),
          weight: place - low)
      }
    }
    rows = taps(input.height, output.height, resizing.scale?.height)
    columns = taps(input.width, output.width, resizing.scale?.width)
    isNearest = resizing.interpolation == .nearest
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
        if isNearest {
          for column in columns {
            target.update(from: top + column.first * channels, count: channels)
            target += channels
          }
          continue
        }
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

extension Resizing {
  /// Where along a side of `length` pixels the pixel `index` of `count` lies.
  fileprivate func place(of index: Int, _ length: Int, _ count: Int, _ scale: Float?) -> Float {
    /// A distance in the result's pixels as one in the input's.
    func turned(_ distance: Float) -> Float {
      scale.map { distance / $0 } ?? distance * (Float(length) / Float(count))
    }
    switch coordinates {
    case .halfPixelUnlessOne where count == 1: return 0
    case .halfPixel, .halfPixelUnlessOne: return turned(Float(index) + 0.5) - 0.5
    case .asymmetric: return turned(Float(index))
    case .centered: return turned(Float(index) + 0.5)
    case .alignedCorners: return count == 1 ? 0 : Float(index) * Float(length - 1) / Float(count - 1)
    }
  }

  /// The pixel that is nearest to a place.
  fileprivate func rounded(_ place: Float) -> Float {
    switch rounding {
    case .down: place.rounded(.down)
    case .up: place.rounded(.up)
    case .nearestDown: (place - 0.5).rounded(.up)
    case .nearestUp: (place + 0.5).rounded(.down)
    }
  }
}
