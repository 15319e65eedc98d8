/// Limits on what training takes in, checked before anything is allocated.
public enum TrainingLimits {
  /// Classes of one data set.
  public static let classes = 1024
  /// Pictures of one data set.
  public static let pictures = 1 << 26
  /// Width and height of a data set's pictures after resizing.
  public static let side = 4096
  /// Bytes of one line of a manifest.
  public static let manifestLine = 1 << 20
  /// Width and height of a picture file.
  public static let fileSide = 65_535
  /// Folders inside one another.
  public static let folderDepth = 64
}
