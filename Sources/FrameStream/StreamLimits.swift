/// Limits of the format, checked before anything is allocated (fm-stream(5)).
public enum StreamLimits {
  /// The longest JSON line, in bytes, without its newline.
  public static let line = 1 << 20
  /// The largest payload of one record, in bytes.
  public static let payload = 256 << 20
  /// The deepest nesting of arrays and objects in a line.
  public static let depth = 64
}
