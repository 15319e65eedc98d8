/// Limits of the format, checked before anything is allocated (fm-stream(5)).
public enum StreamLimits {
  /// The longest JSON line, in bytes, without its newline.
  public static let line = 1 << 20
  /// The largest payload of one record, in bytes.
  public static let payload = 256 << 20
  /// The largest number of a frame or a person: up to it, a double represents every whole number.
  public static let number = 1 << 53
  /// The largest time of a frame in units of its time base, of either sign: more than nanoseconds since 1970, and
  /// sums of three do not overflow.
  public static let ticks = 1 << 61
  /// The deepest nesting of arrays and objects in a line.
  public static let depth = 64
}
