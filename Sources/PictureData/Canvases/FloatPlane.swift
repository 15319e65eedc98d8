/// Gray levels as floats, rows from the top without padding; the memory is kept from use to use.
final class FloatPlane {
  /// Columns in use.
  private(set) var width: Int
  /// Rows in use.
  private(set) var height: Int
  private(set) var base: UnsafeMutablePointer<Float>
  private var capacity: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    capacity = width * height
    base = .allocate(capacity: max(capacity, 1))
    base.initialize(repeating: 0, count: max(capacity, 1))
  }

  deinit { base.deallocate() }

  /// Makes it of another size; what is in it then has no meaning.
  func resize(width: Int, height: Int) {
    self.width = width
    self.height = height
    guard width * height > capacity else { return }
    base.deallocate()
    capacity = width * height
    base = .allocate(capacity: capacity)
    base.initialize(repeating: 0, count: capacity)
  }

  var count: Int { width * height }

  func row(_ y: Int) -> UnsafeMutablePointer<Float> { base + y &* width }

  /// The mean and the standard deviation; 0 and 0 of nothing.
  func statistics(_ columns: Range<Int>, _ rows: Range<Int>) -> (mean: Float, deviation: Float) {
    let columns = columns.clamped(to: 0..<width)
    let rows = rows.clamped(to: 0..<height)
    guard !columns.isEmpty, !rows.isEmpty else { return (0, 0) }
    var (sum, squares): (Double, Double) = (0, 0)
    for y in rows {
      let row = row(y)
      var (part, square): (Float, Float) = (0, 0)
      for x in columns {
        part += row[x]
        square += row[x] * row[x]
      }
      sum += Double(part)
      squares += Double(square)
    }
    let count = Double(columns.count * rows.count)
    let mean = sum / count
    return (Float(mean), Float(max(squares / count - mean * mean, 0).squareRoot()))
  }
}
