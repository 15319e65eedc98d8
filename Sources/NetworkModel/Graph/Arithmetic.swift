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
  /// How far the values are from each other: 1 for all that lie between.
  package var step = 1

  /// The whole side unless given.
  package init(start: Int = 0, stop: Int? = nil, isIndex: Bool = false, step: Int = 1) {
    self.start = start
    self.stop = stop
    self.isIndex = isIndex
    self.step = step
  }

  /// The part of a side of `length` values; nil if there is nothing in it.
  package func range(in length: Int) -> Range<Int>? {
    let first = start < 0 ? start + length : start
    let end = stop.map { $0 < 0 ? $0 + length : min($0, length) } ?? length
    return first >= 0 && first < end ? first..<end : nil
  }

  /// How many values of a side of `length` are left; nil if none.
  package func count(in length: Int) -> Int? { range(in: length).map { ($0.count + step - 1) / step } }
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

  /// Where in the input a result's pixel lies.
  package enum Coordinates: Sendable, Equatable {
    /// Pixels' centers are half a pixel from their edges, in both.
    case halfPixel
    /// The same, but the first place for a result of one pixel.
    case halfPixelUnlessOne
    /// As far from the input's first pixel as from the result's, times the scale.
    case asymmetric
    /// The first and the last pixels of both lie on each other.
    case alignedCorners
    /// The place of the result's center.
    case centered
  }

  /// Which of two pixels is nearest to a place between them.
  package enum Rounding: Sendable, Equatable { case down, up, nearestDown, nearestUp }

  /// How many times as large the result is.
  package struct Scale: Sendable, Equatable {
    package var height: Float
    package var width: Float

    /// Along the rows, and along the columns.
    package init(height: Float, width: Float) { (self.height, self.width) = (height, width) }
  }

  package var size: Size
  package var interpolation: Interpolation
  package var coordinates = Coordinates.halfPixel
  /// Of places right between two pixels, for ``Interpolation/nearest``.
  package var rounding = Rounding.nearestUp
  /// Nil is the result's size divided by the input's.
  package var scale: Scale?

  /// A size, and how to come to it.
  package init(_ size: Size, _ interpolation: Interpolation) {
    self.size = size
    self.interpolation = interpolation
  }
}
