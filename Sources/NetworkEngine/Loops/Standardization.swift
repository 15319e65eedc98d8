/// Brings groups of values to mean 0 and variance 1, or to a length, each for itself.
///
/// Values lie as [outer, places, groups, inner], the last fastest; a group is all places and all inner values of one
/// outer index.
struct Standardization {
  enum Kind {
    /// (x - mean) / sqrt(variance + epsilon)
    case meanAndVariance(epsilon: Float)
    /// x / sqrt(mean of squares + epsilon)
    case rootMeanSquare(epsilon: Float)
    /// x / max(length, epsilon)
    case length(epsilon: Float)
  }

  let kind: Kind
  /// Outer indices of one picture.
  let outer: Int
  let places, groups, inner: Int

  private var count: Float { Float(places * inner) }

  /// What a group's values are shifted and multiplied by.
  @inline(__always)
  private func statistics(_ group: UnsafePointer<Float>) -> (mean: Float, factor: Float) {
    var mean: Float = 0
    if case .meanAndVariance = kind {
      var sum: Double = 0
      for place in 0..<places {
        let values = group + place * groups * inner
        var part: Float = 0
        for i in 0..<inner { part += values[i] }
        sum += Double(part)
      }
      mean = Float(sum) / count
    }
    var squares: Double = 0
    for place in 0..<places {
      let values = group + place * groups * inner
      var part: Float = 0
      for i in 0..<inner { part += (values[i] - mean) * (values[i] - mean) }
      squares += Double(part)
    }
    switch kind {
    case .meanAndVariance(let epsilon), .rootMeanSquare(let epsilon):
      return (mean, 1 / (Float(squares) / count + epsilon).squareRoot())
    case .length(let epsilon): return (0, min(1 / Float(squares).squareRoot(), 1 / epsilon))
    }
  }

  private func start(_ index: Int) -> Int {
    let (above, group) = index.quotientAndRemainder(dividingBy: groups)
    return above * places * groups * inner + group * inner
  }

  private var least: Int { max(1, (1 << 14) / (places * inner)) }

  /// The standardized values, multiplied and shifted by one value for each group and inner index where given.
  func run(
    _ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, pictures: Int,
    scale: UnsafePointer<Float>? = nil, shift: UnsafePointer<Float>? = nil, _ threads: Int
  ) {
    parallel(pictures * outer * groups, threads, least: least) { range in
      for index in range {
        let start = start(index)
        let (mean, factor) = statistics(source + start)
        let own = index % groups * inner
        for place in 0..<places {
          let (from, to) = (source + start + place * groups * inner, result + start + place * groups * inner)
          for i in 0..<inner { to[i] = (from[i] - mean) * factor }
          if let scale { for i in 0..<inner { to[i] *= scale[own + i] } }
          if let shift { for i in 0..<inner { to[i] += shift[own + i] } }
        }
      }
    }
  }

  /// The gradient of the values before they were standardized.
  func differentiate(
    _ source: UnsafePointer<Float>, incoming: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>,
    pictures: Int, _ threads: Int
  ) {
    parallel(pictures * outer * groups, threads, least: least) { range in
      for index in range {
        let start = start(index)
        let (mean, factor) = statistics(source + start)
        // Along the vector itself, and along the mean, nothing changes.
        var (along, sum): (Double, Double) = (0, 0)
        for place in 0..<places {
          let offset = start + place * groups * inner
          for i in offset..<(offset + inner) {
            along += Double(incoming[i] * (source[i] - mean) * factor)
            sum += Double(incoming[i])
          }
        }
        var (share, shared): (Float, Float) = (0, 0)
        switch kind {
        case .meanAndVariance: (share, shared) = (Float(along) / count, Float(sum) / count)
        case .rootMeanSquare: share = Float(along) / count
        case .length(let epsilon): share = factor < 1 / epsilon ? Float(along) : 0
        }
        for place in 0..<places {
          let offset = start + place * groups * inner
          for i in offset..<(offset + inner) {
            gradient[i] = factor * (incoming[i] - shared - (source[i] - mean) * factor * share)
          }
        }
      }
    }
  }
}
