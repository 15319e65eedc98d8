import FrameStream
import SystemIO

/// How a ``MediaInput`` is opened and read.
package struct MediaInputOptions: Sendable {
  /// A libavformat or libavdevice input by name (`lavfi`, `v4l2`, `rawvideo`); nil to find out by content.
  package var format: String?
  /// What a file's name may lead to: for one that was found in a folder a regular file only.
  package var kind = FileKind.any
  /// Seconds from the beginning of the input where to start.
  package var start: Double?
  /// Seconds after the start where to end.
  package var duration: Double?
  /// Which part of the input is given out; nil for all of it. Not together with ``start`` and ``duration``.
  package var chunk: Chunk?
  /// Whether the input has a name by which it can be opened again; set by ``MediaInput``.
  var isNamed = true
  /// Whether pictures have numbers in the whole input though reading starts within it: ``MediaInput/pictureNumber``.
  package var numbersWhole = false
  /// Whether the pictures before a part are counted by decoding them, also where reading packets would do.
  package var countsByDecoding = false
  /// The size of the frames given out, as displayed; nil for the video's own.
  package var size: (width: Int, height: Int)?
  /// Whether pictures are resampled to square pixels, unless ``size`` is given.
  package var squarePixels = false
  /// The pixel format of the frames given out; nil for the closest to the video's own: ten bits for high dynamic range,
  /// eight for everything else.
  package var pixelFormat: PixelFormat?
  /// Whether packets of sound and subtitle tracks are given out.
  package var withTracks = true
  /// Whether damage ends reading instead of being reported.
  package var strict = false
  /// Decoder threads; 0 for as many as there are processors.
  package var threads = 0
  /// For cameras and live streams: no picture is delayed for the sake of speed.
  package var live = false
  /// Seconds without a byte after which a connection or a device counts as lost; nil for no limit.
  package var patience: Double?
  /// Whether the input will be opened again where it was lost, if it can be: what came in half, and pictures that wait
  /// inside the decoder for later ones, are left for then.
  package var resumable = false
  /// Which pictures are deinterlaced.
  package var deinterlacing = Deinterlacing.auto
  /// The largest picture that is decoded, in pixels.
  package var maximumPixels = StreamLimits.payload
  /// The index of the video stream to take; nil for the main one.
  package var stream: Int?
  /// libav's protocols that may be used, as `file,http,tcp`; nil for none with a local file, and all of
  /// libav's own choice with a URL.
  package var protocols: String?
  /// Options of the format or device (`video_size`, `framerate`), as FFmpeg names them.
  package var inputOptions: [(String, String)] = []
  /// What ends reads that wait.
  package var interruption = MediaInterruption()
  /// Called with what went wrong although reading continued, from within calls of the input.
  package var onWarning: (@Sendable (String) -> Void)?
  /// Called with libav's own remarks, for verbose output.
  package var onDetail: (@Sendable (String) -> Void)?

  /// Everything, from the beginning, as the file has it.
  package init() {}
}
