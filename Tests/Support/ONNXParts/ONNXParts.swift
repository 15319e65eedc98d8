/// An ONNX file in the making: nodes, tensors, an input and outputs, written as protobufs by hand.
package struct ONNXParts {
  /// What a node's attribute holds.
  package enum Attribute {
    case integer(Int)
    case float(Float)
    case text(String)
    case integers([Int])
    case floats([Float])
    case tensor([UInt8])
  }

  /// The graph's fields so far.
  package var graph: [UInt8] = []
  private var number = 0

  /// An empty graph.
  package init() {}

  // MARK: Protobufs

  /// A number of seven bits a byte.
  package static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// A field that is a whole number.
  package static func field(_ number: Int, _ value: Int) -> [UInt8] {
    varint(UInt64(number) << 3) + varint(UInt64(bitPattern: Int64(value)))
  }

  /// A field that is a message or bytes.
  package static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
    varint(UInt64(number) << 3 | 2) + varint(UInt64(bytes.count)) + bytes
  }

  /// A field that is a text.
  package static func field(_ number: Int, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

  private static func little(_ value: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  // MARK: Messages

  /// A tensor of floats.
  package static func tensor(_ name: String, _ shape: [Int], _ values: [Float]) -> [UInt8] {
    shape.flatMap { field(1, $0) } + field(2, 1) + field(8, name) + field(9, values.flatMap(little))
  }

  /// A tensor of 64-bit whole numbers.
  package static func tensor(_ name: String, _ shape: [Int], integers: [Int]) -> [UInt8] {
    let bytes = integers.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    return shape.flatMap { field(1, $0) } + field(2, 7) + field(8, name) + field(9, bytes)
  }

  private static func attribute(_ name: String, _ value: Attribute) -> [UInt8] {
    switch value {
    case .integer(let number): field(1, name) + field(3, number) + field(20, 2)
    case .float(let number): field(1, name) + varint(2 << 3 | 5) + little(number) + field(20, 1)
    case .text(let text): field(1, name) + field(4, text) + field(20, 3)
    case .integers(let numbers): field(1, name) + numbers.flatMap { field(8, $0) } + field(20, 7)
    case .floats(let numbers):
      field(1, name) + numbers.flatMap { varint(7 << 3 | 5) + little($0) } + field(20, 6)
    case .tensor(let bytes): field(1, name) + field(5, bytes) + field(20, 4)
    }
  }

  /// A graph's input or output; a nil side is free. `type` is 1 for floats.
  package static func value(_ name: String, _ shape: [Int?], type: Int = 1) -> [UInt8] {
    let sides = shape.flatMap { side in
      field(1, side.map { field(1, $0) } ?? field(2, "free"))
    }
    return field(1, name) + field(2, field(1, field(1, type) + field(2, sides)))
  }

  // MARK: Building

  /// Appends a node.
  package mutating func node(
    _ kind: String, _ inputs: [String], _ outputs: [String], _ attributes: [String: Attribute] = [:],
    name: String = "", domain: String = ""
  ) {
    var body = inputs.flatMap { Self.field(1, $0) } + outputs.flatMap { Self.field(2, $0) }
    if !name.isEmpty { body += Self.field(3, name) }
    body += Self.field(4, kind)
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
      body += Self.field(5, Self.attribute(name, value))
    }
    if !domain.isEmpty { body += Self.field(7, domain) }
    graph += Self.field(1, body)
  }

  /// Appends a tensor of floats; returns its name.
  package mutating func constant(_ shape: [Int], _ values: [Float]) -> String {
    number += 1
    graph += Self.field(5, Self.tensor("c\(number)", shape, values))
    return "c\(number)"
  }

  /// Appends a row of whole numbers; returns its name.
  package mutating func integers(_ values: [Int], shape: [Int]? = nil) -> String {
    number += 1
    graph += Self.field(5, Self.tensor("c\(number)", shape ?? [values.count], integers: values))
    return "c\(number)"
  }

  /// Appends the graph's input.
  package mutating func input(_ name: String, _ shape: [Int?], type: Int = 1) {
    graph += Self.field(11, Self.value(name, shape, type: type))
  }

  /// Appends an output, whose shape is not told.
  package mutating func output(_ name: String) {
    graph += Self.field(12, Self.field(1, name) + Self.field(2, Self.field(1, Self.field(1, 1))))
  }

  /// The whole file.
  package func file(operatorSet: Int = 13, version: Int = 8) -> [UInt8] {
    Self.field(1, version) + Self.field(2, "fm") + Self.field(7, graph + Self.field(2, "test"))
      + Self.field(8, Self.field(2, operatorSet))
  }

  /// A file of one node: input `x`, then constants, output `y`.
  package static func file(
    _ kind: String, _ shape: [Int?], operatorSet: Int = 13, outputs: Int = 1,
    _ attributes: [String: Attribute] = [:],
    _ constants: (inout ONNXParts) -> [String] = { _ in [] }
  ) -> [UInt8] {
    var parts = ONNXParts()
    parts.input("x", shape)
    let names = outputs == 1 ? ["y"] : (0..<outputs).map { "y\($0)" }
    for name in names { parts.output(name) }
    let inputs = ["x"] + constants(&parts)
    parts.node(kind, inputs, names, attributes, name: "the_node")
    return parts.file(operatorSet: operatorSet)
  }
}
