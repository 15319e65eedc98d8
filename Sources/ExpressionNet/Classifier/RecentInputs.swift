import Glibc

/// The last faces' inputs and their results: a frame that repeats the one before it, as films and slides do, need not
/// be computed again.
///
/// Inputs are compared value for value, and a face's result does not depend on others, so what is found is what would be
/// computed.
struct RecentInputs {
  private let size, outputs: Int
  /// Rows of inputs, those before and those that are being prepared; with the results of those before.
  private var before, now: [Float]
  private var results: [Float] = []
  private var known = 0

  /// - Parameters:
  ///   - capacity: Rows that are kept.
  ///   - size: Values of a face's inputs, all views of it.
  ///   - outputs: Values of a result.
  init(capacity: Int, size: Int, outputs: Int) {
    (self.size, self.outputs) = (size, outputs)
    before = [Float](repeating: 0, count: capacity * size)
    now = before
    results.reserveCapacity(capacity * outputs)
  }

  /// Lets `write` write the input in row `row`.
  mutating func prepare<Problem: Error>(
    _ row: Int, _ write: (UnsafeMutableBufferPointer<Float>) throws(Problem) -> Void
  ) throws(Problem) {
    try now.withUnsafeMutableBufferPointer { (now) throws(Problem) in
      try write(UnsafeMutableBufferPointer(rebasing: now[(row * size)..<((row + 1) * size)]))
    }
  }

  /// Copies one view of row `row`, of `count` values, to where the network reads it.
  func copy(_ row: Int, view: Int, count: Int, to target: UnsafeMutablePointer<Float>) {
    now.withUnsafeBufferPointer {
      target.update(from: $0.baseAddress! + row * size + view * count, count: count)
    }
  }

  /// The row before that has the same values, byte for byte; nil if there is none.
  func match(_ row: Int) -> Int? {
    before.withUnsafeBufferPointer { before in
      now.withUnsafeBufferPointer { now in
        let bytes = size * MemoryLayout<Float>.stride
        return (0..<known).first {
          memcmp(before.baseAddress! + $0 * size, now.baseAddress! + row * size, bytes) == 0
        }
      }
    }
  }

  /// The result of a row before.
  func result(_ row: Int) -> ArraySlice<Float> { results[(row * outputs)..<((row + 1) * outputs)] }

  /// The first `count` rows, whose results are `results`, are those before from now.
  mutating func keep(_ count: Int, _ results: ArraySlice<Float>) {
    swap(&before, &now)
    self.results.removeAll(keepingCapacity: true)
    self.results.append(contentsOf: results)
    known = count
  }
}
