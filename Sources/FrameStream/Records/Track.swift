/// A sound, subtitle or data track whose compressed packets are in the stream (the stream record's key `tracks`): all
/// that a muxer needs to write the packets back unchanged.
public struct Track: Sendable, Equatable {
  /// The number by which packets name the track; positive, unique in the stream.
  public var id: Int
  /// `audio`, `subtitle`, `data` or `attachment`.
  public var kind: String
  /// FFmpeg's codec name: `aac`, `opus`, `mov_text`.
  public var codec: String
  /// Seconds in one unit of the packets' `pts`, `dts` and `duration`.
  public var timeBase: Rational
  /// Codec-specific setup bytes.
  public var extradata: [UInt8] = []
  /// The container's four-character tag as a number; 0 for none.
  public var codecTag: UInt32 = 0
  /// FFmpeg's profile number; nil where unknown.
  public var profile: Int?
  /// FFmpeg's level number; nil where unknown.
  public var level: Int?
  /// Bits per second; nil where unknown.
  public var bitRate: Int?
  /// Sound only: FFmpeg's name of the sample format, such as `fltp`.
  public var sampleFormat: String?
  /// Sound only: samples per second.
  public var sampleRate: Int?
  /// Sound only: the number of channels.
  public var channels: Int?
  /// Sound only: FFmpeg's name of the channel layout, such as `stereo` or `5.1`.
  public var channelLayout: String?
  /// Sound only: `frame_size` of FFmpeg's `AVCodecParameters`.
  public var frameSize: Int?
  /// Sound only: `block_align` of FFmpeg's `AVCodecParameters`.
  public var blockAlign: Int?
  /// Sound only: `bits_per_coded_sample` of FFmpeg's `AVCodecParameters`.
  public var bitsPerCodedSample: Int?
  /// Sound only: `bits_per_raw_sample` of FFmpeg's `AVCodecParameters`.
  public var bitsPerRawSample: Int?
  /// Sound only: `initial_padding` of FFmpeg's `AVCodecParameters`.
  public var initialPadding: Int?
  /// Sound only: `trailing_padding` of FFmpeg's `AVCodecParameters`.
  public var trailingPadding: Int?
  /// Sound only: `seek_preroll` of FFmpeg's `AVCodecParameters`.
  public var seekPreroll: Int?
  /// FFmpeg's disposition names that are set (`default`, `forced`…).
  public var disposition: [String] = []
  /// Metadata in the container's order, such as `language` and `title`.
  public var metadata: [Tag] = []

  /// A track without the optional keys.
  public init(id: Int, kind: String, codec: String, timeBase: Rational) {
    self.id = id
    self.kind = kind
    self.codec = codec
    self.timeBase = timeBase
  }

  /// Whether it is a file inside the source, such as a font, whose one packet has no time.
  package var isAttachment: Bool { kind == "attachment" }
}
