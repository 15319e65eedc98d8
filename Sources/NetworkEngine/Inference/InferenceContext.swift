import SystemIO

/// What the steps of an inference plan are made from, and the results of the nodes so far.
final class InferenceContext {
  /// A node's result. A flattened picture keeps its four dimensions until somebody needs them as one row.
  typealias Value = PlanBuilder.Value

  let graph: InferenceGraph
  let builder: PlanBuilder
  let weights: WeightStore
  let numbers: NumberFormats
  /// Convolutions that are computed together.
  let separable: SeparableConvolutions
  /// Each node's result; nil before it is planned.
  var values: [Value?]

  init(
    _ graph: InferenceGraph, batch: Int, _ engine: Engine, _ weights: WeightStore, _ numbers: NumberFormats,
    keepsResults: Bool = false
  ) {
    self.graph = graph
    separable = keepsResults ? SeparableConvolutions() : numbers.separable
    self.weights = weights
    self.numbers = numbers
    builder = PlanBuilder(batch: batch, engine)
    values = [Value?](repeating: nil, count: graph.nodes.count)
  }

  /// What the node reads, in whatever numbers it is kept.
  func input(_ node: InferenceNode, _ index: Int = 0) throws(Failure) -> Value {
    guard node.inputs.indices.contains(index), let value = values[node.inputs[index]] else {
      throw Failure(.failed, step: "planning", cause: "an input is missing")
    }
    return value
  }

  /// What the node reads, as floating-point numbers.
  func real(_ node: InferenceNode, _ index: Int = 0) throws(Failure) -> Value {
    let value = try input(node, index)
    return value.format.isInteger ? try number(value, as: .float, node.name) : value
  }

  /// The same values in other numbers: themselves, or a copy.
  func number(_ value: Value, as format: NumberFormat, _ name: String) throws(Failure) -> Value {
    if value.format == format { return value }
    let layout: TensorLayout =
      graph.channelsFirst && !format.isInteger
      ? try .plain(value.dimensions, format.type) : try .channelsLast(value.dimensions, format.type)
    return try builder.value(value, in: layout, name, scale: format.scale)
  }

  /// What the node reads as plain floats in Keras's order, for loops of our own, and its shape with the batch (1 for
  /// what is the same for every picture).
  func natural(_ node: InferenceNode, _ index: Int = 0) throws(Failure) -> (value: Value, shape: [Int]) {
    let own = graph.nodes[node.inputs[index]]
    let value = try number(input(node, index), as: .float, node.name)
    let count = value.dimensions[0]
    if own.shape.count == 3 {
      return (try builder.value(value, in: plain(value.dimensions), node.name), [count] + own.shape)
    }
    return (
      value.dimensions.count == 2 ? try row(value, node.name) : try ordered(value, node.name),
      [count] + own.shape
    )
  }

  /// A value that is no picture: a flattened one in the order of its row, or as it lies.
  private func ordered(_ value: Value, _ name: String) throws(Failure) -> Value {
    value.dimensions.count == 4
      ? try row(value, name) : try builder.value(value, in: .plain(value.dimensions), name)
  }

  /// Room for a node's result as plain floats in Keras's order.
  func naturalResult(_ node: InferenceNode) throws(Failure) -> Value {
    try builder.value(plain(dimensions(node.shape)))
  }

  /// oneDNN's dimensions of a Keras shape: batch, channels, height, width; or batch, values.
  func dimensions(_ shape: [Int]) -> [Int] {
    TensorLayout.dimensions(shape, batch: builder.batch, channelsFirst: graph.channelsFirst)
  }

  /// The plain layout of the model's data format.
  func plain(_ dimensions: [Int], _ type: ElementType = .float32) throws(Failure) -> TensorLayout {
    graph.channelsFirst ? try .plain(dimensions, type) : try .channelsLast(dimensions, type)
  }

  /// A value as plain rows of values in Keras's order: [batch, values], of the same type or of `type`.
  func row(_ value: Value, _ name: String, _ type: ElementType? = nil) throws(Failure) -> Value {
    let size = value.dimensions.dropFirst().reduce(1, *)
    let type = type ?? value.layout.type
    let rows = try TensorLayout.plain([value.dimensions[0], size], type)
    let order =
      value.channelsLast
      ? try TensorLayout.channelsLast(value.dimensions, type)
      : try TensorLayout.plain(value.dimensions, type)
    let inOrder = try builder.value(value, in: order, name)
    if inOrder.dimensions.count == 2 { return inOrder }
    var result = try builder.alias(inOrder.slot, rows)
    result.scale = inOrder.scale
    return result
  }
}

/// Some kinds of layer at inference: they append the steps that make a node's result.
protocol InferenceLayers {
  typealias Value = InferenceContext.Value

  var context: InferenceContext { get }
}

extension InferenceLayers {
  var builder: PlanBuilder { context.builder }
  var engine: Engine { context.builder.engine }
  var numbers: NumberFormats { context.numbers }
}
