import Glibc
import SystemIO

/// A JSON value as it was written: a part of a line that is known to be valid.
///
/// Nothing is decoded before a property is read, so that passing a value on keeps its bytes.
public struct JSONText {
  private let storage: [UInt8]
  private let range: Range<Int>

  /// A part of `storage` that a scanner has found to be a value.
  init(_ storage: [UInt8], _ range: Range<Int>) {
    self.storage = storage
    self.range = range
  }

  /// Checks that `bytes` are one JSON value, with nothing but white space around it.
  /// - Throws: `Failure` (`badInput`) naming the first wrong byte.
  public init(parsing bytes: [UInt8]) throws(Failure) {
    let (start, end) = try bytes.scan { (scanner) throws(Failure) in
      scanner.skipSpace()
      let start = scanner.position
      try scanner.skipValue()
      let end = scanner.position
      scanner.skipSpace()
      guard scanner.position == scanner.bytes.count else { throw scanner.failure("more after the value") }
      return (start, end)
    }
    self.init(bytes, start..<end)
  }

  /// Runs `body` with the value's bytes.
  package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    try storage.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  private var first: UInt8 { storage[range.lowerBound] }

  /// True for `null`.
  public var isNull: Bool { first == UInt8(ascii: "n") }
  /// True for an object.
  public var isObject: Bool { first == UInt8(ascii: "{") }
  /// True for an array.
  public var isArray: Bool { first == UInt8(ascii: "[") }
  /// True for a string.
  public var isString: Bool { first == UInt8(ascii: "\"") }
  /// True for a number.
  public var isNumber: Bool { first == UInt8(ascii: "-") || (0x30...0x39).contains(first) }

  /// The value of `true` or `false`; nil for any other value.
  public var bool: Bool? {
    switch first {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// The number if it is whole and fits an `Int`: `12`, `-3`, also `1.2e1`; otherwise nil.
  public var int: Int? {
    guard isNumber else { return nil }
    var index = range.lowerBound
    let isNegative = storage[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var value = 0
    while index < range.upperBound {
      let byte = storage[index]
      guard (0x30...0x39).contains(byte) else {
        return double.flatMap { Int(exactly: $0) }
      }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.subtractingReportingOverflow(Int(byte - 0x30))
      guard !overflow, !overflow2 else { return nil }
      value = sum
      index += 1
    }
    // Computed as a negative number, because Int.min has no positive counterpart.
    if isNegative { return value }
    return value == Int.min ? nil : -value
  }

  /// The double nearest to the number; nil for any other value and for a number too large for a double.
  public var double: Double? {
    guard isNumber, range.count < 400 else { return nil }
    return withBytes { bytes in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { text in
        for (index, byte) in bytes.enumerated() { text[index] = CChar(bitPattern: byte) }
        text[bytes.count] = 0
        let value = strtod(text.baseAddress!, nil)
        return value.isFinite ? value : nil
      }
    }
  }

  /// The string with its escapes resolved, a lone surrogate as U+FFFD; nil for any other value.
  public var string: String? {
    guard isString else { return nil }
    return withBytes { JSONText.decode(string: $0) }
  }

  /// True for the string `text`, whatever escapes it is written with.
  public func equals(_ text: StaticString) -> Bool {
    equals(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// True for the string `text`, whatever escapes it is written with.
  func equals(contentsOf text: String) -> Bool {
    var text = text
    return text.withUTF8 { equals($0) }
  }

  private func equals(_ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
    guard isString else { return false }
    return withBytes { bytes in
      let inner = UnsafeBufferPointer(rebasing: bytes[1..<bytes.count - 1])
      if inner.elementsEqual(wanted) { return true }
      return inner.contains(UInt8(ascii: "\\")) && JSONText.unescape(inner).utf8.elementsEqual(wanted)
    }
  }

  /// Calls `body` with each element of an array in order; does nothing for any other value.
  /// - Throws: what `body` throws.
  public func forEachElement(_ body: (JSONText) throws(Failure) -> Void) throws(Failure) {
    guard isArray else { return }
    var position = range.lowerBound + 1
    while let (value, next) = try element(at: position, close: UInt8(ascii: "]")) {
      try body(JSONText(storage, value))
      position = next
    }
  }

  /// Calls `body` with each key (a string as written) and value of an object in order; does nothing for any other
  /// value.
  /// - Throws: what `body` throws.
  public func forEachField(_ body: (JSONText, JSONText) throws(Failure) -> Void) throws(Failure) {
    guard isObject else { return }
    var position = range.lowerBound + 1
    while let (key, afterKey) = try element(at: position, close: UInt8(ascii: "}")) {
      guard let (value, next) = try element(at: afterKey, close: 0) else { return }
      try body(JSONText(storage, key), JSONText(storage, value))
      position = next
    }
  }

  /// The value of an object's first key `key`; nil if it has none, and for any other value.
  public subscript(key: StaticString) -> JSONText? {
    var found: JSONText?
    try? forEachField { (name, value) throws(Failure) in
      if found == nil, name.equals(key) { found = value }
    }
    return found
  }

  /// The value at or after `position`, past white space and one ',' or ':', and where it ends; nil at `close`.
  private func element(at position: Int, close: UInt8) throws(Failure) -> (Range<Int>, Int)? {
    try storage.scan(at: position) { (scanner) throws(Failure) in
      scanner.skipSpace()
      if scanner.current == UInt8(ascii: ",") || scanner.current == UInt8(ascii: ":") {
        scanner.position += 1
        scanner.skipSpace()
      }
      if scanner.current == close { return nil }
      let start = scanner.position
      try scanner.skipValue()
      return (start..<scanner.position, scanner.position)
    }
  }

  /// The value with all that is in it, in one walk.
  func decoded() throws(Failure) -> JSONValue {
    try storage.scan(at: range.lowerBound) { (scanner) throws(Failure) in try scanner.decodeValue() }
  }

  /// The text of a string as it was written, quotes and all.
  static func decode(string bytes: UnsafeBufferPointer<UInt8>) -> String {
    let inner = UnsafeBufferPointer(rebasing: bytes[1..<bytes.count - 1])
    guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
    return unescape(inner)
  }

  private static func unescape(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var units: [UInt16] = []
    var text = ""
    var index = 0
    func flush() {
      text += String(decoding: units, as: UTF16.self)
      units.removeAll()
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\") else {
        flush()
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\\") { index += 1 }
        text += String(decoding: bytes[start..<index], as: UTF8.self)
        continue
      }
      let escape = bytes[index + 1]
      index += 2
      switch escape {
      case UInt8(ascii: "u"):
        // Collected as UTF-16, so that the two escapes of a surrogate pair make one character.
        units.append((0..<4).reduce(0) { $0 << 4 | (JSONScanner.hexValue(bytes[index + $1]) ?? 0) })
        index += 4
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0C)
      case UInt8(ascii: "n"): units.append(0x0A)
      case UInt8(ascii: "r"): units.append(0x0D)
      case UInt8(ascii: "t"): units.append(0x09)
      default: units.append(UInt16(escape))
      }
    }
    flush()
    return text
  }
}

extension [UInt8] {
  /// Runs `body` with a scanner over the array's bytes.
  func scan<Result>(
    at position: Int = 0, _ body: (inout JSONScanner) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let result = withUnsafeBufferPointer { buffer -> Swift.Result<Result, Failure> in
      var scanner = JSONScanner(buffer, at: position)
      do throws(Failure) { return .success(try body(&scanner)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
