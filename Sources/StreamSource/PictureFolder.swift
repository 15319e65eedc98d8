import FrameMedia
import SystemIO

/// Folders of pictures, and which inputs form one stream together.
package enum PictureFolder {
  /// What makes one stream.
  package enum Source: Equatable {
    /// A video, a device, a single picture: a stream of its own.
    case media(String)
    /// Pictures that make one stream, and what to call it.
    case pictures([String], name: String)
  }

  /// What to read, in order: pictures and folders in a row make one source.
  package static func sources(_ inputs: [String], format: String?) -> [Source] {
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
      if FilePath.isFolder(input) {
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
    names(in: folder, arePictures: true).map { FilePath.join(folder, $0) }
  }

  /// The files right in a folder, sorted by name, that are not images by extension; they are not opened.
  package static func skippedFiles(in folder: String) -> [String] {
    names(in: folder, arePictures: false).filter { isFile(FilePath.join(folder, $0)) }
  }

  private static func names(in folder: String, arePictures: Bool) -> [String] {
    (FolderListing.names(in: folder) ?? []).filter {
      !$0.hasPrefix(".") && MediaFormat.isPictureName($0) == arePictures
    }
  }

  private static func isFile(_ path: String) -> Bool { FileStatus(path: path).map { !$0.isFolder } ?? false }
}
