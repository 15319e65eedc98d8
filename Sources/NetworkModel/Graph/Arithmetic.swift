/// What is computed of values that lie at the same place of several tensors.
package enum Arithmetic: String, Sendable, Equatable {
  case add, subtract, multiply, divide, maximum, minimum
  /// The first to the power of the second.
  case power
  case average

  /// True for what has more than two operands, taken in any order.
  package var takesMany: Bool {
    switch self {
    case .add, .multiply, .maximum, .minimum, .average: true
    case .subtract, .divide, .power: false
    }
  }
}

/// What becomes of values along some sides of a tensor.
package enum Reduction: String, Sendable, Equatable {
  case mean, sum, maximum, minimum
}

/// A tensor of known values in a graph.
package struct Constant: Sendable, Equatable {
  /// The sides; none for one value. A first side of 1 beyond those of a picture is the batch.
  package var shape: [Int]
  /// The values, the last side fastest.
  package var values: [Float]

  /// `values` must be as many as `shape` has.
  package init(shape: [Int], values: [Float]) {
    self.shape = shape
    self.values = values
  }
}

/// A part of one side: from `start` to before `stop`, both from the end if negative.
package struct Slice: Sendable, Equatable {
  /// The first value.
  package var start: Int
  /// The value after the last; nil is the side's end.
  package var stop: Int?
  /// True if the side, which then has one value, is left out.
  package var isIndex = false

  /// The whole side unless given.
  package init(start: Int = 0, stop: Int? = nil, isIndex: Bool = false) {
    self.start = start
    self.stop = stop
    self.isIndex = isIndex
  }

  /// The part of a side of `length` values; nil if there is nothing in it.
  package func range(in length: Int) -> Range<Int>? {
    let first = start < 0 ? start + length : start
    let end = stop.map { $0 < 0 ? $0 + length : min($0, length) } ?? length
    return first >= 0 && first < end ? first..<end : nil
  }
}

/// How a picture becomes larger or smaller.
package struct Resizing: Sendable, Equatable {
  /// Where a result's value comes from: the nearest pixel, or a mixture of those around.
  package enum Interpolation: String, Sendable, Equatable { case nearest, bilinear }

  /// The result's size: pixels, or how many times the input's.
  package enum Size: Sendable, Equatable {
    case pixels(Window.Pair)
    case times(Window.Pair)
  }

  package var size: Size
  package var interpolation: Interpolation

  /// A size, and how to come to it.
  package init(_ size: Size, _ interpolation: Interpolation) {
    self.size = size
    self.interpolation = interpolation
  }
}
