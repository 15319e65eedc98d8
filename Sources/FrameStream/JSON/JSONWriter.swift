/// Writes JSON text, compact and in the order of the calls.
///
/// It adds the commas; the caller makes keys and values alternate. Memory is kept by ``removeAll()``.
public struct JSONWriter {
  /// The text so far, UTF-8.
  public private(set) var bytes: [UInt8] = []

  /// A writer without text.
  public init() {}

  /// Removes the text and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func separate() {
    switch bytes.last {
    case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): break
    default: bytes.append(UInt8(ascii: ","))
    }
  }

  /// Writes an object with the fields that `body` writes.
  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    body(&self)
    bytes.append(UInt8(ascii: "}"))
  }

  /// Writes an array with the values that `body` writes.
  public mutating func array(_ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "["))
    body(&self)
    bytes.append(UInt8(ascii: "]"))
  }

  /// Writes the key of a field; `key` needs no escapes. The value must follow.
  public mutating func key(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  /// Writes the key of a field, escaped where necessary. The value must follow.
  public mutating func key(_ key: String) {
    value(key)
    bytes.append(UInt8(ascii: ":"))
  }

  /// Writes a whole number.
  public mutating func value(_ value: Int) {
    separate()
    appendASCII(value.description)
  }

  /// Writes the shortest text that reads back as `value`; null for NaN and infinities, which JSON cannot express.
  public mutating func value(_ value: Double) {
    separate()
    appendASCII(value.isFinite ? value.description : "null")
  }

  /// Writes the shortest text that reads back as the same `Float`; null for NaN and infinities.
  public mutating func value(_ value: Float) {
    separate()
    appendASCII(value.isFinite ? value.description : "null")
  }

  /// Writes `true` or `false`.
  public mutating func value(_ value: Bool) {
    separate()
    appendASCII(value ? "true" : "false")
  }

  /// Writes `null`.
  public mutating func null() {
    separate()
    appendASCII("null")
  }

  /// Writes a string, escaped where necessary.
  public mutating func value(_ value: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""): appendASCII("\\\"")
      case UInt8(ascii: "\\"): appendASCII("\\\\")
      case 0x0A: appendASCII("\\n")
      case 0x09: appendASCII("\\t")
      case 0..<0x20, 0x7F:
        let hex = String(byte, radix: 16)
        appendASCII(hex.utf8.count == 1 ? "\\u000" : "\\u00")
        appendASCII(hex)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a value as it was written elsewhere, byte for byte.
  public mutating func value(_ text: JSONText) {
    separate()
    text.withBytes { bytes.append(contentsOf: $0) }
  }

  /// Writes the text of another writer: one value, or several with commas between them.
  public mutating func value(_ other: JSONWriter) {
    separate()
    bytes.append(contentsOf: other.bytes)
  }

  /// Writes those of an object's fields, byte for byte, whose key `isKept`; to be called inside ``object(_:)``.
  package mutating func fields(of object: JSONText, where isKept: (JSONText) -> Bool) {
    try? object.forEachField { (key, value) in
      guard isKept(key) else { return }
      separate()
      key.withBytes { bytes.append(contentsOf: $0) }
      bytes.append(UInt8(ascii: ":"))
      value.withBytes { bytes.append(contentsOf: $0) }
    }
  }

  private mutating func appendASCII(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }
}
