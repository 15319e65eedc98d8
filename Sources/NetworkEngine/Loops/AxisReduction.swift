import NetworkModel

/// Joins the values along some sides of a tensor in Keras's order.
struct AxisReduction {
  let kind: Reduction
  /// Values of one picture, before and after.
  private let inputCount, outputCount: Int
  /// Sides of one picture, slowest first, with the result's step along each: 0 where values are joined.
  private var sides: [(count: Int, step: Int)] = []
  private var line = (count: 1, step: 0)
  /// How many values become one.
  private var joined: Float { Float(inputCount / outputCount) }

  /// - Parameters:
  ///   - shape: One picture's sides.
  ///   - axes: Those that are joined.
  init(_ kind: Reduction, _ shape: [Int], axes: [Int]) {
    self.kind = kind
    inputCount = shape.reduce(1, *)
    outputCount = shape.indices.reduce(1) { axes.contains($1) ? $0 : $0 * shape[$1] }
    var step = 1
    for index in shape.indices.reversed() {
      let isJoined = axes.contains(index)
      sides.insert((shape[index], isJoined ? 0 : step), at: 0)
      if !isJoined { step *= shape[index] }
    }
    var merged: [(count: Int, step: Int)] = []
    for side in sides where side.count > 1 {
      if let last = merged.last, last.step == side.step * side.count {
        merged[merged.count - 1] = (last.count * side.count, side.step)
      } else {
        merged.append(side)
      }
    }
    line = merged.popLast() ?? (1, 0)
    sides = merged
  }

  private var rows: Int { inputCount / line.count }

  @inline(__always)
  private func offset(_ row: Int) -> Int {
    var (rest, result) = (row, 0)
    for side in sides.reversed() {
      let (above, place) = rest.quotientAndRemainder(dividingBy: side.count)
      result += place * side.step
      rest = above
    }
    return result
  }

  /// The result of `pictures` pictures.
  func run(
    _ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, pictures: Int, _ threads: Int
  ) {
    parallel(pictures, threads, least: 2) { range in
      for picture in range {
        let (from, to) = (source + picture * inputCount, result + picture * outputCount)
        switch kind {
        case .sum, .mean:
          to.update(repeating: 0, count: outputCount)
          each(from, to) { $0 + $1 }
          if kind == .mean { for i in 0..<outputCount { to[i] /= joined } }
        case .maximum:
          to.update(repeating: -.infinity, count: outputCount)
          each(from, to) { $1 > $0 || $1.isNaN ? $1 : $0 }
        case .minimum:
          to.update(repeating: .infinity, count: outputCount)
          each(from, to) { $1 < $0 || $1.isNaN ? $1 : $0 }
        }
      }
    }
  }

  @inline(__always)
  private func each(
    _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ body: (Float, Float) -> Float
  ) {
    for row in 0..<rows {
      let values = from + row * line.count
      let target = to + offset(row)
      if line.step == 0 {
        var joined = target[0]
        for i in 0..<line.count { joined = body(joined, values[i]) }
        target[0] = joined
      } else {
        for i in 0..<line.count { target[i] = body(target[i], values[i]) }
      }
    }
  }

  /// The gradient of what was joined. Where several values are the extreme, they share its gradient, as in Keras.
  /// - Parameter ties: Room for as many values as the result has.
  func differentiate(
    _ source: UnsafePointer<Float>, _ result: UnsafePointer<Float>, incoming: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, ties: UnsafeMutablePointer<Float>, pictures: Int, _ threads: Int
  ) {
    let isExtreme = kind == .maximum || kind == .minimum
    let factor = kind == .mean ? 1 / joined : 1
    parallel(pictures, threads, least: 2) { range in
      for picture in range {
        let (from, to) = (source + picture * inputCount, gradient + picture * inputCount)
        let (extremes, arriving) = (result + picture * outputCount, incoming + picture * outputCount)
        let counts = ties + picture * outputCount
        if isExtreme {
          counts.update(repeating: 0, count: outputCount)
          for row in 0..<rows {
            let place = offset(row)
            for i in 0..<line.count where from[row * line.count + i] == extremes[place + i * line.step] {
              counts[place + i * line.step] += 1
            }
          }
        }
        for row in 0..<rows {
          let place = offset(row)
          for i in 0..<line.count {
            let (own, joined) = (row * line.count + i, place + i * line.step)
            if isExtreme {
              to[own] = from[own] == extremes[joined] ? arriving[joined] / counts[joined] : 0
            } else {
              to[own] = arriving[joined] * factor
            }
          }
        }
      }
    }
  }
}
