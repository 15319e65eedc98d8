/// Limits on what training takes in, checked before anything is allocated.
public enum TrainingLimits {
  /// Classes of one data set.
  public static let classes = 1024
  /// Pictures of one data set.
  public static let pictures = 1 << 26
}
