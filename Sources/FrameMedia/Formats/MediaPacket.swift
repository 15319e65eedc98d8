/// A compressed packet of a sound or subtitle track.
package struct MediaPacket {
  /// The ``FrameStream/Track/id`` it belongs to.
  package let track: Int
  /// Presentation time in units of the track's time base; nil where the container has none.
  package let pts: Int?
  /// Decode time in the same units.
  package let dts: Int?
  /// In units of the track's time base; nil if unknown.
  package let duration: Int?
  /// True if decoding can begin here.
  package let isKey: Bool
  /// Samples of the decoded packet that are not meant to be heard, at its start and its end (encoder delay).
  package let skippedSamples: (start: Int, end: Int)?
  /// The packet itself; from an input valid until its next call.
  package let data: UnsafeRawBufferPointer

  /// A packet of bytes that outlive it.
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
