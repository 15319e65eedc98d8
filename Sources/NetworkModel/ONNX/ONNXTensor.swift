import SystemIO

/// Values of an ONNX graph that are known before it runs: weights, and what shapes are computed from.
struct ONNXTensor {
  /// Its numbers, the last axis fastest.
  enum Elements {
    /// Of any floating-point type.
    case floats([Float])
    /// Of any whole-number type, and truth values.
    case integers([Int])
  }

  var shape: [Int]
  var elements: Elements

  /// A tensor of floats; as many as `shape` has.
  init(_ shape: [Int], _ values: [Float]) { (self.shape, elements) = (shape, .floats(values)) }

  /// A tensor of whole numbers; as many as `shape` has.
  init(_ shape: [Int], integers: [Int]) { (self.shape, elements) = (shape, .integers(integers)) }

  /// How many values it has.
  var count: Int {
    switch elements {
    case .floats(let values): values.count
    case .integers(let values): values.count
    }
  }

  /// Its values if they are floats; nil if they are whole numbers.
  var floats: [Float]? { if case .floats(let values) = elements { values } else { nil } }

  /// Its values if they are whole numbers; nil if they are floats.
  var integers: [Int]? { if case .integers(let values) = elements { values } else { nil } }

  /// Its values as floats, whatever they are.
  var numbers: [Float] {
    switch elements {
    case .floats(let values): values
    case .integers(let values): values.map { Float($0) }
    }
  }

  /// The same values under another shape.
  func reshaped(_ shape: [Int]) -> ONNXTensor {
    var result = self
    result.shape = shape
    return result
  }

  /// The values at `indices`, in that order, under `shape`.
  func taking(_ indices: [Int], _ shape: [Int]) -> ONNXTensor {
    switch elements {
    case .floats(let values): ONNXTensor(shape, indices.map { values[$0] })
    case .integers(let values): ONNXTensor(shape, integers: indices.map { values[$0] })
    }
  }

  /// The same with its axes in another order: axis i is the old axis `order[i]`.
  func transposed(_ order: [Int]) -> ONNXTensor {
    if order == Array(shape.indices) { return self }
    let steps = Self.steps(shape)
    let sides = order.map { shape[$0] }
    return taking(Self.indices(sides, steps: order.map { steps[$0] }), sides)
  }

  /// How many values a shape has; nil if a side is negative, or there are more than `most`, sides of 0 left out.
  static func count(_ shape: [Int], most: Int) -> Int? {
    var count = 1
    for side in shape where side != 0 {
      guard side > 0, side <= most / count else { return nil }
      count *= side
    }
    return shape.contains(0) ? 0 : count
  }

  /// How far apart neighbors along each axis lie.
  static func steps(_ shape: [Int]) -> [Int] {
    var steps = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      steps[axis] = steps[axis + 1] * max(shape[axis + 1], 1)
    }
    return steps
  }

  /// The places of all values of `shape` in order, where neighbors along an axis lie `steps` apart.
  static func indices(_ shape: [Int], from start: Int = 0, steps: [Int]) -> [Int] {
    var result = [start]
    for (side, step) in zip(shape, steps) {
      var next: [Int] = []
      next.reserveCapacity(result.count * side)
      for place in result { for index in 0..<side { next.append(place + index * step) } }
      result = next
    }
    return result
  }
}
