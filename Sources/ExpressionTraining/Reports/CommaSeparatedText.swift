import SystemIO

/// Writes comma-separated values (RFC 4180): a field with a comma, a quote or a line end is quoted. Lines end
/// in LF alone, as every Unix tool expects and every reader accepts.
struct CommaSeparatedWriter {
  private(set) var bytes: [UInt8] = []
  private var isRowEmpty = true

  mutating func field(_ text: String) {
    if !isRowEmpty { bytes.append(UInt8(ascii: ",")) }
    isRowEmpty = false
    let needsQuotes = text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D
    }
    guard needsQuotes else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func endRow() {
    bytes.append(0x0A)
    isRowEmpty = true
  }

  mutating func row(_ fields: [String]) {
    for text in fields { field(text) }
    endRow()
  }
}

/// Reads comma-separated values (RFC 4180), LF or CRLF, with or without a byte order mark.
struct CommaSeparatedReader {
  private let bytes: [UInt8]
  private var position = 0
  /// The line, from 1, on which the row read last begins.
  private(set) var line = 0
  private var nextLine = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The next row that is not an empty line; nil at the end.
  /// - Throws: ``Failure`` (`badInput`) with the line as its subject if a quote is out of place or does not end.
  mutating func row() throws(Failure) -> [String]? {
    while position < bytes.count {
      line = nextLine
      let fields = try fieldsOfRow()
      if fields != [""] { return fields }
    }
    return nil
  }

  private mutating func fieldsOfRow() throws(Failure) -> [String] {
    var fields: [String] = []
    while true {
      fields.append(try field())
      guard position < bytes.count else { break }
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: ",") { continue }
      if byte == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
      break
    }
    nextLine += 1
    return fields
  }

  private mutating func field() throws(Failure) -> String {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      let start = position
      while position < bytes.count {
        let byte = bytes[position]
        if byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D { break }
        guard byte != UInt8(ascii: "\"") else { throw failure("a quote in an unquoted field") }
        position += 1
      }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard position < bytes.count, bytes[position] == byte else {
          if position < bytes.count, ![UInt8(ascii: ","), 0x0A, 0x0D].contains(bytes[position]) {
            throw failure("text after a quoted field")
          }
          return String(decoding: text, as: UTF8.self)
        }
        position += 1
      } else if byte == 0x0A {
        nextLine += 1
      }
      text.append(byte)
    }
    throw failure("a quoted field does not end")
  }

  private func failure(_ cause: String) -> Failure {
    Failure(.badInput, step: "not a table of comma-separated values", subject: "line \(line)", cause: cause)
  }
}
