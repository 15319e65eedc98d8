import SystemIO

/// A node with the values that it reads.
struct ONNXCall {
  let node: ONNXNode
  /// Nil for those that are left out.
  let inputs: [ONNXValue?]
  /// The version of ONNX's operators that the file is written for.
  let operatorSet: Int
  let files: ONNXExternalData

  /// The most axes of a value.
  static let mostAxes = 8
  /// Characters of a message: a hostile file may have a list of any length in it.
  private static let longestCause = 400

  /// A refusal of the node as it is.
  func refusal(_ cause: String) -> Failure {
    Failure(
      .badInput, step: "reading ONNX",
      cause: cause.utf8.count > Self.longestCause ? "\(cause.prefix(Self.longestCause))…" : cause)
  }

  /// Refuses values of too many axes: the time for a value's shape grows with their number.
  func checkRank(_ count: Int) throws(Failure) {
    guard count <= Self.mostAxes else {
      throw refusal("a value of \(count) axes, more than \(Self.mostAxes)")
    }
  }

  /// The input at `index`.
  func value(_ index: Int = 0) throws(Failure) -> ONNXValue {
    guard let value = optional(index) else { throw refusal("input \(index) is missing") }
    return value
  }

  /// The input at `index`; nil if it is left out.
  func optional(_ index: Int) -> ONNXValue? { inputs.indices.contains(index) ? inputs[index] : nil }

  /// An input that depends on the picture.
  func computed(_ index: Int = 0) throws(Failure) -> ONNXComputed {
    guard case .computed(let value) = try value(index) else {
      throw refusal("input \(index) is a constant, which is not supported")
    }
    return value
  }

  /// An input that does not depend on the picture.
  func known(_ index: Int) throws(Failure) -> ONNXTensor {
    guard case .known(let tensor) = try value(index) else {
      throw refusal("input \(index) depends on the picture: only constants are supported")
    }
    return tensor
  }

  /// Floats that do not depend on the picture.
  func floats(_ index: Int) throws(Failure) -> (shape: [Int], values: [Float]) {
    let tensor = try known(index)
    guard let values = tensor.floats else { throw refusal("input \(index) has whole numbers, not floats") }
    return (tensor.shape, values)
  }

  /// Whole numbers that do not depend on the picture; nil if the input is left out.
  func integers(_ index: Int) throws(Failure) -> [Int]? {
    guard optional(index) != nil else { return nil }
    guard let values = try known(index).integers else {
      throw refusal("input \(index) has floats, not whole numbers")
    }
    return values
  }

  /// The attribute `name`, a whole number.
  func integer(_ name: String, else standard: Int) -> Int { node.attributes[name]?.integer ?? standard }

  /// The attribute `name`, a whole number from 0 to 1: a choice.
  func flag(_ name: String, else standard: Bool = false) -> Bool {
    node.attributes[name]?.integer.map { $0 != 0 } ?? standard
  }

  /// The attribute `name`, a float.
  func float(_ name: String, else standard: Float) -> Float { node.attributes[name]?.float ?? standard }

  /// The attribute `name`, a text.
  func text(_ name: String, else standard: String) -> String { node.attributes[name]?.text ?? standard }

  /// The attribute `name`, whole numbers; nil if the node has none.
  func list(_ name: String) -> [Int]? { node.attributes[name]?.integers }

  /// The attribute `name` as two numbers from `range`, `standard` if the node has none.
  func pair(_ name: String, _ range: ClosedRange<Int>, else standard: Int) throws(Failure) -> Window.Pair {
    guard let values = list(name) else { return .init(standard, standard) }
    guard values.count == 2, values.allSatisfy(range.contains) else {
      throw refusal("\(name) \(values) are not two numbers from \(range.lowerBound) to \(range.upperBound)")
    }
    return .init(values[0], values[1])
  }

  /// Axes by an attribute, or an input since version `since`; nil if neither is there.
  func axes(_ name: String = "axes", input: Int, since: Int) throws(Failure) -> [Int]? {
    operatorSet >= since ? try integers(input) : list(name)
  }

  /// An axis of `rank`, counted from the end if it is negative.
  func axis(_ axis: Int, _ rank: Int) throws(Failure) -> Int {
    guard axis >= -rank, axis < rank else { throw refusal("axis \(axis) is not one of \(rank)") }
    return axis < 0 ? axis + rank : axis
  }

  /// Several axes, all different.
  func axes(_ axes: [Int], _ rank: Int) throws(Failure) -> [Int] {
    var result: [Int] = []
    for axis in axes { result.append(try self.axis(axis, rank)) }
    guard Set(result).count == result.count else { throw refusal("axes \(axes) name one twice") }
    return result
  }
}

/// Operators of one kind, as layers.
protocol ONNXOperators {
  var layers: ONNXLayers { get }

  /// What a node gives; nil if its operator is none of these.
  /// - Throws: ``Failure`` (`badInput`) if it is used in a way that is not supported.
  func values(_ call: ONNXCall) throws(Failure) -> [ONNXValue]?
}
