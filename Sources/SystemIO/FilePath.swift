import Glibc

/// File names: taking them apart, joining them, and asking whether there is such a file.
package enum FilePath {
  /// The part after the last slash that is followed by something; the path itself if there is none.
  package static func lastComponent(_ path: String) -> String {
    path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) } ?? path
  }

  /// What comes before the last slash; nil for a name without one, empty for one in the root folder.
  package static func folder(of path: String) -> String? {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) }
  }

  /// The part after the last dot of the last component, in lower case; empty if there is none or nothing before it.
  package static func fileExtension(_ path: String) -> String {
    let file = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return "" }
    return file[file.index(after: dot)...].lowercased()
  }

  /// The path of `name` in `folder`.
  package static func join(_ folder: String, _ name: String) -> String {
    (folder.hasSuffix("/") ? folder : folder + "/") + name
  }

  /// Whether there is a file, folder or device of that name.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether there is one that this process may read.
  package static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

  /// Whether there is a folder of that name.
  package static func isFolder(_ path: String) -> Bool { FileStatus(path: path)?.isFolder ?? false }

  /// The absolute path of a file without links and dots in it (`realpath`); nil if there is no such file.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Whether it is a URL and not a path, `scheme://…`, with a scheme as RFC 3986 (3.1) has it.
  package static func isURL(_ name: String) -> Bool { scheme(of: name) != nil }

  /// The scheme of a URL in lower case: `rtsp` of `RTSP://camera/1`; nil for a path.
  package static func scheme(of name: String) -> String? {
    guard let colon = name.firstIndex(of: ":"), name[colon...].hasPrefix("://"),
      let first = name.first, first.isASCII, first.isLetter
    else { return nil }
    let scheme = name[..<colon]
    guard scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }) else {
      return nil
    }
    return scheme.lowercased()
  }
}
