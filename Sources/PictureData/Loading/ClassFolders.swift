import FrameMedia
import SystemIO
import TextTables

/// A folder with a folder of pictures for each class, as Keras's `image_dataset_from_directory` reads it.
///
/// Classes are in the order of their names' bytes, which is Python's order of strings. Folders inside a class's
/// folder belong to the class. Hidden files and folders are skipped, and so are files whose extension is not an image
/// format, which ``otherFiles`` names.
package struct ClassFolders: Sendable {
  /// A picture file, not yet read.
  package struct Picture: Sendable, Equatable {
    /// Relative to the data folder: `happy/00012.png`.
    package let name: String
    /// The number of its class.
    package let label: Int
  }

  /// The data folder, without a slash at its end.
  package let path: String
  /// The names of the folders, sorted.
  package let classes: [String]
  /// By class, then by folder, then by name.
  package let pictures: [Picture]
  /// Pictures directly in the data folder, which have no class.
  package let looseCount: Int
  /// The files in class folders whose extension is not an image format, in the order of ``pictures``.
  package let otherFiles: [String]

  /// Lists the folder.
  /// - Parameters:
  ///   - classes: the class names and their order if they are settled already (validation, a trained model). A class
  ///     without a folder has no pictures then; a folder without a class is an error.
  ///   - passesOverOthers: Whether a folder without a class is skipped instead.
  /// - Throws: ``Failure``: `inputOutput` if the folder cannot be read, `badInput` if it has no class folders,
  ///   only one (without `classes`), too many, no pictures, or a name that is not UTF-8.
  package init(
    path: String, classes known: [String]? = nil, passesOverOthers: Bool = false
  ) throws(Failure) {
    let listing = try Listing(path: path)
    self.path = listing.path
    looseCount = listing.loose.count
    let classes = known ?? listing.folders
    try listing.check(isComplete: known == nil)
    var numbers: [String: Int] = [:]
    for (number, name) in classes.enumerated() { numbers[name] = number }
    var pictures: [Picture] = []
    var otherFiles: [String] = []
    for folder in listing.folders {
      guard let label = numbers[folder] else {
        if passesOverOthers { continue }
        throw Failure(
          .badInput, step: "reading class folders", subject: listing.path,
          cause: "the folder \"\(folder)\" is not one of the classes \(NameList.quoted(classes))")
      }
      var walk = FolderWalk(root: listing.path)
      try walk.visit(folder, depth: 0)
      // As Keras: folder by folder in the order of their paths, names sorted in each.
      let names = walk.names
      pictures += names.pictures.map { Picture(name: $0, label: label) }
      otherFiles += names.otherFiles
      guard pictures.count <= PictureLimits.pictures else {
        throw Failure(
          .badInput, step: "reading class folders", subject: listing.path,
          cause: "more than \(PictureLimits.pictures) pictures")
      }
    }
    self.classes = classes
    self.pictures = pictures
    self.otherFiles = otherFiles
    guard !pictures.isEmpty else {
      throw Failure(
        .badInput, step: "reading class folders", subject: listing.path,
        cause: "there are no pictures in \(NameList.quoted(listing.folders))"
          + (otherFiles.isEmpty
            ? "" : ", only files that are not images by extension, such as \(otherFiles[0])"))
    }
  }

  /// The names of the class folders alone, sorted.
  /// - Throws: ``Failure`` (`inputOutput`) if the folder cannot be read.
  package static func classes(in path: String) throws(Failure) -> [String] {
    try Listing(path: path).folders
  }

  /// The names of the folders in a folder, of the pictures directly in it, and of its other files, all sorted.
  /// - Throws: ``Failure`` (`inputOutput`) if it cannot be read, (`badInput`) for a name that is not UTF-8.
  static func contents(of path: String) throws(Failure) -> (
    folders: [String], pictures: [String], otherFiles: [String]
  ) {
    let listing = try Listing(path: path)
    return (listing.folders, listing.loose, listing.otherFiles)
  }

  private struct Listing {
    let path: String
    var folders: [String] = []
    var loose: [String] = []
    var otherFiles: [String] = []

    init(path: String) throws(Failure) {
      var path = path[...]
      while path.count > 1, path.last == "/" { path.removeLast() }
      self.path = String(path)
      if let status = FileStatus(path: self.path), !status.isFolder {
        throw Failure(
          .badInput, step: "cannot read the folder", subject: self.path,
          cause: "it is a file, and neither a stream nor a table that ends in .csv")
      }
      for name in try FolderListing.pathNames(in: self.path) {
        if FileStatus(path: "\(self.path)/\(name)")?.isFolder ?? false {
          folders.append(name)
        } else if MediaFormat.isPictureName(name) {
          loose.append(name)
        } else {
          otherFiles.append(name)
        }
      }
    }

    func check(isComplete: Bool) throws(Failure) {
      func fail(_ cause: String) -> Failure {
        Failure(.badInput, step: "reading class folders", subject: path, cause: cause)
      }
      if folders.isEmpty {
        let found = loose.isEmpty ? "" : ", but \(loose.count) pictures outside any folder"
        throw fail("no class folders found\(found); expected one folder per class")
      }
      if isComplete, folders.count == 1 {
        throw fail("the only class is \"\(folders[0])\": at least two are needed")
      }
      // Names are bytes, but classes are text.
      guard Set(folders).count == folders.count else {
        throw fail("two class folders have the same name, once with composed accents and once without")
      }
      guard folders.count <= PictureLimits.classes else {
        throw fail("\(folders.count) class folders, more than the limit of \(PictureLimits.classes)")
      }
    }
  }
}
