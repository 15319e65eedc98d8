import FrameStream

/// How a ``MediaOutput`` is written.
package struct MediaOutputOptions: Sendable {
  /// FFmpeg's name of the container (`mp4`, `matroska`, `null`); nil to go by the output's name.
  package var format: String?
  /// Where a playlist and its segments are written before they have their names; nil for the output's name.
  package var temporaryPath: String?
  /// FFmpeg's name of an encoder or codec; nil for H.264 where available, otherwise the container's default.
  package var codec: String?
  /// The encoder's own scale: CRF for x264 and similar ones, otherwise a quantizer (2 is good, 31 bad); nil for a default
  /// that keeps luma above 38 dB.
  package var quality: Double?
  /// Bits per second; nil to go by quality.
  package var bitRate: Int?
  /// Encoder threads; 0 for as many as there are processors.
  package var threads = 0
  /// For outputs that somebody watches while they are written: no delay in the encoder, every packet sent at once.
  /// Costs some efficiency: the same quality takes more bits.
  package var live = false
  /// What becomes of sound that cannot be written as it is.
  package var joining = SoundJoining.encode
  /// Whether the container's beginning waits for a stream with tracks while those so far have none, so that a title
  /// picture does not cost the sound that follows.
  package var awaitsTracks = false
  /// Options of the encoder (`preset`), as FFmpeg names them.
  package var encoderOptions: [(String, String)] = []
  /// Options of the container (`movflags`), as FFmpeg names them.
  package var outputOptions: [(String, String)] = []
  /// Whether the chapters' places are said later, by ``MediaOutput/place(chapters:)``: the container's beginning, which
  /// holds them, is written then.
  package var chaptersWait = false
  /// Tags, chapters and attached files to write, as far as the container keeps them.
  package var metadata = MediaMetadata()
  /// What ends, two seconds after the request, writing to a network that takes nothing.
  package var interruption: MediaInterruption?
  /// Called with what could not be kept although writing continues, from within calls of the output.
  package var onWarning: (@Sendable (String) -> Void)?

  /// The container and encoder that the output's name suggests.
  package init() {}
}
