import SystemIO

/// A part of one axis: every `step`-th value.
struct ONNXRange {
  var start: Int
  var count: Int
  var step = 1

  init(start: Int, count: Int, step: Int = 1) { (self.start, self.count, self.step) = (start, count, step) }

  init(whole length: Int) { self.init(start: 0, count: length) }

  /// After the last value.
  var end: Int { start + (count - 1) * step + 1 }

  /// What the node Slice leaves of the axes of `shape`.
  static func ranges(_ call: ONNXCall, _ shape: [Int]) throws(Failure) -> [Int: ONNXRange] {
    let isOld = call.operatorSet < 10
    let starts = try isOld ? call.list("starts") : call.integers(1)
    let ends = try isOld ? call.list("ends") : call.integers(2)
    guard let starts, let ends, starts.count == ends.count, starts.count <= shape.count else {
      throw call.refusal("its starts and ends do not fit \(shape)")
    }
    let given = try isOld ? call.list("axes") : call.integers(3)
    let axes = try call.axes(given ?? Array(starts.indices), shape.count)
    let steps = try (isOld ? nil : call.integers(4)) ?? starts.map { _ in 1 }
    guard axes.count == starts.count, steps.count == starts.count else {
      throw call.refusal("its axes or steps do not fit \(starts)")
    }
    var result: [Int: ONNXRange] = [:]
    for (index, axis) in axes.enumerated() {
      let length = shape[axis]
      let step = steps[index]
      guard step > 0, step <= ModelLimits.dimension else {
        throw call.refusal("a step of \(step) is not supported")
      }
      func place(_ number: Int) -> Int {
        // Files write the largest numbers for "to the end".
        number < 0 ? max(0, number < -length ? 0 : number + length) : min(number, length)
      }
      let (start, end) = (place(starts[index]), place(ends[index]))
      guard start < end else { throw call.refusal("nothing is left of \(shape)") }
      result[axis] = ONNXRange(start: start, count: (end - start + step - 1) / step, step: step)
    }
    return result
  }
}
