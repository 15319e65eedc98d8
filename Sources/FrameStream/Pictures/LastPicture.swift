import Glibc

/// A copy of the last picture that was searched, so that an equal one need not be searched again.
///
/// To be used by one thread at a time. Memory is reused from picture to picture.
package final class LastPicture {
  /// What must be the same besides the bytes.
  package struct Shape: Equatable, Sendable {
    /// Pixels in a row.
    package var width: Int
    /// Rows.
    package var height: Int
    /// The arrangement of samples.
    package var format: PixelFormat
    /// How luma is to be read.
    package var range: ColorRange

    /// The shape of pictures of this geometry.
    package init(width: Int, height: Int, format: PixelFormat, range: ColorRange) {
      (self.width, self.height, self.format, self.range) = (width, height, format, range)
    }
  }

  private let copy = Payload()
  private var shape: Shape?

  /// Remembers nothing yet.
  package init() {}

  /// True if these are the bytes and the shape of the picture that is remembered.
  package func equals(_ bytes: UnsafeRawBufferPointer, _ shape: Shape) -> Bool {
    guard shape == self.shape, bytes.count == copy.count, let base = bytes.baseAddress else { return false }
    return memcmp(base, copy.base, bytes.count) == 0
  }

  /// Remembers a picture instead of the one before.
  package func remember(_ bytes: UnsafeRawBufferPointer, _ shape: Shape) {
    copy.resize(to: bytes.count)
    copy.mutableBytes.copyMemory(from: bytes)
    self.shape = shape
  }

  /// Remembers no picture.
  package func forget() { shape = nil }
}
