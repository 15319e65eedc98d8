import SystemIO

/// Reads the elements of an XML document, one after the other. It knows no entities but the five of XML and numbers, reads
/// no document type and opens nothing.
struct MarkupReader {
  /// A part of the document.
  enum Part: Equatable {
    /// A start tag; an empty element is a start and an end.
    case start(String, [String: String])
    case end(String)
    /// Text between tags, entities resolved.
    case text(String)
  }

  private let bytes: [UInt8]
  private var position = 0
  /// The end of an empty element, which follows its start.
  private var pendingEnd: String?

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next part; nil at the end.
  /// - Throws: ``Failure`` (`badInput`) naming the byte where it is no XML.
  mutating func next() throws(Failure) -> Part? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name)
    }
    while position < bytes.count {
      if bytes[position] != UInt8(ascii: "<") {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
        return .text(Self.resolved(bytes[start..<position]))
      }
      if skip("<!--", upTo: "-->") || skip("<?", upTo: "?>") { continue }
      if bytes[position...].starts(with: "<![CDATA[".utf8) {
        let start = position + 9
        guard skip("<![CDATA[", upTo: "]]>") else { throw failure() }
        return .text(String(decoding: bytes[start..<max(start, position - 3)], as: UTF8.self))
      }
      if skip("<!", upTo: ">") { continue }
      return try tag()
    }
    return nil
  }

  /// Goes past something that begins like `opening`; false if it does not, or has no end.
  private mutating func skip(_ opening: String, upTo closing: String) -> Bool {
    guard bytes[position...].starts(with: opening.utf8) else { return false }
    let end = Array(closing.utf8)
    var place = position + opening.utf8.count
    while place + end.count <= bytes.count {
      if bytes[place] == end[0], bytes[place...].starts(with: end) {
        position = place + end.count
        return true
      }
      place += 1
    }
    position = bytes.count
    return true
  }

  private mutating func tag() throws(Failure) -> Part {
    position += 1
    let isEnd = position < bytes.count && bytes[position] == UInt8(ascii: "/")
    if isEnd { position += 1 }
    let name = word()
    guard !name.isEmpty else { throw failure() }
    var attributes: [String: String] = [:]
    while true {
      skipSpace()
      guard position < bytes.count else { throw failure() }
      if bytes[position] == UInt8(ascii: ">") {
        position += 1
        return isEnd ? .end(name) : .start(name, attributes)
      }
      if bytes[position] == UInt8(ascii: "/"), !isEnd {
        position += 1
        guard position < bytes.count, bytes[position] == UInt8(ascii: ">") else { throw failure() }
        position += 1
        pendingEnd = name
        return .start(name, attributes)
      }
      let key = word()
      skipSpace()
      guard !key.isEmpty, position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
        throw failure()
      }
      position += 1
      skipSpace()
      guard position < bytes.count, bytes[position] == 0x22 || bytes[position] == 0x27 else {
        throw failure()
      }
      let quote = bytes[position]
      let start = position + 1
      guard let end = bytes[start...].firstIndex(of: quote) else { throw failure() }
      attributes[key] = Self.resolved(bytes[start..<end])
      position = end + 1
    }
  }

  private mutating func word() -> String {
    let start = position
    while position < bytes.count, !" \t\r\n=/>\"'<".utf8.contains(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private func failure() -> Failure {
    Failure(.badInput, step: "not well-formed XML", cause: "at byte \(position)")
  }

  /// Text with its entities resolved; one that is unknown stays as it is.
  private static func resolved(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
    var result: [UInt8] = []
    var place = bytes.startIndex
    while place < bytes.endIndex {
      if bytes[place] == UInt8(ascii: "&"),
        let end = bytes[place...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
        let character = entity(String(decoding: bytes[place + 1..<end], as: UTF8.self))
      {
        result += Array(String(character).utf8)
        place = end + 1
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func entity(_ name: String) -> Unicode.Scalar? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.hasPrefix("#") else { return nil }
      let digits = name.dropFirst()
      let code = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return code.flatMap(Unicode.Scalar.init)
    }
  }
}
