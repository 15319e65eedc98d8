import COneDNN
import SystemIO

extension Engine {
  /// Pairs of a multiplication and an addition that all threads do in a second, in a product of large matrices of `type`:
  /// the best of some, which take some milliseconds.
  func productRate(_ type: ElementType) throws(Failure) -> Double {
    adoptThreads()
    let (count, side) = (8, 256)
    let layout = try TensorLayout.plain([count, side, side], type)
    let sums = try TensorLayout.plain([count, side, side])
    let primitive = try Primitive.matrixProducts(layout, layout, sums, self)
    let memories = [
      (Argument.source, try TensorMemory(layout, self)), (Argument.weights, try TensorMemory(layout, self)),
      (Argument.destination, try TensorMemory(sums, self)),
    ]
    var best = Double.infinity
    for _ in 0..<8 {
      let start = MonotonicClock.seconds()
      try primitive.execute(self, memories)
      best = min(best, MonotonicClock.seconds() - start)
    }
    return Double(count * side * side * side) / max(best, 1e-9)
  }
}
