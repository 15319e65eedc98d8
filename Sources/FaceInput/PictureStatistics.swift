/// The mean and the standard deviation of a picture's values.
package struct PictureStatistics: Equatable {
  /// The mean of all values.
  package let mean: Float
  /// The square root of the mean squared distance from ``mean``.
  package let deviation: Float

  /// - Parameters:
  ///   - values: `count` values of one picture.
  ///   - count: At least 1.
  package init(_ values: UnsafePointer<Float>, _ count: Int) {
    let mean = Self.mean(values, count)
    var sums = SIMD8<Float>()
    var index = 0
    while index &+ 8 <= count {
      let distance = UnsafeRawPointer(values + index).loadUnaligned(as: SIMD8<Float>.self) - mean
      sums += distance * distance
      index &+= 8
    }
    var sum = sums.sum()
    while index < count {
      sum += (values[index] - mean) * (values[index] - mean)
      index += 1
    }
    self.mean = mean
    deviation = (sum / Float(count)).squareRoot()
  }

  /// The mean of `count` values.
  package static func mean(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
    var sums = SIMD8<Float>()
    var index = 0
    while index &+ 8 <= count {
      sums += UnsafeRawPointer(values + index).loadUnaligned(as: SIMD8<Float>.self)
      index &+= 8
    }
    var sum = sums.sum()
    while index < count {
      sum += values[index]
      index += 1
    }
    return sum / Float(count)
  }
}
