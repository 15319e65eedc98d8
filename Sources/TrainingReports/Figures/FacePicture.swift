import SystemIO

/// A picture as it is shown on a sheet: rows of gray or RGB bytes without padding.
package struct FacePicture: Sendable, Equatable {
  /// Columns of pixels.
  package let width: Int
  /// Rows of pixels.
  package let height: Int
  /// 1 for gray, 3 for red, green, blue side by side.
  package let channels: Int
  /// `height` × `width` × `channels` values.
  package let pixels: [UInt8]

  /// - Throws: ``Failure`` (`badInput`) if the sizes make no sense or do not agree with the bytes.
  package init(width: Int, height: Int, channels: Int, pixels: [UInt8]) throws(Failure) {
    guard (1...4096).contains(width), (1...4096).contains(height), channels == 1 || channels == 3,
      pixels.count == width * height * channels
    else {
      throw Failure(
        .badInput, step: "picture to show",
        cause: "\(width)x\(height) of \(channels) channels in \(pixels.count) bytes")
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }
}
