import Glibc

/// File names as the system has them, bytes, and as this program has them, text, without a loss in either direction.
///
/// A name that is UTF-8 is that text. A byte that is no part of valid UTF-8 becomes one of the 128 characters from
/// U+EF80 to U+EFFF of the private use area, whose last eight bits are the byte, as in MirBSD's OPTU-8. The bytes of a
/// name that contains one of these characters itself become such characters too, so that every name has one text, and
/// every text that comes from a name leads back to it. JSON carries the text as it is (fm-stream(5), "File names").
package enum FileName {
  private static let base: UInt32 = 0xEF00

  private static func isByte(_ character: Unicode.Scalar) -> Bool {
    (0xEF80...0xEFFF).contains(character.value)
  }

  /// Whether a name is UTF-8 on the disk too.
  package static func isText(_ name: String) -> Bool { !name.unicodeScalars.contains(where: isByte) }

  /// The text of a name's bytes.
  package static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: isByte) {
      return text
    }
    var text = ""
    func add(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(base + UInt32(byte))!) }
    }
    var parser = UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var place = 0
    while true {
      switch parser.parseScalar(from: &rest) {
      case .emptyInput: return text
      case .valid(let encoded):
        let character = UTF8.decode(encoded)
        if isByte(character) { add(encoded) } else { text.unicodeScalars.append(character) }
        place += encoded.count
      case .error(let length):
        add(bytes[place..<place + length])
        place += length
      }
    }
  }

  /// The text of a name that ends with a zero.
  package static func text(_ name: UnsafePointer<CChar>) -> String {
    text(UnsafeBufferPointer(start: name, count: strlen(name)).map { UInt8(bitPattern: $0) })
  }

  /// The text of the file name, or the list of them, that an environment variable holds; nil if it is not set.
  package static func ofEnvironment(_ variable: String) -> String? { getenv(variable).map { text($0) } }

  /// The bytes of a name's text.
  package static func bytes(_ text: String) -> [UInt8] {
    // The characters that stand for bytes begin with 0xEE in UTF-8.
    guard text.utf8.contains(0xEE) else { return Array(text.utf8) }
    var bytes: [UInt8] = []
    for character in text.unicodeScalars {
      if isByte(character) {
        bytes.append(UInt8(truncatingIfNeeded: character.value))
      } else {
        bytes += UTF8.encode(character)!
      }
    }
    return bytes
  }

  /// A name's text for people: bytes that are not text as `\xE9`.
  package static func readable(_ text: String) -> String {
    guard text.utf8.contains(0xEE) else { return text }
    var readable = ""
    for character in text.unicodeScalars {
      if isByte(character) {
        readable += "\\x" + String(character.value - base, radix: 16, uppercase: true)
      } else {
        readable.unicodeScalars.append(character)
      }
    }
    return readable
  }

  /// The words of the command line after the program's name; those that are names of files lead to them.
  package static var commandLine: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { CommandLine.unsafeArgv[$0].map { text($0) } }
  }
}

extension String {
  /// The file name's bytes with a zero at the end, for the system's calls.
  package var fileNameBytes: [CChar] { FileName.bytes(self).map { CChar(bitPattern: $0) } + [0] }
}
