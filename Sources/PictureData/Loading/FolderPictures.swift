import SystemIO

/// The pictures of a folder and of the folders in it.
package enum FolderPictures {
  /// Their names relative to the folder, folder by folder in the order of their paths.
  /// - Throws: ``Failure``: `inputOutput` if a folder cannot be read, `badInput` if they are too deep.
  package static func names(in folder: String) throws(Failure) -> [String] {
    var walk = FolderWalk(root: folder)
    try walk.visit("", depth: 0)
    return walk.names.pictures
  }
}
