import FrameStream

/// Turns a network's outputs into candidates; made for one size of the network's input.
package protocol DetectionHead: Sendable {
  /// Adds the candidates to `list`, in pixels of the network's input.
  /// - Parameter values: the network's outputs in the file's order.
  func decode(_ values: some OutputValues, into list: inout CandidateList)
}

/// The numbers that a network computed.
package protocol OutputValues {
  /// Those of the output at this index, the last axis fastest.
  subscript(output: Int) -> UnsafeBufferPointer<Float> { get }
}

/// An output of a network for a given size of its input.
package struct OutputShape: Sendable, Equatable {
  /// Its name in the file.
  package var name: String
  /// Its axes, a batch of one picture included.
  package var axes: [Int]
  /// True if it is what convolutions gave, without further arithmetic.
  package var isRaw: Bool

  /// An output with a name and axes.
  package init(_ name: String, _ axes: [Int], isRaw: Bool = false) {
    self.name = name
    self.axes = axes
    self.isRaw = isRaw
  }

  /// Rows of this many values, such as [1, 6400, 4] or [6400, 4]; nil if it has other axes.
  func rows(of columns: Int) -> Int? {
    guard axes.count >= 2, axes.last == columns, axes.dropLast(2).allSatisfy({ $0 == 1 }) else { return nil }
    return axes[axes.count - 2]
  }

  /// True for maps of this many channels, such as [1, 10, 80, 80], at a stride of an input of this size.
  func isMap(channels: Int, _ size: InputSize, stride: Int) -> Bool {
    axes == [1, channels, size.height / stride, size.width / stride]
  }
}

/// The size of a network's input in pixels.
package struct InputSize: Sendable, Hashable {
  /// Pixels in a row.
  package var width: Int
  /// Rows.
  package var height: Int

  /// A size in pixels.
  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Cells of a stride.
  func cells(_ stride: Int) -> Int { (width / stride) * (height / stride) }

  /// The smallest size whose sides are multiples of `step` and that holds this one.
  package func padded(to step: Int) -> InputSize {
    InputSize(width: (width + step - 1) / step * step, height: (height + step - 1) / step * step)
  }
}

extension FacePoints {
  /// The points whose coordinates `at` gives for 0 to 4.
  init(_ at: (Int) -> (x: Float, y: Float)) {
    func point(_ index: Int) -> Point {
      let (x, y) = at(index)
      return Point(x: Double(x), y: Double(y))
    }
    self.init(point(0), point(1), point(2), point(3), point(4))
  }
}
