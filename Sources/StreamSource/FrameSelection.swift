import FrameStream

/// Which of the frames read are written, and what is said of them.
package struct FrameSelection: Sendable {
  /// The most frames of one stream; nil for all.
  package var frames: Int?
  /// Every nth frame is written.
  package var every: Int
  /// Whether frames are written at the pace of their times, and late ones dropped.
  package var realtime: Bool
  /// Which part of one input is written; nil for all of it.
  package var chunk: Chunk?
  /// The class that every frame shows, written as its label; nil for none.
  package var label: String?

  /// All frames, as fast as they come, unless said otherwise.
  package init(
    frames: Int? = nil, every: Int = 1, realtime: Bool = false, chunk: Chunk? = nil, label: String? = nil
  ) {
    self.frames = frames
    self.every = every
    self.realtime = realtime
    self.chunk = chunk
    self.label = label
  }
}
