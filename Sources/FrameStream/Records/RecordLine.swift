import SystemIO

/// The JSON line of a record: kept as it was written, with an index of its top-level fields, and changeable.
///
/// Unknown keys and all numbers keep their bytes. Memory is reused from record to record.
public struct RecordLine {
  private struct Field {
    var key: Range<Int>
    var value: Range<Int>
  }

  /// The line without its newline.
  public private(set) var bytes: [UInt8] = []
  private var fields: [Field] = []
  private var scratch = JSONWriter()

  /// About how many bytes of memory the line holds, whether it uses them or not.
  package var memory: Int {
    bytes.capacity + fields.capacity * MemoryLayout<Field>.stride + scratch.bytes.capacity
  }

  /// An empty line, not yet a record.
  public init() {}

  /// Replaces the line with a copy of `line`.
  /// - Throws: `Failure` (`badInput`) if it is not one valid JSON object, or has a key twice.
  public mutating func assign(_ line: UnsafeBufferPointer<UInt8>) throws(Failure) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: line)
    try index()
  }

  /// Replaces the line with an object whose fields `body` writes.
  public mutating func assign(_ body: (inout JSONWriter) -> Void) {
    scratch.removeAll()
    scratch.object(body)
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: scratch.bytes)
    do throws(Failure) { try index() } catch { preconditionFailure("\(error)") }
  }

  private mutating func index() throws(Failure) {
    fields.removeAll(keepingCapacity: true)
    var found = fields
    fields = []
    try bytes.scan { (scanner) throws(Failure) in
      scanner.skipSpace()
      try scanner.expect(UInt8(ascii: "{"), "an object")
      scanner.skipSpace()
      if scanner.current == UInt8(ascii: "}") {
        scanner.position += 1
      } else {
        repeat {
          let keyStart = scanner.position
          try scanner.skipString()
          let key = keyStart..<scanner.position
          scanner.skipSpace()
          try scanner.expect(UInt8(ascii: ":"), "':'")
          scanner.skipSpace()
          let valueStart = scanner.position
          try scanner.skipValue(depth: 1)
          found.append(Field(key: key, value: valueStart..<scanner.position))
        } while try scanner.separator(before: UInt8(ascii: "}"))
      }
      scanner.skipSpace()
      guard scanner.position == scanner.bytes.count else { throw scanner.failure("more after the object") }
    }
    fields = found
    try refuseRepeatedKeys()
  }

  private func refuseRepeatedKeys() throws(Failure) {
    func repeated(_ key: Range<Int>) -> Failure {
      let name = JSONText(bytes, key).string ?? ""
      return Failure(
        .badInput, step: "not a record", cause: "the key \"\(name.prefix(60))\" appears twice")
    }
    // Keys without escapes are compared as they are written, which allocates nothing.
    if fields.count > 24 || fields.contains(where: { bytes[$0.key].contains(UInt8(ascii: "\\")) }) {
      var seen = Set<String>()
      for field in fields where !seen.insert(JSONText(bytes, field.key).string ?? "").inserted {
        throw repeated(field.key)
      }
      return
    }
    for (position, field) in fields.enumerated() {
      for earlier in fields[..<position] where bytes[earlier.key] == bytes[field.key] {
        throw repeated(field.key)
      }
    }
  }

  /// The line as one value; nil if its object does not begin at the first byte, as the format wants it.
  package var object: JSONText? {
    bytes.first == UInt8(ascii: "{") ? JSONText(bytes, 0..<bytes.count) : nil
  }

  private func fieldIndex(_ key: StaticString) -> Int? {
    fields.firstIndex { JSONText(bytes, $0.key).equals(key) }
  }

  /// True if the first field is named `key`.
  func begins(with key: StaticString) -> Bool { fieldIndex(key) == 0 }

  /// The value of the field named `key`; nil if there is none.
  public subscript(key: StaticString) -> JSONText? {
    fieldIndex(key).map { JSONText(bytes, fields[$0].value) }
  }

  /// Sets a field to the value that `body` writes; a new field is added at the end.
  public mutating func set(_ key: StaticString, _ body: (inout JSONWriter) -> Void) {
    scratch.removeAll()
    if let index = fieldIndex(key) {
      body(&scratch)
      replace(fields[index].value, after: index, valueOf: index)
      return
    }
    scratch.key(key)
    let keyLength = scratch.bytes.count - 1
    // The writer puts no comma after ':', so the value follows the key directly.
    body(&scratch)
    let needsComma = !fields.isEmpty
    guard var close = bytes.lastIndex(of: UInt8(ascii: "}")) else { preconditionFailure("not an object") }
    if needsComma {
      bytes.insert(UInt8(ascii: ","), at: close)
      close += 1
    }
    bytes.insert(contentsOf: scratch.bytes, at: close)
    fields.append(
      Field(
        key: close..<close + keyLength,
        value: close + keyLength + 1..<close + scratch.bytes.count))
  }

  private mutating func replace(_ range: Range<Int>, after index: Int, valueOf field: Int) {
    bytes.replaceSubrange(range, with: scratch.bytes)
    let shift = scratch.bytes.count - range.count
    fields[field].value = range.lowerBound..<range.upperBound + shift
    move(fieldsAfter: index, by: shift)
  }

  private mutating func move(fieldsAfter index: Int, by shift: Int) {
    for later in fields.indices.dropFirst(index + 1) {
      fields[later].key = fields[later].key.shifted(by: shift)
      fields[later].value = fields[later].value.shifted(by: shift)
    }
  }

  /// Removes the field named `key`, if there is one.
  public mutating func remove(_ key: StaticString) {
    guard let index = fieldIndex(key) else { return }
    let range: Range<Int>
    if index > 0 {
      range = fields[index - 1].value.upperBound..<fields[index].value.upperBound
    } else if fields.count > 1 {
      range = fields[0].key.lowerBound..<fields[1].key.lowerBound
    } else {
      range = fields[0].key.lowerBound..<fields[0].value.upperBound
    }
    bytes.removeSubrange(range)
    fields.remove(at: index)
    move(fieldsAfter: index - 1, by: -range.count)
  }
}

extension RecordLine {
  /// Writes characters that a terminal obeys as JSON's escapes: those of the controls that JSON lets stand in strings
  /// (U+007F to U+009F), and those that reverse the direction of writing.
  package mutating func escapeControls() {
    // Below U+0020 a line has only white space between values.
    func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x20 && scalar.controlsTerminals }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.unicodeScalars.contains(where: isControl) else { return }
    var escaped = ""
    for scalar in text.unicodeScalars {
      guard isControl(scalar) else {
        escaped.unicodeScalars.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    // What was valid stays valid: they stand in strings only.
    _ = Array(escaped.utf8).withUnsafeBufferPointer { bytes in
      Result { () throws(Failure) in try assign(bytes) }
    }
  }
}

extension Range<Int> {
  fileprivate func shifted(by shift: Int) -> Range<Int> { lowerBound + shift..<upperBound + shift }
}
