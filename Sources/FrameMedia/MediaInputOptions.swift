import FrameStream

/// How a ``MediaInput`` is opened and read.
public struct MediaInputOptions: Sendable {
  /// A libavformat or libavdevice input by name (`lavfi`, `v4l2`, `rawvideo`); nil to find out by content.
  public var format: String?
  /// Seconds from the beginning of the input where to start.
  public var start: Double?
  /// Seconds after the start where to end.
  public var duration: Double?
  /// The size of the frames given out, as displayed; nil for the video's own.
  public var size: (width: Int, height: Int)?
  /// The pixel format of the frames given out; nil for the closest to the video's own.
  public var pixelFormat: PixelFormat?
  /// Whether packets of sound and subtitle tracks are given out.
  public var withTracks = true
  /// Whether damage ends reading instead of being reported.
  public var strict = false
  /// Decoder threads; 0 for as many as there are processors.
  public var threads = 0
  /// For cameras and live streams: nothing is kept back for the sake of speed.
  public var live = false
  /// Seconds without a byte after which a connection or a device counts as lost; nil for as long as it takes.
  public var patience: Double?
  /// Whether the input will be opened again where it was lost, if it can be: what came in half, and pictures that wait
  /// inside the decoder for later ones, are left for then.
  public var resumable = false
  /// Which pictures are deinterlaced.
  public var deinterlacing = Deinterlacing.auto
  /// The largest picture that is decoded, in pixels.
  public var maximumPixels = StreamLimits.payload
  /// The index of the video stream to take; nil for the main one.
  public var stream: Int?
  /// libav's protocols that may be used, as `file,http,tcp`; nil for none with a local file, and all of
  /// libav's own choice with a URL.
  public var protocols: String?
  /// Options of the format or device (`video_size`, `framerate`), as FFmpeg names them.
  public var inputOptions: [(String, String)] = []
  /// What ends reads that wait.
  public var interruption = MediaInterruption()
  /// Called with what went wrong although reading went on, from within calls of the input.
  public var onWarning: (@Sendable (String) -> Void)?
  /// Called with libav's own remarks, of interest only to those who asked for much.
  public var onDetail: (@Sendable (String) -> Void)?

  public init() {}
}
