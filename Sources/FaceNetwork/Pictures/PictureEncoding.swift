/// How a picture becomes a network's input: which channels, and `pixel * scale + offset` for pixels from 0 to 255.
package struct PictureEncoding: Sendable, Equatable {
  /// The channels of a pixel in their order.
  package enum Channels: String, Sendable {
    case gray
    case bgr = "blue, green, red"
    case rgb = "red, green, blue"

    /// How many there are.
    package var count: Int { self == .gray ? 1 : 3 }
  }

  /// The channels of a pixel.
  package var channels: Channels
  /// What pixels are multiplied by.
  package var scale: Float
  /// What is added then.
  package var offset: Float
  /// The pixel, before scaling, to the right of the picture and below it.
  package var border: Float

  /// An encoding with everything known about it.
  package init(_ channels: Channels, scale: Float = 1, offset: Float = 0, border: Float = 0) {
    self.channels = channels
    self.scale = scale
    self.offset = offset
    self.border = border
  }
}
