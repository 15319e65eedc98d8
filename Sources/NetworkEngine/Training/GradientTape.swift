import COneDNN
import SystemIO

/// The loss's derivative by a node's result.
struct Gradient {
  var value: TrainingPlan.Value
  /// True if nobody else reads it, so that it may be changed in place.
  var isExclusive: Bool
}

/// What the forward part of a plan leaves for the backward one: each node's result, what its backward part does, and
/// the gradients as far as they are known.
final class GradientTape {
  typealias Value = TrainingPlan.Value
  typealias Backward = (Gradient) throws(Failure) -> Void

  private let graph: TrainingGraph
  private let plan: TrainingPlan
  private let engine: Engine
  private(set) var values: [Value?]
  /// What each node's backward part does with the gradient of its result.
  private var backward: [Backward?]
  private var gradients: [Gradient?]
  /// The slope of a rectifier in a node's result whose backward part is still to be done when the gradient arrives.
  /// It moves on past layers that keep signs, to where there is less to do.
  var pendingRelu: [Float?]

  init(_ graph: TrainingGraph, _ plan: TrainingPlan, _ engine: Engine) {
    (self.graph, self.plan, self.engine) = (graph, plan, engine)
    values = .init(repeating: nil, count: graph.nodes.count)
    backward = .init(repeating: nil, count: graph.nodes.count)
    gradients = .init(repeating: nil, count: graph.nodes.count)
    pendingRelu = .init(repeating: nil, count: graph.nodes.count)
  }

  /// Keeps a node's result.
  func keep(_ value: Value, of index: Int) { values[index] = value }

  /// Keeps what a node's backward part does with the gradient of its result.
  func onGradient(of index: Int, _ body: @escaping Backward) { backward[index] = body }

  /// Goes back from a node's gradient through all that it depends on, and forgets what was kept.
  func run(from index: Int, _ gradient: Gradient) throws(Failure) {
    gradients[index] = gradient
    for index in graph.nodes.indices.reversed() where graph.nodes[index].needsGradient {
      guard var gradient = gradients[index] else { continue }
      do throws(Failure) {
        gradient = try rectified(gradient, index)
        try backward[index]?(gradient)
      } catch {
        throw error.within("layer \(graph.nodes[index].name)")
      }
      gradients[index] = nil
    }
    backward = []
  }

  /// What a node reads.
  func input(_ index: Int, _ position: Int = 0) throws(Failure) -> Value {
    let inputs = graph.nodes[index].inputs
    guard inputs.indices.contains(position), let value = values[inputs[position]] else {
      throw Failure(.failed, step: "planning", cause: "an input is missing")
    }
    return value
  }

  /// Whether the gradient of a node's input is wanted.
  func needsGradient(_ index: Int, _ position: Int = 0) -> Bool {
    graph.nodes[graph.nodes[index].inputs[position]].needsGradient
  }

  /// A gradient in `layout`, whose elements are of `type`.
  func arranged(_ gradient: Gradient, in layout: TensorLayout, _ type: ElementType, _ name: String)
    throws(Failure) -> Gradient
  {
    let value = try plan.value(gradient.value, in: layout, type, name)
    return Gradient(value: value, isExclusive: gradient.isExclusive || value.slot != gradient.value.slot)
  }

  /// Room for a changed gradient: itself if it may be overwritten.
  func room(for gradient: Gradient) throws(Failure) -> Value {
    gradient.isExclusive ? gradient.value : try plan.value(gradient.value.layout, gradient.value.type)
  }

  /// Adds to the gradient of a node's input.
  func contribute(_ gradient: Gradient, toInputOf index: Int, _ position: Int = 0) throws(Failure) {
    let input = graph.nodes[index].inputs[position]
    guard graph.nodes[input].needsGradient, let value = values[input] else { return }
    let name = graph.nodes[input].name
    let new = try shaped(gradient, like: value, name)
    guard let old = gradients[input] else {
      gradients[input] = new
      return
    }
    let other = try arranged(new, in: old.value.layout, old.value.type, name)
    let target = try old.isExclusive ? old.value : room(for: other)
    try plan.append(
      name,
      Primitive.binary(dnnl_binary_add, old.value.layout, other.value.layout, target.layout, engine),
      [(Argument.source, old.value), (Argument.source1, other.value), (Argument.destination, target)])
    gradients[input] = Gradient(value: target, isExclusive: true)
  }

  /// Lets the rectifier of the only input be done by this node's gradient.
  func takeOverRelu(_ index: Int) {
    let input = graph.nodes[index].inputs[0]
    guard graph.nodes[input].readers == 1 else { return }
    pendingRelu[index] = pendingRelu[input]
    pendingRelu[input] = nil
  }

  /// A gradient of rows as one of pictures, or the other way round, to fit `value`.
  private func shaped(_ gradient: Gradient, like value: Value, _ name: String) throws(Failure) -> Gradient {
    let source = gradient.value
    if source.dimensions == value.dimensions { return gradient }
    var ordered = source
    ordered.channelsLast = value.channelsLast
    let rows = try plan.row(ordered, source.type, name)
    var result = rows
    if value.dimensions.count == 4 {
      let layout =
        value.channelsLast
        ? try TensorLayout.channelsLast(value.dimensions, source.type)
        : try TensorLayout.plain(value.dimensions, source.type)
      result = try plan.alias(rows.slot, layout, source.type)
    }
    result.channelsLast = value.channelsLast
    return Gradient(value: result, isExclusive: gradient.isExclusive || rows.slot != source.slot)
  }

  /// The gradient before the rectifier of a node, if it has one that is still to be done.
  private func rectified(_ gradient: Gradient, _ index: Int) throws(Failure) -> Gradient {
    guard let slope = pendingRelu[index], let value = values[index] else { return gradient }
    let name = graph.nodes[index].name
    let arranged = try arranged(gradient, in: value.layout, value.type, name)
    let target = try room(for: arranged)
    let function = ElementwiseFunction(algorithm: dnnl_eltwise_relu_use_dst_for_bwd, alpha: slope)
    let forward = try Primitive.elementwise(function, .training, value.layout, engine)
    try plan.append(
      name, Primitive.elementwise(function, .backward(forward), value.layout, engine),
      [
        (Argument.destination, value), (Argument.destinationGradient, arranged.value),
        (Argument.sourceGradient, target),
      ])
    return Gradient(value: target, isExclusive: true)
  }
}
