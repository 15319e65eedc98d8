import SystemIO

/// Addresses of files, as links have them.
enum AddressText {
  /// A path with everything but letters, digits and a few marks by its bytes: `100%25.mp4`.
  static func encoded(_ path: String) -> String {
    FileName.bytes(path).map { byte -> String in
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "/-._~".utf8.contains(byte)
      if isPlain { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.utf8.count == 1 ? "0" : "") + digits
    }.joined()
  }

  /// A URL as it is, and a path so that a page beside it links to the file.
  static func link(_ name: String) -> String { FilePath.isURL(name) ? name : encoded(name) }
}
