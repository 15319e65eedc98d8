/// A value that ``JSONWriter`` can write as one JSON value.
public protocol JSONWritable {
  /// Writes the value.
  func writeJSON(to writer: inout JSONWriter)
}

/// Whole fields: a key and its value in one call.
extension JSONWriter {
  /// Writes a field; nothing if `value` is nil.
  public mutating func field<Value: JSONWritable>(_ key: StaticString, _ value: Value?) {
    guard let value else { return }
    self.key(key)
    value.writeJSON(to: &self)
  }

  /// Writes a field whose key may need escapes; nothing if `value` is nil.
  public mutating func field<Value: JSONWritable>(_ key: String, _ value: Value?) {
    guard let value else { return }
    self.key(key)
    value.writeJSON(to: &self)
  }

  /// Writes a field, null if `value` is nil.
  public mutating func field<Value: JSONWritable>(_ key: StaticString, orNull value: Value?) {
    self.key(key)
    if let value { value.writeJSON(to: &self) } else { null() }
  }

  /// Writes a field whose key may need escapes, null if `value` is nil.
  public mutating func field<Value: JSONWritable>(_ key: String, orNull value: Value?) {
    self.key(key)
    if let value { value.writeJSON(to: &self) } else { null() }
  }
}

extension Int: JSONWritable {
  public func writeJSON(to writer: inout JSONWriter) { writer.value(self) }
}

extension Double: JSONWritable {
  public func writeJSON(to writer: inout JSONWriter) { writer.value(self) }
}

extension Float: JSONWritable {
  public func writeJSON(to writer: inout JSONWriter) { writer.value(self) }
}

extension Bool: JSONWritable {
  public func writeJSON(to writer: inout JSONWriter) { writer.value(self) }
}

extension String: JSONWritable {
  public func writeJSON(to writer: inout JSONWriter) { writer.value(self) }
}

extension JSONText: JSONWritable {
  public func writeJSON(to writer: inout JSONWriter) { writer.value(self) }
}

extension JSONValue: JSONWritable {
  public func writeJSON(to writer: inout JSONWriter) { writer.value(self) }
}

/// A value that was written before.
extension JSONWriter: JSONWritable {
  public func writeJSON(to writer: inout JSONWriter) { writer.value(self) }
}
