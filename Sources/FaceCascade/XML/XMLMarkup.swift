import Glibc
import SystemIO

/// A walk over a document's markup before libxml2 reads it, which takes time with the square of some numbers: of a tag's
/// attributes, of attribute types, of namespaces. Here every byte is looked at once.
///
/// It relies on ASCII bytes that stand for themselves, so other encodings are refused. What is not well-formed is left
/// to libxml2, which stops there.
struct XMLMarkup {
  private let document: XMLDocument
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// - Throws: ``Failure`` (`badInput`) with the line of a tag, declaration or encoding that is beyond ``XMLLimits`` or
  ///   not accepted.
  static func check(_ bytes: UnsafeRawBufferPointer, of document: XMLDocument) throws(Failure) {
    var markup = XMLMarkup(document: document, bytes: bytes)
    try markup.checkEncoding()
    while markup.skip(to: "<", then: 0) { try markup.skipMarkup() }
  }

  private init(document: XMLDocument, bytes: UnsafeRawBufferPointer) {
    self.document = document
    self.bytes = bytes
  }

  private func failure(at position: Int, _ cause: String) -> Failure {
    let lines = bytes[..<position].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    return document.failure(line: lines, cause)
  }

  private func begins(with text: StaticString) -> Bool {
    text.utf8CodeUnitCount <= bytes.count - position
      && (0..<text.utf8CodeUnitCount).allSatisfy { bytes[position + $0] == text.utf8Start[$0] }
  }

  /// Moves to the next place of `text`, or `then` bytes further; false if there is none, at the end then.
  private mutating func skip(to text: StaticString, then length: Int) -> Bool {
    while let base = bytes.baseAddress, position < bytes.count,
      let found = memchr(base + position, Int32(text.utf8Start.pointee), bytes.count - position)
    {
      position = UnsafeRawPointer(found) - base
      if begins(with: text) {
        position += length
        return true
      }
      position += 1
    }
    position = bytes.count
    return false
  }

  /// Moves behind what begins with the `<` at the position, or to the end if it does not end.
  private mutating func skipMarkup() throws(Failure) {
    if begins(with: "<!--") {
      position += 4
      _ = skip(to: "-->", then: 3)
    } else if begins(with: "<![CDATA[") {
      _ = skip(to: "]]>", then: 3)
    } else if begins(with: "<?") {
      _ = skip(to: "?>", then: 2)
    } else if begins(with: "<!") {
      throw failure(at: position, "document type declarations and entities are not accepted")
    } else {
      try skipTag()
    }
  }

  private mutating func skipTag() throws(Failure) {
    let start = position
    var quote: UInt8?
    var attributes = 0
    while position < bytes.count {
      let byte = bytes[position]
      if quote == nil, byte == UInt8(ascii: "x"), begins(with: "xmlns") {
        throw failure(at: start, "namespaces are not accepted")
      }
      position += 1
      if byte == quote {
        quote = nil
        attributes += 1
      } else if quote == nil {
        if byte == UInt8(ascii: ">") { break }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
      }
      guard position - start <= XMLLimits.tag, attributes <= XMLLimits.attributes else {
        throw failure(
          at: start,
          "a tag of more than \(XMLLimits.attributes) attributes or \(XMLLimits.tag) bytes")
      }
    }
  }

  // MARK: Encodings

  /// Encodings of which all ASCII bytes are ASCII, by how their names begin.
  private static let encodings = [
    "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-", "iso8859-", "iso_8859-", "latin", "windows-125",
    "cp125",
  ]

  private mutating func checkEncoding() throws(Failure) {
    let isEBCDIC = bytes.first == 0x4C
    guard !isEBCDIC, bytes.first != 0xFE, bytes.first != 0xFF, !bytes.contains(0) else {
      throw document.failure(line: 1, "not text in UTF-8, ASCII or ISO 8859")
    }
    if begins(with: "\u{FEFF}") { position = 3 }
    guard begins(with: "<?xml") else { return }
    var end = self
    guard end.skip(to: "?>", then: 0), end.position - position <= XMLLimits.tag else { return }
    let declaration = String(decoding: bytes[position..<end.position], as: UTF8.self)
    let parts = declaration.split(separator: "encoding", omittingEmptySubsequences: false)
    for part in parts.dropFirst() {
      // After the name an equals sign and the value in quotes.
      let words = part.split(omittingEmptySubsequences: false) { $0 == "\"" || $0 == "'" }
      let name = words.count > 1 ? words[1].lowercased() : ""
      guard Self.encodings.contains(where: name.hasPrefix) else {
        throw failure(
          at: position, "the encoding \"\(name.prefix(40))\" is none of UTF-8, ASCII and ISO 8859")
      }
    }
  }
}
