import FrameStream

/// What comes next out of a ``MediaInput``.
package enum MediaEvent {
  case frame(MediaFrame)
  case packet(MediaPacket)
}

/// A decoded picture, valid until the next call of ``MediaInput/next()``.
package struct MediaFrame {
  /// Presentation time in units of the video's time base, as the container gives it.
  package let pts: Int
  /// In the same units; nil where the container does not say.
  package let duration: Int?
  /// True if it was decoded without any other picture.
  package let isKey: Bool
  /// Format and size as displayed.
  package let layout: PictureLayout
  /// How the luma is to be read, which may change from picture to picture.
  package let colorRange: ColorRange
  /// The planes in order; rows may be further apart than they are wide.
  package let planes: [PlaneView]
}

/// A compressed packet of a sound or subtitle track.
package struct MediaPacket {
  /// The ``FrameStream/Track/id`` it belongs to.
  package let track: Int
  /// Times in units of the track's time base; nil where the container has none.
  package let pts: Int?
  package let dts: Int?
  package let duration: Int?
  package let isKey: Bool
  /// Samples of the decoded packet that are not meant to be heard, at its start and its end (encoder delay).
  package let skippedSamples: (start: Int, end: Int)?
  /// The packet itself; from a ``MediaInput`` valid until its next call.
  package let data: UnsafeRawBufferPointer

  package init(
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
