import COneDNN
import SystemIO

/// Turns a ``InferenceGraph`` into a ``Plan`` for one batch size, one primitive after the other.
///
/// Memory formats are the library's choice: convolutions and products ask for any, and everything else takes what
/// it is given, so that data are reordered only where two choices differ.
struct Planner {
  /// A node's result. A flattened picture keeps its four dimensions until somebody needs them as one row.
  typealias Value = PlanBuilder.Value

  let graph: InferenceGraph
  let builder: PlanBuilder
  let weights: WeightStore
  let numbers: NumberFormats
  var values: [Value?]

  init(
    _ graph: InferenceGraph, batch: Int, _ engine: Engine, _ weights: WeightStore, _ numbers: NumberFormats
  ) {
    self.graph = graph
    self.weights = weights
    self.numbers = numbers
    builder = PlanBuilder(batch: batch, engine)
    values = [Value?](repeating: nil, count: graph.nodes.count)
  }

  /// - Parameter keepsResults: Whether every node's result is to be readable after a run (``Plan/results``).
  static func plan(
    _ graph: InferenceGraph, batch: Int, _ engine: Engine, _ weights: WeightStore, _ numbers: NumberFormats,
    keepsResults: Bool = false
  ) throws(Failure) -> Plan {
    var planner = Planner(graph, batch: batch, engine, weights, numbers)
    var input: Value?
    let needed = graph.needed
    for (index, node) in graph.nodes.enumerated() where needed[index] {
      do throws(Failure) {
        var value = try planner.value(of: node, index)
        value.channelsLast =
          node.inputs.first.flatMap { planner.values[$0]?.channelsLast } ?? !graph.channelsFirst
        if case .flatten(let channelsLast) = node.kind { value.channelsLast = channelsLast }
        planner.values[index] = value
        if keepsResults {
          planner.builder.keep(value)
          planner.builder.plan.results.append((index, value.slot, value.layout))
        }
        if case .input = node.kind { input = value }
      } catch {
        throw error.within("layer \(node.name)")
      }
    }
    guard let input, let last = planner.values[graph.output] else {
      throw Failure(.failed, step: "planning", cause: "the network has no input or no output")
    }
    let name = graph.nodes[graph.output].name
    let output = try planner.row(planner.number(last, as: .float, name), name, .float32)
    return planner.builder.finish(input: input, output: output)
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

  /// oneDNN's dimensions of a Keras shape: batch, channels, height, width; or batch, values.
  func dimensions(_ shape: [Int]) -> [Int] {
    guard shape.count == 3 else { return [builder.batch] + shape }
    return graph.channelsFirst
      ? [builder.batch] + shape : [builder.batch, shape[2], shape[0], shape[1]]
  }

  /// The plain layout of the model's data format.
  func plain(_ dimensions: [Int], _ type: ElementType = .float32) throws(Failure) -> TensorLayout {
    graph.channelsFirst ? try .plain(dimensions, type) : try .channelsLast(dimensions, type)
  }

  /// A value as plain rows of values in Keras's order: [batch, values], of the same type or of `type`.
  func row(_ value: Value, _ name: String, _ type: ElementType? = nil) throws(Failure) -> Value {
    let size = value.dimensions.dropFirst().reduce(1, *)
    let type = type ?? value.layout.type
    let rows = try TensorLayout.plain([builder.batch, size], type)
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

  private func value(of node: InferenceNode, _ index: Int) throws(Failure) -> Value {
    switch node.kind {
    case .input: return try builder.value(plain(dimensions(node.shape)))
    case .flatten: return try input(node)
    case .elementwise(let function):
      return try elementwise(node.name, [function] + node.post, real(node))
    case .affine(let scale, let offset): return try affine(node, index, scale, offset)
    case .convolution(let convolution): return try self.convolution(node, index, convolution)
    case .dense(let units): return try dense(node, index, units)
    case .pooling(let maximum, let window, let padding):
      return try pooling(node, maximum ? input(node) : real(node), maximum, window, padding)
    case .globalPooling(let maximum): return try globalPooling(node, maximum)
    case .softmax: return try softmax(node)
    case .padding(let padding): return try pad(node, padding)
    case .add: return try binary(node, dnnl_binary_add)
    case .multiply: return try binary(node, dnnl_binary_mul)
    case .concatenate: return try concatenate(node, index)
    case .batchNormalization, .dropout:
      throw Failure(.failed, step: "planning", cause: "a step of training is left at inference")
    }
  }
}
