import FrameMedia
import Glibc

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
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix("."), MediaInput.isPictureName(name) { names.append(name) }
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    // Compared as bytes, as LC_ALL=C ls does, so that the order is the same everywhere.
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { prefix + $0 }
  }

  private static func isFolder(_ path: String) -> Bool { mode(path) == S_IFDIR }
  private static func isFile(_ path: String) -> Bool { mode(path).map { $0 != S_IFDIR } ?? false }

  private static func mode(_ path: String) -> UInt32? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }
}
