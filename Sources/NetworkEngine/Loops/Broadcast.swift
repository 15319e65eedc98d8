import NetworkModel

#if canImport(Glibc)
  import Glibc
#endif

/// A walk over a tensor beside two others that are repeated along some of its sides. All lie in Keras's order; the
/// result has every value, an operand that has 1 where the result has more is read again and again.
struct Broadcast {
  /// How many lines of values the result has, and how many values a line.
  private(set) var rows = 1
  private(set) var columns = 1
  /// Sides over the lines, slowest first, with both operands' steps along each.
  private var sides: [(count: Int, first: Int, second: Int)] = []
  /// The operands' steps along a line: 0 or 1.
  private var step = (first: 0, second: 0)
  private let count: (first: Int, second: Int)

  /// - Parameters: Shapes with the batch, aligned at their ends.
  init(_ result: [Int], _ first: [Int], _ second: [Int]) {
    count = (first.reduce(1, *), second.reduce(1, *))
    func steps(_ shape: [Int]) -> [Int] {
      var steps = [Int](repeating: 0, count: result.count)
      var step = 1
      for index in result.indices.reversed() {
        let own = index - (result.count - shape.count)
        guard own >= 0 else { continue }
        if shape[own] > 1 { steps[index] = step }
        step *= shape[own]
      }
      return steps
    }
    let (a, b) = (steps(first), steps(second))
    // Neighboring sides along which both move on evenly are one.
    for index in result.indices where result[index] > 1 {
      if let last = sides.last, last.first == a[index] * result[index],
        last.second == b[index] * result[index]
      {
        sides[sides.count - 1] = (last.count * result[index], a[index], b[index])
      } else {
        sides.append((result[index], a[index], b[index]))
      }
    }
    if let line = sides.popLast() {
      columns = line.count
      step = (line.first, line.second)
    }
    rows = sides.reduce(1) { $0 * $1.count }
  }

  /// Where a line's operands begin.
  @inline(__always)
  private func offsets(_ row: Int) -> (first: Int, second: Int) {
    var (rest, a, b) = (row, 0, 0)
    for side in sides.reversed() {
      let (above, place) = rest.quotientAndRemainder(dividingBy: side.count)
      a += place * side.first
      b += place * side.second
      rest = above
    }
    return (a, b)
  }

  private var least: Int { max(1, (1 << 15) / columns) }

  /// Combines the operands.
  func combine(
    _ kind: Arithmetic, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
    _ result: UnsafeMutablePointer<Float>, _ threads: Int
  ) {
    switch kind {
    case .add, .average: each(first, second, result, threads) { $0 + $1 }
    case .subtract: each(first, second, result, threads) { $0 - $1 }
    case .multiply: each(first, second, result, threads) { $0 * $1 }
    case .divide: each(first, second, result, threads) { $0 / $1 }
    case .maximum: each(first, second, result, threads) { $0 >= $1 || $0.isNaN ? $0 : $1 }
    case .minimum: each(first, second, result, threads) { $0 <= $1 || $0.isNaN ? $0 : $1 }
    case .power: each(first, second, result, threads) { powf($0, $1) }
    }
  }

  @inline(__always)
  private func each(
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>,
    _ threads: Int, _ body: (Float, Float) -> Float
  ) {
    parallel(rows, threads, least: least) { range in
      for row in range {
        let (a, b) = offsets(row)
        let (x, y, z) = (first + a, second + b, result + row * columns)
        switch (step.first, step.second) {
        case (1, 1): for i in 0..<columns { z[i] = body(x[i], y[i]) }
        case (1, 0):
          let value = y[0]
          for i in 0..<columns { z[i] = body(x[i], value) }
        case (0, 1):
          let value = x[0]
          for i in 0..<columns { z[i] = body(value, y[i]) }
        default: for i in 0..<columns { z[i] = body(x[i * step.first], y[i * step.second]) }
        }
      }
    }
  }

  /// The gradient of one operand from that of the result: summed where it was repeated.
  /// - Parameter gradient: Of the first operand if `ofFirst`, else of the second; zeros are written first.
  func differentiate(
    _ kind: Arithmetic, ofFirst: Bool, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
    incoming: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>
  ) {
    gradient.update(repeating: 0, count: ofFirst ? count.first : count.second)
    func run(_ body: (Float, Float) -> Float) {
      gather(ofFirst, first, second, incoming, gradient) { g, x, y in g * body(x, y) }
    }
    switch (kind, ofFirst) {
    case (.add, _), (.average, _), (.subtract, true): run { _, _ in 1 }
    case (.subtract, false): run { _, _ in -1 }
    case (.multiply, true): run { _, y in y }
    case (.multiply, false): run { x, _ in x }
    case (.divide, true): run { _, y in 1 / y }
    case (.divide, false): run { x, y in -x / (y * y) }
    // Of equals, Keras gives the gradient to the first.
    case (.maximum, true): run { x, y in x >= y ? 1 : 0 }
    case (.maximum, false): run { x, y in x >= y ? 0 : 1 }
    case (.minimum, true): run { x, y in x <= y ? 1 : 0 }
    case (.minimum, false): run { x, y in x <= y ? 0 : 1 }
    case (.power, true): run { x, y in y * powf(x, y - 1) }
    case (.power, false): run { x, y in x > 0 ? powf(x, y) * logf(x) : 0 }
    }
  }

  /// Adds up lines in the order in which they lie, so that a sum does not depend on the number of threads.
  @inline(__always)
  private func gather(
    _ ofFirst: Bool, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
    _ incoming: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>,
    _ body: (Float, Float, Float) -> Float
  ) {
    let own = ofFirst ? step.first : step.second
    for row in 0..<rows {
      let (a, b) = offsets(row)
      let (x, y, g) = (first + a, second + b, incoming + row * columns)
      let target = gradient + (ofFirst ? a : b)
      if own == 0 {
        var sum: Float = 0
        for i in 0..<columns { sum += body(g[i], x[i * step.first], y[i * step.second]) }
        target[0] += sum
      } else {
        for i in 0..<columns { target[i] += body(g[i], x[i * step.first], y[i * step.second]) }
      }
    }
  }
}
