/// Writes JSON text, compact and in the order of the calls.
///
/// It puts the commas; that keys and values alternate and brackets match is the caller's part.
public struct JSONWriter {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// Forgets what was written and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func separate() {
    switch bytes.last {
    case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): break
    default: bytes.append(UInt8(ascii: ","))
    }
  }

  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    body(&self)
    bytes.append(UInt8(ascii: "}"))
  }

  public mutating func array(_ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "["))
    body(&self)
    bytes.append(UInt8(ascii: "]"))
  }

  public mutating func key(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  public mutating func key(_ key: String) {
    value(key)
    bytes.append(UInt8(ascii: ":"))
  }

  public mutating func value(_ value: Int) {
    separate()
    appendASCII(value.description)
  }

  /// The shortest text that reads back as `value`; null for NaN and infinities, which JSON has not.
  public mutating func value(_ value: Double) {
    separate()
    appendASCII(value.isFinite ? value.description : "null")
  }

  /// The shortest text that reads back as the same `Float`; null for NaN and infinities.
  public mutating func value(_ value: Float) {
    separate()
    appendASCII(value.isFinite ? value.description : "null")
  }

  public mutating func value(_ value: Bool) {
    separate()
    appendASCII(value ? "true" : "false")
  }

  public mutating func null() {
    separate()
    appendASCII("null")
  }

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

  /// A value as it was written elsewhere.
  public mutating func value(_ text: JSONText) {
    separate()
    text.withBytes { bytes.append(contentsOf: $0) }
  }

  /// `[numerator,denominator]`.
  public mutating func value(_ fraction: Rational) {
    array {
      $0.value(fraction.numerator)
      $0.value(fraction.denominator)
    }
  }

  /// The text that another writer has put together: one value.
  public mutating func value(_ other: JSONWriter) {
    separate()
    bytes.append(contentsOf: other.bytes)
  }

  /// An object's fields as they were written, but for those whose key is `dropped`; inside ``object(_:)``.
  public mutating func fields(of object: JSONText, without dropped: [StaticString] = []) {
    try? object.forEachField { (key, value) in
      if dropped.contains(where: { key.equals($0) }) { return }
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
