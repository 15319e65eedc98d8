import FrameStream

/// What a ``MediaInput`` gives next.
package enum MediaEvent {
  /// A decoded picture.
  case frame(MediaFrame)
  /// A compressed packet of a track.
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
  /// Closed captions that came with it (`cc_data` of ATSC A/53 part 4); empty for none.
  package let captions: UnsafeRawBufferPointer
}
