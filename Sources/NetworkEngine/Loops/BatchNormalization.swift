import CLayers
import CProcessor

/// Batch normalization in training: (x - mean) / sqrt(variance + epsilon)·scale + shift, with each channel's mean and
/// (biased) variance over all pictures and places.
///
/// What is summed over some channels of a picture does not depend on the threads, and those sums are added up in order:
/// nor does the result.
struct BatchNormalization {
  /// Pictures, groups of channels, places of a picture, and channels of a group.
  let pictures, groups, places, lanes: Int
  /// Channels; the last group may have fewer, or be filled up with zeros.
  let channels: Int
  /// Values from a place to the next, from a group to the next, and from a picture to the next.
  private let placeStride, groupStride, pictureStride: Int
  let type: ElementType
  let epsilon: Float
  /// Whether what is negative becomes 0.
  let rectifies: Bool

  private static let level = cp_preferred_level()

  /// - Returns: nil if channels do not lie side by side in `layout`, or are no floats.
  init?(_ layout: TensorLayout, _ type: ElementType, epsilon: Float, rectifies: Bool) {
    let sizes = layout.dimensions
    guard let lanes = layout.channelsTogether(type), type == .float32 || type == .bfloat16 else { return nil }
    // Rows of values are places of one picture.
    (pictures, places) = sizes.count == 2 ? (1, sizes[0]) : (sizes[0], sizes[2] * sizes[3])
    channels = sizes[1]
    // Where all channels lie side by side, some of them are a group.
    let isWhole = lanes == channels
    self.lanes = isWhole ? Int(CN_GROUP) : lanes
    groups = (channels + self.lanes - 1) / self.lanes
    (placeStride, groupStride) = isWhole ? (channels, self.lanes) : (lanes, places * lanes)
    pictureStride = places * (isWhole ? channels : groups * lanes)
    (self.type, self.epsilon, self.rectifies) = (type, epsilon, rectifies)
  }

  /// Channels with those that fill up the last group.
  var width: Int { groups * lanes }
  private var count: Double { Double(pictures) * Double(places) }
  /// Floats of the sums of all parts.
  var sumCount: Int { 2 * pictures * width }

  /// What is known of each channel, from the forward part to the backward one.
  struct Statistics {
    /// Rows of ``BatchNormalization/width`` floats.
    static let rows = 7
    private let base: UnsafeMutablePointer<Float>
    private let width: Int
    let mean, variance: UnsafeMutablePointer<Float>
    /// 1 / sqrt(variance + epsilon), and that times the scale.
    let inverse, factor: UnsafeMutablePointer<Float>
    let shift: UnsafeMutablePointer<Float>
    /// What the gradient has of a value's distance from the mean, and of 1.
    let slope, offset: UnsafeMutablePointer<Float>

    init(_ base: UnsafeMutablePointer<Float>, width: Int) {
      (self.base, self.width) = (base, width)
      (mean, variance, inverse) = (base, base + width, base + 2 * width)
      (factor, shift) = (base + 3 * width, base + 4 * width)
      (slope, offset) = (base + 5 * width, base + 6 * width)
    }

    /// What fills up the last group is 0 and stays so.
    fileprivate func fill(from channels: Int) {
      for row in 0..<Self.rows {
        (base + row * width + channels).update(repeating: 0, count: width - channels)
      }
    }

    fileprivate func values(_ lane: Int, rectifies: Bool) -> cn_values {
      cn_values(mean: mean + lane, factor: factor + lane, shift: shift + lane, rectifies: rectifies ? 1 : 0)
    }
  }

  /// Normalizes `source`.
  /// - Parameters:
  ///   - sums: Room for ``sumCount`` floats.
  ///   - scale, shift: One value a channel; nil for 1 and 0.
  func run(
    _ source: UnsafeRawPointer, _ result: UnsafeMutableRawPointer, _ statistics: Statistics,
    sums: UnsafeMutablePointer<Float>, scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?,
    _ threads: Int
  ) {
    let squares = sums + pictures * width
    forEachPart(threads) { part, first, _, sum in
      let (means, squares) = (sums + sum, squares + sum)
      switch type {
      case .bfloat16: cn_moments_bfloats(Self.level, part, source.at(first), means, squares)
      default: cn_moments_floats(Self.level, part, source.at(first), means, squares)
      }
    }
    statistics.fill(from: channels)
    for channel in 0..<channels {
      var (mean, variance) = (0.0, 0.0)
      for picture in 0..<pictures { mean += Double(sums[picture * width + channel]) }
      mean /= Double(pictures)
      for picture in 0..<pictures {
        let distance = Double(sums[picture * width + channel]) - mean
        variance += Double(squares[picture * width + channel]) + Double(places) * distance * distance
      }
      variance /= count
      let inverse = Float(1 / (variance + Double(epsilon)).squareRoot())
      statistics.mean[channel] = Float(mean)
      statistics.variance[channel] = Float(variance)
      statistics.inverse[channel] = inverse
      statistics.factor[channel] = inverse * (scale?[channel] ?? 1)
      statistics.shift[channel] = shift?[channel] ?? 0
    }
    forEachPart(threads) { part, first, lane, _ in
      withUnsafePointer(to: statistics.values(lane, rectifies: rectifies)) { values in
        switch type {
        case .bfloat16: cn_normalize_bfloats(Self.level, part, values, source.at(first), result.at(first))
        default: cn_normalize_floats(Self.level, part, values, source.at(first), result.at(first))
        }
      }
    }
  }

  /// The gradients of scale, shift and source, of a run with `statistics`.
  /// - Parameters:
  ///   - gradient: The gradient of the result; `result` may be the same memory.
  ///   - result: Gets the gradient of the source; nil if nobody wants it.
  func gradients(
    _ source: UnsafeRawPointer, _ gradient: UnsafeRawPointer, _ result: UnsafeMutableRawPointer?,
    _ statistics: Statistics, sums: UnsafeMutablePointer<Float>, scale: UnsafeMutablePointer<Float>?,
    shift: UnsafeMutablePointer<Float>?, _ threads: Int
  ) {
    let products = sums + pictures * width
    forEachPart(threads) { part, first, lane, sum in
      withUnsafePointer(to: statistics.values(lane, rectifies: rectifies)) { values in
        let (sums, products) = (sums + sum, products + sum)
        switch type {
        case .bfloat16:
          cn_sums_bfloats(Self.level, part, values, source.at(first), gradient.at(first), sums, products)
        default:
          cn_sums_floats(Self.level, part, values, source.at(first), gradient.at(first), sums, products)
        }
      }
    }
    for channel in 0..<channels {
      var (sum, product) = (0.0, 0.0)
      for picture in 0..<pictures {
        sum += Double(sums[picture * width + channel])
        product += Double(products[picture * width + channel])
      }
      let (factor, inverse) = (Double(statistics.factor[channel]), Double(statistics.inverse[channel]))
      statistics.slope[channel] = Float(-factor * inverse * inverse * product / count)
      statistics.offset[channel] = Float(-factor * sum / count)
      scale?[channel] = Float(product * inverse)
      shift?[channel] = Float(sum)
    }
    guard let result else { return }
    forEachPart(threads) { part, first, lane, _ in
      withUnsafePointer(to: statistics.values(lane, rectifies: rectifies)) { values in
        let factors = cn_gradients(slope: statistics.slope + lane, offset: statistics.offset + lane)
        withUnsafePointer(to: factors) { factors in
          switch type {
          case .bfloat16:
            cn_gradients_bfloats(
              Self.level, part, values, factors, source.at(first), gradient.at(first), result.at(first))
          default:
            cn_gradients_floats(
              Self.level, part, values, factors, source.at(first), gradient.at(first), result.at(first))
          }
        }
      }
    }
  }

  /// Each group of each picture.
  /// - Parameter body: Gets its first value's place, its first channel, and the place of that channel's sum.
  private func forEachPart(
    _ threads: Int, _ body: (UnsafePointer<cn_part>, _ first: Int, _ lane: Int, _ sum: Int) -> Void
  ) {
    parallel(pictures * groups, threads, least: 2) { range in
      for index in range {
        let (picture, group) = index.quotientAndRemainder(dividingBy: groups)
        let first = picture * pictureStride + group * groupStride
        // A group that is filled up is whole.
        let count = placeStride == lanes ? lanes : min(lanes, channels - group * lanes)
        let part = cn_part(rows: Int32(places), stride: Int32(placeStride), lanes: Int32(count))
        withUnsafePointer(to: part) { body($0, first, group * lanes, index * lanes) }
      }
    }
  }
}

extension UnsafeRawPointer {
  fileprivate func at<Value>(_ index: Int) -> UnsafePointer<Value> {
    assumingMemoryBound(to: Value.self) + index
  }
}

extension UnsafeMutableRawPointer {
  fileprivate func at<Value>(_ index: Int) -> UnsafeMutablePointer<Value> {
    assumingMemoryBound(to: Value.self) + index
  }
}
