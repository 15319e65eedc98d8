import SystemIO

extension JSONScanner {
  /// Checks and decodes the value at the position, with all that is in it, in one walk.
  mutating func decodeValue(depth: Int = 0) throws(Failure) -> JSONValue {
    switch current {
    case UInt8(ascii: "{"): return .object(JSONObject(fields: try decodeFields(depth)))
    case UInt8(ascii: "["): return .array(try decodeElements(depth))
    case UInt8(ascii: "\""): return .string(try decodeString())
    default:
      let start = position
      try skipValue(depth: depth)
      switch bytes[start] {
      case UInt8(ascii: "t"): return .bool(true)
      case UInt8(ascii: "f"): return .bool(false)
      case UInt8(ascii: "n"): return .null
      default: return .number(JSONNumber(text: String(decoding: bytes[start..<position], as: UTF8.self)))
      }
    }
  }

  private mutating func decodeString() throws(Failure) -> String {
    let start = position
    try skipString()
    return JSONText.decode(string: UnsafeBufferPointer(rebasing: bytes[start..<position]))
  }

  private mutating func decodeElements(_ depth: Int) throws(Failure) -> [JSONValue] {
    var elements: [JSONValue] = []
    guard try enter(depth, close: UInt8(ascii: "]")) else { return elements }
    repeat {
      elements.append(try decodeValue(depth: depth + 1))
    } while try separator(before: UInt8(ascii: "]"))
    return elements
  }

  private mutating func decodeFields(_ depth: Int) throws(Failure) -> [(key: String, value: JSONValue)] {
    var fields: [(key: String, value: JSONValue)] = []
    guard try enter(depth, close: UInt8(ascii: "}")) else { return fields }
    repeat {
      let key = try decodeString()
      skipSpace()
      try expect(UInt8(ascii: ":"), "':'")
      skipSpace()
      fields.append((key, try decodeValue(depth: depth + 1)))
    } while try separator(before: UInt8(ascii: "}"))
    return fields
  }
}
