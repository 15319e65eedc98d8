import FrameMedia
import SystemIO
import TextTables

/// The pictures of a folder and of the folders in it, to any depth; links are followed, but into no folder twice. Hidden
/// files and folders are skipped.
struct FolderWalk {
  /// One of the folders.
  struct Branch {
    /// Relative to the root; empty for the root itself.
    let folder: String
    let files: [String]
    /// Files whose extension is not an image format.
    let otherFiles: [String]
  }

  /// The folder that names are relative to.
  let root: String
  private(set) var branches: [Branch] = []
  private var visited: Set<[UInt64]> = []

  init(root: String) { self.root = root }

  /// Lists a folder below the root; an empty name is the root's.
  /// - Throws: ``Failure``: `inputOutput` if a folder cannot be read, `badInput` if they are too deep.
  mutating func visit(_ folder: String, depth: Int) throws(Failure) {
    let path = folder.isEmpty ? root : "\(root)/\(folder)"
    guard let status = FileStatus(path: path) else {
      // A folder below may vanish meanwhile; the root has to be there, and the listing says why it is not.
      if folder.isEmpty { _ = try FolderListing.pathNames(in: path) }
      return
    }
    guard visited.insert([status.device, status.inode]).inserted else { return }
    guard depth <= PictureLimits.folderDepth else {
      throw Failure(
        .badInput, step: "reading folders", subject: path,
        cause: "more than \(PictureLimits.folderDepth) folders inside one another")
    }
    var files: [String] = []
    var otherFiles: [String] = []
    for name in try FolderListing.pathNames(in: path) {
      if FileStatus(path: "\(path)/\(name)")?.isFolder ?? false {
        try visit(folder.isEmpty ? name : "\(folder)/\(name)", depth: depth + 1)
      } else if MediaFormat.isPictureName(name) {
        // A dangling link is listed, so that it is reported as unreadable.
        files.append(name)
      } else {
        otherFiles.append(name)
      }
    }
    branches.append(Branch(folder: folder, files: files, otherFiles: otherFiles))
  }

  /// All pictures, and all other files, relative to the root: folder by folder in the order of their paths.
  var names: (pictures: [String], otherFiles: [String]) {
    let sorted = branches.sorted { NameList.precedes($0.folder, $1.folder) }
    func names(_ branch: Branch, _ files: [String]) -> [String] {
      branch.folder.isEmpty ? files : files.map { "\(branch.folder)/\($0)" }
    }
    return (sorted.flatMap { names($0, $0.files) }, sorted.flatMap { names($0, $0.otherFiles) })
  }
}
