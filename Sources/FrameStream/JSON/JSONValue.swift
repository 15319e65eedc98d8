import SystemIO

/// A JSON value decoded into memory, for headers and configuration; frames keep theirs as ``JSONText``.
public indirect enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Parses one JSON value.
  /// - Throws: `Failure` (`badInput`) naming the first wrong byte.
  public init(parsing bytes: UnsafeRawBufferPointer) throws(Failure) {
    try self.init(JSONText(parsing: Array(bytes)))
  }

  /// Decodes a value.
  /// - Throws: `Failure` never in practice: the text is known to be valid.
  public init(_ text: JSONText) throws(Failure) {
    self = try text.decoded()
  }

  /// The value that ``JSONWriter`` writes for a number, a list or whatever else; null for a number that is not finite.
  public init(writing value: some JSONWritable) {
    var writer = JSONWriter()
    value.writeJSON(to: &writer)
    self = (try? JSONText(parsing: writer.bytes)).flatMap { try? JSONValue($0) } ?? .null
  }

  /// The value of an object's key; nil if it has none, and for any other value.
  public subscript(key: String) -> JSONValue? { object?[key] }

  /// True for `null`.
  public var isNull: Bool { if case .null = self { true } else { false } }
  /// The Boolean; nil for any other value.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The number if it is whole and fits an `Int`; otherwise nil.
  public var int: Int? { if case .number(let value) = self { value.int } else { nil } }
  /// The number as a finite double; nil for any other value.
  public var double: Double? { if case .number(let value) = self { value.double } else { nil } }
  /// The string; nil for any other value.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The elements of an array; nil for any other value.
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  /// The object; nil for any other value.
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
}

/// A number as it was written.
public struct JSONNumber: Sendable {
  /// The digits, sign, point and exponent.
  public let text: String

  /// The number if it is whole and fits an `Int`; otherwise nil.
  public var int: Int? { Int(text) ?? double.flatMap { Int(exactly: $0) } }
  /// The nearest double; nil if that is not finite.
  public var double: Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }
}

/// An object's fields in the order they were written.
public struct JSONObject: Sendable {
  /// The keys and values.
  public let fields: [(key: String, value: JSONValue)]
  /// The first place of each key, in an object of many.
  private let places: [String: Int]?

  /// The most keys that are looked for one after the other.
  private static let few = 16

  /// An object with these fields.
  public init(fields: [(key: String, value: JSONValue)]) {
    self.fields = fields
    places =
      fields.count <= Self.few
      ? nil
      : Dictionary(
        fields.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The value of the first field named `key`; nil if there is none.
  public subscript(key: String) -> JSONValue? {
    guard let places else { return fields.first { $0.key == key }?.value }
    return places[key].map { fields[$0].value }
  }
}
