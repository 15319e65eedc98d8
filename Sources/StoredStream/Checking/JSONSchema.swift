import FrameStream
import SystemIO

/// A JSON Schema (2020-12) as far as the stream's own needs it: what a value must be.
///
/// A keyword that is not known here is refused where the schema is read, so that no rule is passed over in silence.
final class JSONSchema {
  private enum Kind: String {
    case object, array, string, integer, number, boolean, null
  }

  private var kinds: [Kind] = []
  private var constant: String?
  private var choices: [String] = []
  private var minimum: Double?
  private var maximum: Double?
  private var required: [String] = []
  private var properties: [String: JSONSchema] = [:]
  private var additional: JSONSchema?
  private var firstItems: [JSONSchema] = []
  private var items: JSONSchema?
  private var allowsMoreItems = true
  private var itemCounts = 0...Int.max
  private var all: [JSONSchema] = []
  private var alternatives: [JSONSchema] = []
  private var isBase64 = false
  private var condition: (test: JSONSchema, then: JSONSchema)?

  private static let remarks: Set<String> = [
    "$schema", "$id", "$defs", "title", "description", "examples", "default",
  ]

  /// Reads a schema.
  /// - Throws: `Failure` (`badInput`) for a keyword that is not known here.
  convenience init(_ json: JSONValue) throws(Failure) {
    var definitions = Definitions(root: json)
    try self.init(json, &definitions)
  }

  /// Schemas by the names that `$ref` uses, each made once.
  private struct Definitions {
    let root: JSONValue
    var made: [String: JSONSchema] = [:]
  }

  private static func fail(_ cause: String) -> Failure {
    Failure(.badInput, step: "cannot read the schema", cause: cause)
  }

  private static func named(_ reference: String, _ definitions: inout Definitions) throws(Failure)
    -> JSONSchema
  {
    if let schema = definitions.made[reference] { return schema }
    let start = "#/$defs/"
    guard reference.hasPrefix(start),
      let json = definitions.root["$defs"]?[String(reference.dropFirst(start.count))]
    else { throw fail("there is no \(reference)") }
    let schema = try JSONSchema(json, &definitions)
    definitions.made[reference] = schema
    return schema
  }

  private init(_ json: JSONValue, _ definitions: inout Definitions) throws(Failure) {
    func made(_ json: JSONValue) throws(Failure) -> JSONSchema { try JSONSchema(json, &definitions) }
    func list(_ json: JSONValue) throws(Failure) -> [JSONSchema] {
      var schemas: [JSONSchema] = []
      for element in json.array ?? [] { schemas.append(try made(element)) }
      return schemas
    }
    for (keyword, value) in json.object?.fields ?? [] where !Self.remarks.contains(keyword) {
      switch keyword {
      case "type":
        let names = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        kinds = names.compactMap { Kind(rawValue: $0) }
      case "const": constant = Self.text(value)
      case "enum": choices = (value.array ?? []).map { Self.text($0) }
      case "minimum": minimum = value.double
      case "maximum": maximum = value.double
      case "required": required = (value.array ?? []).compactMap(\.string)
      case "properties":
        for (name, property) in value.object?.fields ?? [] { properties[name] = try made(property) }
      case "additionalProperties": additional = try made(value)
      case "prefixItems": firstItems = try list(value)
      case "items":
        if value.bool == false { allowsMoreItems = false } else { items = try made(value) }
      case "minItems": itemCounts = (value.int ?? 0)...itemCounts.upperBound
      case "maxItems": itemCounts = itemCounts.lowerBound...(value.int ?? .max)
      case "allOf": all += try list(value)
      case "oneOf": alternatives = try list(value)
      case "contentEncoding": isBase64 = value.string == "base64"
      // Of Base64 it says the same.
      case "pattern" where json["contentEncoding"]?.string == "base64": break
      case "$ref": all.append(try Self.named(value.string ?? "", &definitions))
      case "if":
        guard let then = json["then"] else { throw Self.fail("\"if\" without \"then\"") }
        condition = (try made(value), try made(then))
      case "then": break
      default: throw Self.fail("the keyword \"\(keyword)\" is not known here")
      }
    }
  }

  /// What is wrong with a value, as a phrase that begins with the value's name; nil if nothing is.
  /// - Parameter name: what the value is called.
  func fault(in value: JSONText, _ name: String) -> String? {
    if !kinds.isEmpty, !kinds.contains(where: { Self.isOf($0, value) }) {
      return "\(name) is not \(kinds.map { Self.words($0) }.joined(separator: " or "))"
    }
    if let constant, Self.text(value) != constant { return "\(name) is not \(constant)" }
    if !choices.isEmpty, !choices.contains(Self.text(value)) {
      return "\(name) is none of \(choices.joined(separator: ", "))"
    }
    if value.isNumber, minimum != nil || maximum != nil {
      guard let number = value.double else { return "\(name) is out of range" }
      if let minimum, number < minimum { return "\(name) is less than \(Self.short(minimum))" }
      if let maximum, number > maximum { return "\(name) is more than \(Self.short(maximum))" }
    }
    if isBase64, let text = value.string, Base64.decode(text) == nil { return "\(name) is not Base64" }
    for schema in all {
      if let fault = schema.fault(in: value, name) { return fault }
    }
    if !alternatives.isEmpty {
      let faults = alternatives.map { $0.fault(in: value, name) }
      guard faults.count(where: { $0 == nil }) == 1 else {
        return faults.compactMap { $0 }.first ?? "\(name) is more than one of its kinds"
      }
    }
    if let condition, condition.test.fault(in: value, name) == nil,
      let fault = condition.then.fault(in: value, name)
    {
      return fault
    }
    return value.isObject ? objectFault(value, name) : value.isArray ? arrayFault(value, name) : nil
  }

  private func objectFault(_ object: JSONText, _ name: String) -> String? {
    guard !required.isEmpty || !properties.isEmpty || additional != nil else { return nil }
    var missing = Set(required)
    var fault: String?
    try? object.forEachField { (key, value) throws(Failure) in
      guard fault == nil, let key = key.string else { return }
      missing.remove(key)
      if let schema = properties[key] ?? additional {
        fault = schema.fault(in: value, "\"\(key.prefix(40))\"" + (name.isEmpty ? "" : " of \(name)"))
      }
    }
    return fault
      ?? missing.min().map { "\"\($0)\"" + (name.isEmpty ? " is missing" : " of \(name) is missing") }
  }

  private func arrayFault(_ array: JSONText, _ name: String) -> String? {
    guard items != nil || !firstItems.isEmpty || itemCounts != 0...Int.max else { return nil }
    var count = 0
    var fault: String?
    try? array.forEachElement { (element) throws(Failure) in
      count += 1
      guard fault == nil else { return }
      let schema = firstItems.indices.contains(count - 1) ? firstItems[count - 1] : items
      if let schema { fault = schema.fault(in: element, "element \(count) of \(name)") }
    }
    if fault == nil, !itemCounts.contains(count) || (!allowsMoreItems && count > firstItems.count) {
      return "\(name) has \(count) elements"
    }
    return fault
  }

  private static func isOf(_ kind: Kind, _ value: JSONText) -> Bool {
    switch kind {
    case .object: value.isObject
    case .array: value.isArray
    case .string: value.isString
    case .integer: value.int != nil
    case .number: value.isNumber
    case .boolean: value.bool != nil
    case .null: value.isNull
    }
  }

  private static func words(_ kind: Kind) -> String {
    switch kind {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .integer: "a whole number of 64 bits"
    case .number: "a number"
    case .boolean: "true or false"
    case .null: "null"
    }
  }

  /// A value by which equal ones are recognized: a string with its escapes resolved, numbers by their value.
  private static func text(_ value: JSONText) -> String {
    (try? JSONValue(value)).map { text($0) } ?? ""
  }

  private static func text(_ value: JSONValue) -> String {
    if let string = value.string { return "\"\(string)\"" }
    if let number = value.double { return short(number) }
    var writer = JSONWriter()
    writer.value(value)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func short(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}
