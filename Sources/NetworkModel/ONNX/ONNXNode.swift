import SystemIO

/// One node of an ONNX graph (`NodeProto`): an operator, the names of what it reads and gives, and its attributes.
struct ONNXNode {
  private(set) var name = ""
  /// The operator's name.
  private(set) var kind = ""
  /// Whose operator it is; empty for ONNX's own.
  private(set) var domain = ""
  /// Names of values; an empty one stands for what is left out.
  private(set) var inputs: [String] = []
  private(set) var outputs: [String] = []
  private(set) var attributes: [String: ONNXAttribute] = [:]

  /// Inputs, outputs or attributes of one node.
  private static let most = 4096

  /// Reads the message at `range`.
  init(_ contents: FileContents, _ range: Range<Int>) throws(Failure) {
    var reader = ProtobufReader(contents, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: inputs.append(try field.text(contents))
      case 2: outputs.append(try field.text(contents))
      case 3: name = try field.text(contents)
      case 4: kind = try field.text(contents)
      case 5:
        let attribute = try ONNXAttribute(contents, field.range)
        attributes[attribute.name] = attribute
      case 7: domain = try field.text(contents)
      default: break
      }
      guard max(inputs.count, outputs.count, attributes.count) <= Self.most else {
        throw ProtobufReader.damaged("a node of more than \(Self.most) inputs, outputs or attributes")
      }
    }
    if domain == "ai.onnx" { domain = "" }
  }

  /// What messages call it: `Conv_3 (Conv)`; a node without a name by the first value that it gives.
  var label: String { "\(name.isEmpty ? outputs.first ?? "" : name) (\(kind))" }
}

/// An attribute of a node (`AttributeProto`).
struct ONNXAttribute {
  private(set) var name = ""
  private(set) var float: Float?
  private(set) var integer: Int?
  private(set) var text: String?
  private(set) var tensor: ONNXTensorData?
  private(set) var floats: [Float] = []
  private(set) var integers: [Int] = []

  /// Numbers of one attribute that is a list.
  private static let most = 1 << 20

  /// Reads the message at `range`. Graphs and lists of texts are left out: no operator that is supported has them.
  init(_ contents: FileContents, _ range: Range<Int>) throws(Failure) {
    var reader = ProtobufReader(contents, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.text(contents)
      case 2:
        guard case .fixed32(let bits) = field.value else {
          throw ProtobufReader.damaged("the attribute \(name) is no float")
        }
        float = Float(bitPattern: bits)
      case 3: integer = try field.integer
      case 4: text = try? field.text(contents)
      case 5: tensor = try ONNXTensorData(contents, field.range)
      case 7: try field.append(to: &floats, contents, most: Self.most)
      case 8: try field.append(to: &integers, contents, most: Self.most)
      default: break
      }
    }
  }
}
