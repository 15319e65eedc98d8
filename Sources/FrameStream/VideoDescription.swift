/// What the stream record says of the pictures that follow (its key `video`).
public struct VideoDescription: Sendable, Equatable {
  /// The size as displayed, rotation applied; frames of a picture folder may differ from it.
  public var width: Int
  public var height: Int
  public var pixelFormat: PixelFormat
  /// Seconds in one unit of `pts`.
  public var timeBase: Rational
  /// The container's nominal rate; nil where there is none or it says nothing (pictures, variable rates).
  public var frameRate: Rational?
  /// Width to height of one pixel; nil where unknown.
  public var sampleAspectRatio: Rational?
  /// `tv` (luma 16 to 235) or `pc` (0 to 255), as FFmpeg names them.
  public var colorRange: ColorRange
  /// FFmpeg's names (`bt709`, `smpte170m`…); nil where unknown.
  public var colorSpace: String?
  public var colorPrimaries: String?
  public var colorTransfer: String?
  public var chromaLocation: String?
  /// How many frames the container says there are; an estimate.
  public var frames: Int?
  /// Length in seconds that the container says; an estimate.
  public var duration: Double?

  public init(
    width: Int, height: Int, pixelFormat: PixelFormat, timeBase: Rational, frameRate: Rational? = nil,
    sampleAspectRatio: Rational? = nil, colorRange: ColorRange
  ) {
    self.width = width
    self.height = height
    self.pixelFormat = pixelFormat
    self.timeBase = timeBase
    self.frameRate = frameRate
    self.sampleAspectRatio = sampleAspectRatio
    self.colorRange = colorRange
  }
}

/// How luma is to be read; the raw value is FFmpeg's name and the one on the wire.
public enum ColorRange: String, Sendable {
  /// Limited range: black is 16, white 235.
  case tv
  /// Full range: black is 0, white 255.
  case pc
}
