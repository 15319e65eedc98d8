/// How a window moves over a picture: kernel, stride, dilation and padding, each as (height, width).
package struct Window: Sendable, Equatable {
  /// One number for each side.
  package struct Pair: Sendable, Equatable {
    /// Along the rows.
    package var height: Int
    /// Along the columns.
    package var width: Int

    /// Height, then width.
    package init(_ height: Int, _ width: Int) {
      self.height = height
      self.width = width
    }
  }

  /// The window's own size, in values.
  package var kernel: Pair
  /// How far it moves from one result to the next, in pixels.
  package var strides = Pair(1, 1)
  /// The distance of its values from each other, in pixels.
  package var dilation = Pair(1, 1)
  /// Keras's padding "same": as much as makes ceil(input / stride) outputs, the odd one after. Otherwise "valid".
  package var same = false
  /// Padding that is given pixel by pixel, instead of by Keras's rule.
  package var explicit: Padding?

  /// A window of this kernel; the others are 1, and no padding, unless given.
  package init(kernel: Pair, strides: Pair = Pair(1, 1), dilation: Pair = Pair(1, 1), same: Bool = false) {
    self.kernel = kernel
    self.strides = strides
    self.dilation = dilation
    self.same = same
  }

  /// Outputs and padding along one side of `length` pixels, by Keras's rule; nil if the window does not fit.
  package static func extent(_ length: Int, kernel: Int, stride: Int, dilation: Int, same: Bool)
    -> (outputs: Int, before: Int, after: Int)?
  {
    let reach = (kernel - 1) * dilation + 1
    guard same else { return length < reach ? nil : ((length - reach) / stride + 1, 0, 0) }
    let outputs = (length + stride - 1) / stride
    let padding = max((outputs - 1) * stride + reach - length, 0)
    return (outputs, padding / 2, padding - padding / 2)
  }

  /// Results and padding along the rows of a picture; nil if the window does not fit.
  func rows(over height: Int) -> (outputs: Int, before: Int, after: Int)? {
    Self.extent(
      height + (explicit.map { $0.top + $0.bottom } ?? 0), kernel: kernel.height, stride: strides.height,
      dilation: dilation.height, same: same && explicit == nil)
  }

  /// The same along the columns.
  func columns(over width: Int) -> (outputs: Int, before: Int, after: Int)? {
    Self.extent(
      width + (explicit.map { $0.left + $0.right } ?? 0), kernel: kernel.width, stride: strides.width,
      dilation: dilation.width, same: same && explicit == nil)
  }

  /// The padding that the window needs over a picture: none if it is "valid", or does not fit.
  package func padding(height: Int, width: Int) -> Padding {
    if let explicit { return explicit }
    let (rows, columns) = (rows(over: height), columns(over: width))
    return Padding(
      top: rows?.before ?? 0, bottom: rows?.after ?? 0, left: columns?.before ?? 0,
      right: columns?.after ?? 0)
  }
}

/// Pixels added on the four sides of a picture.
package struct Padding: Sendable, Equatable {
  /// Rows above.
  package var top: Int
  /// Rows below.
  package var bottom: Int
  /// Columns before.
  package var left: Int
  /// Columns after.
  package var right: Int

  /// Pixels on each side; 0 unless given.
  package init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  /// The padding of both, one around the other.
  package static func + (first: Padding, second: Padding) -> Padding {
    Padding(
      top: first.top + second.top, bottom: first.bottom + second.bottom, left: first.left + second.left,
      right: first.right + second.right)
  }
}
