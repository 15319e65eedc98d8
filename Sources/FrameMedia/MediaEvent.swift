import FrameStream

/// What comes next out of a ``MediaInput``.
public enum MediaEvent {
  case frame(MediaFrame)
  case packet(MediaPacket)
}

/// A decoded picture, valid until the next call of ``MediaInput/next()``.
public struct MediaFrame {
  /// Presentation time in units of the video's time base, as the container gives it.
  public let pts: Int
  /// In the same units; nil where the container does not say.
  public let duration: Int?
  /// True if it was decoded without any other picture.
  public let isKey: Bool
  /// Format and size as displayed.
  public let layout: PictureLayout
  /// How the luma is to be read, which may change from picture to picture.
  public let colorRange: ColorRange
  /// The planes in order; rows may be further apart than they are wide.
  public let planes: [PlaneView]
}

/// A compressed packet of a sound or subtitle track.
public struct MediaPacket {
  /// The ``FrameStream/Track/id`` it belongs to.
  public let track: Int
  /// Times in units of the track's time base; nil where the container has none.
  public let pts: Int?
  public let dts: Int?
  public let duration: Int?
  public let isKey: Bool
  /// Samples of the decoded packet that are not meant to be heard, at its start and its end (encoder delay).
  public let skippedSamples: (start: Int, end: Int)?
  /// The packet itself; from a ``MediaInput`` valid until its next call.
  public let data: UnsafeRawBufferPointer

  public init(
    track: Int, pts: Int?, dts: Int?, duration: Int?, isKey: Bool = true,
    skippedSamples: (start: Int, end: Int)? = nil, data: UnsafeRawBufferPointer
  ) {
    self.track = track
    self.pts = pts
    self.dts = dts
    self.duration = duration
    self.isKey = isKey
    self.skippedSamples = skippedSamples
    self.data = data
  }
}
