import FrameStream

/// How pictures are loaded.
public struct LoadingOptions: Sendable {
  /// The size that every picture is brought to.
  public var width: Int
  public var height: Int
  /// A picture file of more pixels counts as unreadable, so that its memory is bounded.
  public var maximumPixels = 1 << 26
  /// Whether the first unreadable picture ends loading, instead of being listed.
  public var strict = false
  /// Decoding threads; 0 for as many as there are processors.
  public var threads = 0
  /// The file that keeps decoded pictures from one run to the next.
  public var cache: String?
  /// How much of a face's box is added on every side of it, for streams with boxes.
  public var margin = 0.0
  /// Called with what is worth knowing although loading goes on; may be called on other threads.
  public var onWarning: (@Sendable (String) -> Void)?
  /// Called with the number of pictures done and of all, now and then; may be called on other threads.
  public var onProgress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Asked now and then whether to give up.
  public var shouldStop: (@Sendable () -> Bool)?

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}
