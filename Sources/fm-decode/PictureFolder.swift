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
    let names = (FolderListing.names(in: folder) ?? []).filter {
      !$0.hasPrefix(".") && MediaInput.isPictureName($0)
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return names.map { prefix + $0 }
  }

  /// The files right in a folder, sorted by name, that are no pictures by their extensions; nobody looks into them.
  static func passedOver(in folder: String) -> [String] {
    (FolderListing.names(in: folder) ?? []).filter {
      !$0.hasPrefix(".") && !MediaInput.isPictureName($0)
        && isFile((folder.hasSuffix("/") ? folder : folder + "/") + $0)
    }
  }

  static func isFolder(_ path: String) -> Bool { FileStatus(path: path)?.isFolder ?? false }
  private static func isFile(_ path: String) -> Bool { FileStatus(path: path).map { !$0.isFolder } ?? false }
}
