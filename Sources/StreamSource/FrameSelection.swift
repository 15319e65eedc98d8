/// Which of the frames read are written.
package struct FrameSelection: Sendable {
  /// The most frames of one stream; nil for all.
  package var frames: Int?
  /// Every nth frame is written.
  package var every: Int
  /// Whether frames are written at the pace of their times, and late ones dropped.
  package var realtime: Bool

  /// All frames, as fast as they come, unless said otherwise.
  package init(frames: Int? = nil, every: Int = 1, realtime: Bool = false) {
    self.frames = frames
    self.every = every
    self.realtime = realtime
  }
}
