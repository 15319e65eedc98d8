import FrameStream
import SystemIO

/// One thing that a layer is called with.
enum KerasArgument {
  /// A tensor of the model: its number in ``KerasCall/tensors``.
  case tensor(Int)
  /// An array of known values.
  case constant(Constant)
  case list([KerasArgument])
  /// A number, a flag, a text, nothing, or a slice.
  case value(JSONValue)

  /// True for Python's None.
  var isNone: Bool { if case .value(.null) = self { true } else { false } }

  /// A known value: an array, or one number.
  var constant: Constant? {
    switch self {
    case .constant(let constant): constant
    case .value(let value): value.double.map { Constant(shape: [], values: [Float($0)]) }
    default: nil
    }
  }
}

/// All arguments of one call of a layer. Whoever reads them takes each, or refuses it by name: what is not understood
/// would change the model's results.
struct KerasCall {
  /// The tensors among them, in the file's order, by the layer and its call that they come from.
  var tensors: [(name: String, call: Int)] = []
  var positional: [KerasArgument] = []
  var named: [(name: String, value: KerasArgument)] = []
  /// `args` and `kwargs` as Keras 3 writes them.
  var source: JSONValue?
  /// How much was read: arguments, and the numbers of constants by sixteens. Nested models' calls are read again for each
  /// call of the model.
  private(set) var work = 0

  /// A call with one tensor, as in a Sequential model.
  static func single() -> KerasCall {
    var call = KerasCall()
    call.tensors = [("", 0)]
    call.positional = [.tensor(0)]
    return call
  }

  /// - Parameter node: An element of `inbound_nodes`: an object with `args` and `kwargs`, or Keras 2's list of
  ///   `["name", call, output, {kwargs}]`.
  init(_ node: JSONValue) throws(Failure) {
    if let fields = node.object?.fields {
      source = node
      for (key, _) in fields where key != "args" && key != "kwargs" {
        throw KerasGraphReader.refuse("its call has \(key), which is not known")
      }
      for argument in node["args"]?.array ?? [] { positional.append(try read(argument)) }
      for (key, value) in node["kwargs"]?.object?.fields ?? [] { named.append((key, try read(value))) }
      return
    }
    // One reference, or a list of them.
    guard let list = node.array else { throw KerasGraphReader.refuse("its call is not understood") }
    let entries = list.first?.string == nil ? list : [node]
    var inputs: [KerasArgument] = []
    for entry in entries {
      guard let parts = entry.array, let name = parts.first?.string, parts.count >= 3 else {
        throw KerasGraphReader.refuse("its call is not understood")
      }
      if name == "_CONSTANT_VALUE" {
        inputs.append(try read(parts[2]))
      } else {
        inputs.append(try tensor(name, parts[1], parts[2]))
      }
      for (key, value) in parts.count > 3 ? parts[3].object?.fields ?? [] : [] {
        named.append((key, try read(value)))
      }
    }
    positional = inputs.count == 1 ? inputs : [.list(inputs)]
  }

  private init() {}

  private mutating func tensor(_ name: String, _ call: JSONValue, _ output: JSONValue) throws(Failure)
    -> KerasArgument
  {
    guard let call = call.int, let output = output.int else {
      throw KerasGraphReader.refuse("the reference to \(name) is not understood")
    }
    guard output == 0 else {
      throw KerasGraphReader.refuse("output \(output) of \(name): only layers of one output are supported")
    }
    tensors.append((name, call))
    return .tensor(tensors.count - 1)
  }

  private mutating func read(_ json: JSONValue) throws(Failure) -> KerasArgument {
    work += 1
    if let list = json.array {
      // Keras 2's keyword arguments name tensors so.
      if list.count == 3, let name = list[0].string, list[1].int != nil, list[2].int != nil, source == nil,
        name != "_CONSTANT_VALUE"
      {
        return try tensor(name, list[1], list[2])
      }
      var elements: [KerasArgument] = []
      for element in list { elements.append(try read(element)) }
      return .list(elements)
    }
    switch json["class_name"]?.string {
    case "__keras_tensor__":
      guard let history = json["config"]?["keras_history"]?.array, history.count == 3,
        let name = history[0].string
      else { throw KerasGraphReader.refuse("a tensor without its origin among the arguments") }
      return try tensor(name, history[1], history[2])
    case "__tensor__", "__numpy__":
      let constant = try Constant(keras: json["config"] ?? .null)
      work += constant.values.count / 16
      return .constant(constant)
    default: return .value(json)
    }
  }
}

extension Constant {
  /// `{"value": nested lists, "dtype": …}`.
  fileprivate init(keras json: JSONValue) throws(Failure) {
    let type = json["dtype"]?.string ?? "float32"
    guard type.contains("float") || type.contains("int") else {
      throw KerasGraphReader.refuse("a constant of type \(type) is not supported")
    }
    guard let value = json["value"] else { throw KerasGraphReader.refuse("a constant without a value") }
    var shape: [Int] = []
    var level = value
    while let list = level.array {
      guard let first = list.first else { throw KerasGraphReader.refuse("a constant without values") }
      shape.append(list.count)
      guard shape.count <= 8 else { throw KerasGraphReader.refuse("a constant of more than 8 sides") }
      level = first
    }
    var values: [Float] = []
    func add(_ value: JSONValue, _ depth: Int) throws(Failure) {
      if depth == shape.count {
        guard let number = value.double else {
          throw KerasGraphReader.refuse("a constant with a value that is no number")
        }
        return values.append(Float(number))
      }
      guard let list = value.array, list.count == shape[depth] else {
        throw KerasGraphReader.refuse("a constant whose rows differ in length")
      }
      for element in list { try add(element, depth + 1) }
    }
    try add(value, 0)
    self.init(shape: shape, values: values)
  }
}
