import FrameStream

/// How a ``MediaOutput`` is written.
public struct MediaOutputOptions: Sendable {
  /// FFmpeg's name of the container (`mp4`, `matroska`, `null`); nil to go by the output's name.
  public var format: String?
  /// FFmpeg's name of an encoder or codec; nil for H.264 where it is to be had, else the container's default.
  public var codec: String?
  /// The encoder's own scale: CRF for x264 and its like, else a quantiser (2 is good, 31 bad); nil for a default
  /// that keeps luma above 38 dB.
  public var quality: Double?
  /// Bits a second; nil to go by quality.
  public var bitRate: Int?
  /// Encoder threads; 0 for as many as there are processors.
  public var threads = 0
  /// For outputs that somebody watches while they are written: no delay in the encoder, every packet sent at once.
  /// Costs some efficiency: the same quality takes more bits.
  public var live = false
  /// Options of the encoder (`preset`), as FFmpeg names them.
  public var encoderOptions: [(String, String)] = []
  /// Options of the container (`movflags`), as FFmpeg names them.
  public var outputOptions: [(String, String)] = []
  /// What ends, two seconds after the request, writing to a network that takes nothing.
  public var interruption: MediaInterruption?
  /// Called with what could not be kept although writing goes on, from within calls of the output.
  public var onWarning: (@Sendable (String) -> Void)?

  public init() {}
}
