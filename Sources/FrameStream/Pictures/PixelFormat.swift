/// The arrangement of a picture's samples in a frame's payload; the raw value is the name in the stream.
///
/// Planes are packed: no padding between rows or planes (fm-stream(5)).
public enum PixelFormat: String, Sendable, CaseIterable {
  case gray
  case yuv420p
  case yuv422p
  case yuv444p
  case nv12
  case rgb24
  /// Ten bits per sample, each in two bytes, the low byte first.
  case yuv420p10le

  /// True if the first plane is the grayscale picture itself, one byte per pixel.
  public var hasGrayPlane: Bool { self != .rgb24 && self != .yuv420p10le }

  /// True for formats of luma and chroma, false for gray and RGB.
  public var isYUV: Bool { self != .gray && self != .rgb24 }

  /// Significant bits per sample.
  public var bitDepth: Int { self == .yuv420p10le ? 10 : 8 }
}

/// The range of luma values; the raw value is FFmpeg's name and the one in the stream.
public enum ColorRange: String, Sendable {
  /// Limited range: black is 16, white 235.
  case tv
  /// Full range: black is 0, white 255.
  case pc
}
