/// Limits on sets of pictures, checked before anything is allocated.
package enum PictureLimits {
  /// Classes of one data set.
  package static let classes = 1024
  /// Pictures of one data set.
  package static let pictures = 1 << 26
  /// Width and height of a data set's pictures after resizing.
  package static let side = 4096
  /// Width and height of a picture file.
  package static let fileSide = 65_535
  /// Folders inside one another.
  package static let folderDepth = 64
}
