/// What the pictures of a stream have in common (the stream record's key `video`).
public struct VideoDescription: Sendable, Equatable {
  /// Pixels in a row, any rotation applied; frames of a picture folder may differ.
  public var width: Int
  /// Rows of pixels, any rotation applied; frames of a picture folder may differ.
  public var height: Int
  /// The arrangement of samples, unless a frame has its own.
  public var pixelFormat: PixelFormat
  /// Seconds in one unit of `pts`.
  public var timeBase: Rational
  /// Frames per second as the container declares them; nil where that is meaningless (pictures, variable rates).
  public var frameRate: Rational?
  /// Width of a pixel divided by its height; nil where unknown.
  public var sampleAspectRatio: Rational?
  /// The range of luma in frames that have no range of their own.
  public var colorRange: ColorRange
  /// FFmpeg's name of the matrix (`bt709`, `smpte170m`…); nil where unknown.
  public var colorSpace: String?
  /// FFmpeg's name of the primaries; nil where unknown.
  public var colorPrimaries: String?
  /// FFmpeg's name of the transfer characteristics; nil where unknown.
  public var colorTransfer: String?
  /// FFmpeg's name of the position of chroma samples; nil where unknown.
  public var chromaLocation: String?
  /// The number of frames according to the container; an estimate.
  public var frames: Int?
  /// The length in seconds according to the container; an estimate.
  public var duration: Double?
  /// The time of the first frame in seconds; nil if it is 0 or unknown.
  public var startTime: Double?
  /// The video track's tags, such as `timecode`, in the container's order.
  public var metadata: [Tag] = []

  /// A description without estimates and color names.
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

  /// Width of a pixel divided by its height, for what looks at shapes: 1 where the ratio is unknown, or beyond any
  /// that media have.
  package var pixelShape: Double {
    guard let ratio = sampleAspectRatio?.value, (1.0 / 16...16).contains(ratio) else { return 1 }
    return ratio
  }
}
