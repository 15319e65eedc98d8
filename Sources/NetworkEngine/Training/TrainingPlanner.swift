import COneDNN
import SystemIO

/// Turns a ``TrainingGraph`` into a ``TrainingPlan`` for one number of pictures.
///
/// Forward first; each node leaves on a tape what its backward part has to do. Memory formats are the library's
/// choice: convolutions and products ask for any, everything else takes what it is given.
final class TrainingPlanner {
  typealias Value = TrainingPlan.Value

  /// The loss's derivative by a node's result.
  struct Gradient {
    var value: Value
    /// True if nobody else reads it, so that it may be changed in place.
    var isExclusive: Bool
  }

  typealias Backward = (Gradient) throws(Failure) -> Void

  let graph: TrainingGraph
  let store: ParameterStore
  let engine: Engine
  let plan: TrainingPlan
  /// The type of activations, and of weights where they are multiplied.
  let type: ElementType
  let threads: Int
  var values: [Value?]
  /// What each node's backward part does with the gradient of its result.
  var tape: [Backward?]
  /// Gradients of results, as far as they are known.
  var gradients: [Gradient?]
  /// The slope of a rectifier in a node's result whose backward part is still to be done when the gradient arrives.
  /// It moves on past layers that keep signs, to where there is less to do.
  var pendingRelu: [Float?]
  /// Weights that have been brought into a layout in this plan, by their offset.
  var staged: [Int: [Value]] = [:]
  /// Parameters whose gradient has a first part already.
  var isGradientBegun: Set<Int> = []

  var count: Int { plan.count }

  private init(
    _ graph: TrainingGraph, _ store: ParameterStore, _ type: ElementType, _ plan: TrainingPlan,
    _ engine: Engine
  ) {
    self.graph = graph
    self.store = store
    self.type = type
    self.plan = plan
    self.engine = engine
    threads = engine.threads > 0 ? engine.threads : max(Int(cdnnl_get_threads()), 1)
    values = .init(repeating: nil, count: graph.nodes.count)
    tape = .init(repeating: nil, count: graph.nodes.count)
    gradients = .init(repeating: nil, count: graph.nodes.count)
    pendingRelu = .init(repeating: nil, count: graph.nodes.count)
  }

  static func plan(
    _ graph: TrainingGraph, _ store: ParameterStore, count: Int, classes: Int, _ type: ElementType,
    _ engine: Engine
  ) throws(Failure) -> TrainingPlan {
    let plan = TrainingPlan(count: count, classes: classes, engine)
    let planner = TrainingPlanner(graph, store, type, plan, engine)
    for index in graph.nodes.indices where graph.nodes[index].isPresent {
      do throws(Failure) {
        try planner.forward(index)
      } catch {
        throw error.within("layer \(graph.nodes[index].name)")
      }
    }
    let logits = graph.logits
    planner.gradients[logits] = try planner.loss(logits, classes)
    for index in graph.nodes.indices.reversed() where graph.nodes[index].needsGradient {
      guard var gradient = planner.gradients[index] else { continue }
      do throws(Failure) {
        gradient = try planner.rectified(gradient, index)
        try planner.tape[index]?(gradient)
      } catch {
        throw error.within("layer \(graph.nodes[index].name)")
      }
      planner.gradients[index] = nil
      planner.tape[index] = nil
    }
    plan.finish()
    return plan
  }

  private func forward(_ index: Int) throws(Failure) {
    let node = graph.nodes[index]
    var value: Value
    switch node.kind {
    case .input:
      value = try plan.value(plain(dimensions(node.shape)), .float32)
      plan.input = value.slot
    case .flatten(let channelsLast):
      value = try flatten(index)
      value.channelsLast = channelsLast
      values[index] = value
      return
    case .elementwise(let function): value = try elementwise(index, function)
    case .affine(let scale, let offset): value = try affine(index, scale, offset)
    case .convolution(let shape): value = try convolution(index, shape)
    case .dense(let units): value = try dense(index, units)
    case .batchNormalization(let epsilon, let momentum):
      value = try batchNormalization(index, epsilon, momentum)
    case .pooling(let maximum, let window, let padding):
      value = try pooling(index, input(index), maximum, window, padding)
    case .globalPooling(let maximum): value = try globalPooling(index, maximum)
    case .softmax: value = try softmax(index)
    case .padding(let padding): value = try pad(index, padding)
    case .add: value = try add(index)
    case .multiply: value = try multiply(index)
    case .concatenate: value = try concatenate(index)
    case .dropout(let rate): value = try dropout(index, rate)
    }
    value.channelsLast =
      node.inputs.first.flatMap { values[$0]?.channelsLast } ?? !graph.channelsFirst
    values[index] = value
  }
}

// MARK: - Shapes and layouts

extension TrainingPlanner {
  func input(_ index: Int, _ position: Int = 0) throws(Failure) -> Value {
    let inputs = graph.nodes[index].inputs
    guard inputs.indices.contains(position), let value = values[inputs[position]] else {
      throw Failure(.failed, step: "planning", cause: "an input is missing")
    }
    return value
  }

  /// oneDNN's dimensions of a Keras shape: count, channels, height, width; or count, values.
  func dimensions(_ shape: [Int]) -> [Int] {
    guard shape.count == 3 else { return [count] + shape }
    return graph.channelsFirst ? [count] + shape : [count, shape[2], shape[0], shape[1]]
  }

  /// The plain layout of the model's data format. With one channel both formats are the same, and the one that the
  /// library looks for is channels first.
  func plain(_ dimensions: [Int], _ type: ElementType = .float32) throws(Failure) -> TensorLayout {
    graph.channelsFirst || (dimensions.count == 4 && dimensions[1] == 1)
      ? try .plain(dimensions, type) : try .channelsLast(dimensions, type)
  }

  /// A value as plain rows of values in Keras's order: [count, values].
  func row(_ value: Value, _ type: ElementType, _ name: String) throws(Failure) -> Value {
    let size = value.dimensions.dropFirst().reduce(1, *)
    let order =
      value.channelsLast
      ? try TensorLayout.channelsLast(value.dimensions, type) : try TensorLayout.plain(value.dimensions, type)
    var ordered = try plan.value(value, in: order, type, name)
    if ordered.dimensions.count == 4 {
      let channelsLast = ordered.channelsLast
      ordered = try plan.alias(ordered.slot, .plain([count, size], type), type)
      ordered.channelsLast = channelsLast
    }
    return ordered
  }

  /// A gradient of rows as one of pictures, or the other way round, to fit `value`.
  private func shaped(_ gradient: Gradient, like value: Value, _ name: String) throws(Failure) -> Gradient {
    let source = gradient.value
    if source.dimensions == value.dimensions { return gradient }
    var ordered = source
    ordered.channelsLast = value.channelsLast
    let rows = try row(ordered, source.type, name)
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
}

// MARK: - Gradients

extension TrainingPlanner {
  func needsGradient(_ index: Int, _ position: Int = 0) -> Bool {
    graph.nodes[graph.nodes[index].inputs[position]].needsGradient
  }

  /// Adds to the gradient of a node's result.
  func contribute(_ gradient: Gradient, to index: Int) throws(Failure) {
    guard graph.nodes[index].needsGradient, let value = values[index] else { return }
    let name = graph.nodes[index].name
    let new = try shaped(gradient, like: value, name)
    guard let old = gradients[index] else {
      gradients[index] = new
      return
    }
    let other = try arranged(new, in: old.value.layout, old.value.type, name)
    let target = try old.isExclusive ? old.value : room(for: other)
    try binary(name, dnnl_binary_add, old.value, other.value, into: target)
    gradients[index] = Gradient(value: target, isExclusive: true)
  }

  /// Adds to the gradient of a node's input.
  func contribute(_ gradient: Gradient, toInputOf index: Int, _ position: Int = 0) throws(Failure) {
    try contribute(gradient, to: graph.nodes[index].inputs[position])
  }

  /// The gradient before the rectifier of a node, if it has one that is still to be done.
  private func rectified(_ gradient: Gradient, _ index: Int) throws(Failure) -> Gradient {
    guard let slope = pendingRelu[index], let value = values[index] else { return gradient }
    let name = graph.nodes[index].name
    let arranged = try arranged(gradient, in: value.layout, value.type, name)
    let target = try room(for: arranged)
    let function = ElementwiseFunction(algorithm: dnnl_eltwise_relu_use_dst_for_bwd, alpha: slope)
    let forward = try elementwisePrimitive(function, value.layout, nil)
    try plan.append(
      name, elementwisePrimitive(function, value.layout, forward),
      [
        (Argument.destination, value), (Argument.destinationGradient, arranged.value),
        (Argument.sourceGradient, target),
      ])
    return Gradient(value: target, isExclusive: true)
  }

  /// Lets the rectifier of the only input be done by this node's gradient.
  func takeOverRelu(_ index: Int) {
    let input = graph.nodes[index].inputs[0]
    guard graph.nodes[input].readers == 1 else { return }
    pendingRelu[index] = pendingRelu[input]
    pendingRelu[input] = nil
  }
}
