import SystemIO

/// A JSON value read into memory, for headers and configuration; frames keep theirs as ``JSONText``.
public indirect enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// - Throws: ``Failure`` (`badInput`) naming the first byte that is wrong.
  public init(parsing bytes: UnsafeRawBufferPointer) throws(Failure) {
    try self.init(JSONText(parsing: Array(bytes)))
  }

  public init(_ text: JSONText) throws(Failure) {
    if let bool = text.bool {
      self = .bool(bool)
    } else if text.isNumber {
      self = .number(JSONNumber(text: text.withBytes { String(decoding: $0, as: UTF8.self) }))
    } else if let string = text.string {
      self = .string(string)
    } else if text.isArray {
      var elements: [JSONValue] = []
      try text.forEachElement { (element) throws(Failure) in elements.append(try JSONValue(element)) }
      self = .array(elements)
    } else if text.isObject {
      var fields: [(key: String, value: JSONValue)] = []
      try text.forEachField { (key, value) throws(Failure) in
        fields.append((key.string ?? "", try JSONValue(value)))
      }
      self = .object(JSONObject(fields: fields))
    } else {
      self = .null
    }
  }

  /// The value of an object's key; nil for another value or if there is none.
  public subscript(key: String) -> JSONValue? { object?[key] }

  public var isNull: Bool { if case .null = self { true } else { false } }
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The number if it is whole and fits an `Int`.
  public var int: Int? { if case .number(let value) = self { value.int } else { nil } }
  public var double: Double? { if case .number(let value) = self { value.double } else { nil } }
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
}

/// A number as it was written.
public struct JSONNumber: Sendable {
  public let text: String

  public var int: Int? { Int(text) ?? double.flatMap { Int(exactly: $0) } }
  public var double: Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }
}

/// An object's fields in the order they were written.
public struct JSONObject: Sendable {
  public let fields: [(key: String, value: JSONValue)]

  /// The value of the first field named `key`.
  public subscript(key: String) -> JSONValue? { fields.first { $0.key == key }?.value }
}

extension JSONWriter {
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): self.value(value)
    case .number(let number):
      // Digits as they were written: any number is text that the scanner has accepted.
      if let text = try? JSONText(parsing: Array(number.text.utf8)) { self.value(text) } else { null() }
    case .string(let value): self.value(value)
    case .array(let elements):
      array { writer in for element in elements { writer.value(element) } }
    case .object(let object):
      self.object { writer in
        for field in object.fields {
          writer.key(field.key)
          writer.value(field.value)
        }
      }
    }
  }
}
