import FrameMedia
import SystemIO

/// Folders of pictures, and which inputs make a stream together.
enum PictureFolder {
  enum Source {
    /// A video, a device, a single picture: a stream of its own.
    case media(String)
    /// Pictures that make one stream, and what to call it.
    case pictures([String], name: String)
  }

  /// What to read, in order: pictures and folders in a row make one source.
  static func sources(_ inputs: [String], format: String?) -> [Source] {
    guard format == nil else { return inputs.map { .media($0) } }
    var sources: [Source] = []
    var pictures: [String] = []
    var names: [String] = []
    var hasFolder = false
    func flush() {
      if pictures.count == 1, !hasFolder {
        sources.append(.media(pictures[0]))
      } else if !names.isEmpty {
        sources.append(.pictures(pictures, name: names.joined(separator: " ")))
      }
      pictures = []
      names = []
      hasFolder = false
    }
    for input in inputs {
      if isFolder(input) {
        hasFolder = true
        names.append(input)
        pictures += contents(of: input)
      } else if isFile(input), MediaFormat.isPictureFile(input) {
        names.append(input)
        pictures.append(input)
      } else {
        flush()
        sources.append(.media(input))
      }
    }
    flush()
    return sources
  }

  /// The pictures right in a folder, sorted by name.
  private static func contents(of folder: String) -> [String] {
    names(in: folder, arePictures: true).map { path(of: $0, in: folder) }
  }

  /// The files right in a folder, sorted by name, that are no pictures by their extensions; nobody looks into them.
  static func passedOver(in folder: String) -> [String] {
    names(in: folder, arePictures: false).filter { isFile(path(of: $0, in: folder)) }
  }

  private static func names(in folder: String, arePictures: Bool) -> [String] {
    (FolderListing.names(in: folder) ?? []).filter {
      !$0.hasPrefix(".") && MediaInput.isPictureName($0) == arePictures
    }
  }

  private static func path(of name: String, in folder: String) -> String {
    (folder.hasSuffix("/") ? folder : folder + "/") + name
  }

  static func isFolder(_ path: String) -> Bool { FileStatus(path: path)?.isFolder ?? false }
  private static func isFile(_ path: String) -> Bool { FileStatus(path: path).map { !$0.isFolder } ?? false }
}
