import SystemIO

/// Walks over JSON text (RFC 8259) byte by byte and finds where values end; it builds nothing.
///
/// Strict: it checks UTF-8, refuses control characters in strings, bad escapes, leading zeros, NaN and trailing
/// commas, and bounds nesting by ``StreamLimits/depth``.
struct JSONScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// The byte at the position; at the end 0, which valid JSON does not contain.
  @inline(__always)
  var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  func failure(_ cause: String) -> Failure {
    Failure(.badInput, step: "not valid JSON", cause: "byte \(position + 1): \(cause)")
  }

  mutating func expect(_ byte: UInt8, _ what: String) throws(Failure) {
    guard current == byte else { throw failure("expected \(what)") }
    position += 1
  }

  /// Skips and checks one value.
  mutating func skipValue(depth: Int = 0) throws(Failure) {
    switch current {
    case UInt8(ascii: "{"):
      try skipObject(depth: depth)
    case UInt8(ascii: "["):
      try skipArray(depth: depth)
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "t"): try skipWord("true")
    case UInt8(ascii: "f"): try skipWord("false")
    case UInt8(ascii: "n"): try skipWord("null")
    default: try skipNumber()
    }
  }

  /// Skips the byte that opens an object or array; false if `close` follows, which is skipped too.
  mutating func enter(_ depth: Int, close: UInt8) throws(Failure) -> Bool {
    guard depth < StreamLimits.depth else {
      throw failure("nested deeper than \(StreamLimits.depth) levels")
    }
    position += 1
    skipSpace()
    guard current == close else { return true }
    position += 1
    return false
  }

  private mutating func skipObject(depth: Int) throws(Failure) {
    guard try enter(depth, close: UInt8(ascii: "}")) else { return }
    while true {
      try skipString()
      skipSpace()
      try expect(UInt8(ascii: ":"), "':'")
      skipSpace()
      try skipValue(depth: depth + 1)
      if try !separator(before: UInt8(ascii: "}")) { return }
    }
  }

  private mutating func skipArray(depth: Int) throws(Failure) {
    guard try enter(depth, close: UInt8(ascii: "]")) else { return }
    while true {
      try skipValue(depth: depth + 1)
      if try !separator(before: UInt8(ascii: "]")) { return }
    }
  }

  /// Skips a comma and returns true, or skips the closing byte and returns false.
  mutating func separator(before close: UInt8) throws(Failure) -> Bool {
    skipSpace()
    if current == close {
      position += 1
      return false
    }
    guard current == UInt8(ascii: ",") else {
      throw failure("expected ',' or '\(Character(Unicode.Scalar(close)))'")
    }
    position += 1
    skipSpace()
    return true
  }

  mutating func skipString() throws(Failure) {
    try expect(UInt8(ascii: "\""), "a string")
    while true {
      guard position < bytes.count else { throw failure("the string does not end") }
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return
      case UInt8(ascii: "\\"):
        try skipEscape()
      case 0..<0x20:
        throw failure("a control character in a string")
      case 0x20..<0x80:
        position += 1
      default:
        try skipMultibyte(first: byte)
      }
    }
  }

  private mutating func skipEscape() throws(Failure) {
    position += 1
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      position += 1
      for _ in 0..<4 {
        guard JSONScanner.hexValue(current) != nil else { throw failure("a bad \\u escape") }
        position += 1
      }
    default:
      throw failure("a bad escape in a string")
    }
  }

  /// Checks one UTF-8 sequence of two to four bytes (Unicode, table 3-7).
  private mutating func skipMultibyte(first: UInt8) throws(Failure) {
    func isContinuation(_ offset: Int, in range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      position + offset < bytes.count && range.contains(bytes[position + offset])
    }
    let length: Int
    switch first {
    case 0xC2...0xDF: length = isContinuation(1) ? 2 : 0
    case 0xE0: length = isContinuation(1, in: 0xA0...0xBF) && isContinuation(2) ? 3 : 0
    case 0xED: length = isContinuation(1, in: 0x80...0x9F) && isContinuation(2) ? 3 : 0
    case 0xE1...0xEF: length = isContinuation(1) && isContinuation(2) ? 3 : 0
    case 0xF0:
      length = isContinuation(1, in: 0x90...0xBF) && isContinuation(2) && isContinuation(3) ? 4 : 0
    case 0xF4:
      length = isContinuation(1, in: 0x80...0x8F) && isContinuation(2) && isContinuation(3) ? 4 : 0
    case 0xF1...0xF3: length = isContinuation(1) && isContinuation(2) && isContinuation(3) ? 4 : 0
    default: length = 0
    }
    guard length > 0 else { throw failure("not UTF-8") }
    position += length
  }

  private mutating func skipWord(_ word: StaticString) throws(Failure) {
    for index in 0..<word.utf8CodeUnitCount {
      guard current == word.utf8Start[index] else { throw failure("expected \(word)") }
      position += 1
    }
  }

  private mutating func skipNumber() throws(Failure) {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") {
      position += 1
    } else {
      guard skipDigits() else {
        throw failure(position == start ? "expected a value" : "a malformed number")
      }
    }
    if current == UInt8(ascii: ".") {
      position += 1
      guard skipDigits() else { throw failure("a malformed number") }
    }
    if current | 0x20 == UInt8(ascii: "e") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() else { throw failure("a malformed number") }
    }
  }

  private mutating func skipDigits() -> Bool {
    let start = position
    while current >= UInt8(ascii: "0"), current <= UInt8(ascii: "9") { position += 1 }
    return position > start
  }

  static func hexValue(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
