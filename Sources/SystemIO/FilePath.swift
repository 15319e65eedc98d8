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
    // Of bytes: a combining character after a dot or a slash makes one character of both.
    let bytes = path.utf8
    let file = bytes[
      (bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes.index(after: $0) } ?? bytes.startIndex)...]
    guard let dot = file.lastIndex(of: UInt8(ascii: ".")), dot > file.startIndex else { return "" }
    return String(decoding: file[file.index(after: dot)...], as: UTF8.self).lowercased()
  }

  /// The path of `name` in `folder`.
  package static func join(_ folder: String, _ name: String) -> String {
    (folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/") + name
  }

  /// Whether there is a file, folder or device of that name.
  package static func exists(_ path: String) -> Bool { access(path.fileNameBytes, F_OK) == 0 }

  /// Whether there is one that this process may read.
  package static func isReadable(_ path: String) -> Bool { access(path.fileNameBytes, R_OK) == 0 }

  /// Whether there is a folder of that name.
  package static func isFolder(_ path: String) -> Bool { FileStatus(path: path)?.isFolder ?? false }

  /// Whether there is something of that name that is no folder.
  package static func isFile(_ path: String) -> Bool {
    FileStatus(path: path).map { !$0.isFolder } ?? false
  }

  /// The absolute path of a file without links and dots in it (`realpath`); nil if there is no such file.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path.fileNameBytes, nil) else { return nil }
    defer { free(resolved) }
    return FileName.text(resolved)
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

extension FilePath {
  /// The path that a `file:` URL (RFC 8089) of this machine means, `file:` before a relative path as libav has it
  /// included; nil for any other name.
  ///
  /// `%20` and the like are the bytes that they stand for, unless there is a file with them in its name, or they would be
  /// control characters: `%03d` is the number of a picture.
  package static func ofFileURL(_ name: String) -> String? {
    let bytes = Array(FileName.bytes(name))
    guard bytes.count > 5, FileName.text(Array(bytes[..<5])).lowercased() == "file:" else { return nil }
    var path = bytes[5...]
    if path.starts(with: Array("//".utf8)) {
      // A host's name, which is empty or this one's, ends at the next slash.
      path.removeFirst(2)
      guard let slash = path.firstIndex(of: UInt8(ascii: "/")) else { return nil }
      let host = FileName.text(Array(path[..<slash])).lowercased()
      guard host.isEmpty || host == "localhost" else { return nil }
      path = path[slash...]
    }
    let literal = FileName.text(Array(path))
    guard !exists(literal), let plain = withoutEscapes(path) else { return literal }
    return FileName.text(plain)
  }

  /// A URL's bytes with its `%20` and the like as the bytes they stand for; nil if there is a control character among
  /// them.
  private static func withoutEscapes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), rest.count >= 2,
        let digits = String(validating: rest.prefix(2), as: UTF8.self),
        digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16)
      else {
        bytes.append(byte)
        continue
      }
      if value < 0x20 || value == 0x7F { return nil }
      bytes.append(value)
      rest.removeFirst(2)
    }
    return bytes
  }
}
