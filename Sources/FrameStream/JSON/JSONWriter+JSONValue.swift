extension JSONWriter {
  /// Writes a decoded value; numbers keep their digits.
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): self.value(value)
    case .number(let number):
      // The scanner has accepted the digits before, so they are valid.
      if let text = try? JSONText(parsing: Array(number.text.utf8)) { self.value(text) } else { null() }
    case .string(let value): self.value(value)
    case .array(let elements):
      array { writer in for element in elements { writer.value(element) } }
    case .object(let object):
      self.object { writer in
        for field in object.fields { writer.field(field.key, field.value) }
      }
    }
  }
}
