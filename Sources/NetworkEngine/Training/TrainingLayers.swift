import SystemIO

/// What the steps of a training plan are made from.
struct TrainingContext {
  let graph: TrainingGraph
  let plan: TrainingPlan
  let engine: Engine
  let parameters: TrainingParameters
  let tape: GradientTape
  /// The type of activations, and of weights where they are multiplied.
  let type: ElementType
  /// Threads that share out loops of our own.
  let threads: Int

  /// oneDNN's dimensions of a Keras shape: count, channels, height, width; or count, values.
  func dimensions(_ shape: [Int]) -> [Int] {
    TensorLayout.dimensions(shape, batch: plan.count, channelsFirst: graph.channelsFirst)
  }

  /// What a node reads as plain floats in Keras's order, for loops of our own, and its shape with the number of
  /// pictures (1 for what is the same for all).
  func natural(_ index: Int, _ position: Int = 0) throws(Failure) -> (value: TrainingPlan.Value, shape: [Int])
  {
    let node = graph.nodes[index]
    let own = graph.nodes[node.inputs[position]]
    let value = try tape.input(index, position)
    let shape = [value.dimensions[0]] + own.shape
    if own.shape.count == 1 { return (try plan.row(value, .float32, node.name), shape) }
    return (try plan.value(value, in: natural(value.dimensions), .float32, node.name), shape)
  }

  /// The layout of plain floats in Keras's order.
  func natural(_ dimensions: [Int]) throws(Failure) -> TensorLayout {
    graph.channelsFirst ? try .plain(dimensions) : try .channelsLast(dimensions)
  }

  /// A gradient as plain floats in Keras's order.
  func natural(_ gradient: Gradient, _ dimensions: [Int], _ name: String) throws(Failure) -> Gradient {
    try tape.arranged(gradient, in: natural(dimensions), .float32, name)
  }

  /// The plain layout of the model's data format. With one channel both formats are the same, and the one that the
  /// library looks for is channels first.
  func plain(_ dimensions: [Int], _ type: ElementType = .float32) throws(Failure) -> TensorLayout {
    graph.channelsFirst || (dimensions.count == 4 && dimensions[1] == 1)
      ? try .plain(dimensions, type) : try .channelsLast(dimensions, type)
  }
}

/// Some kinds of layer in training: their forward steps, which they append at once, and their backward ones, which they
/// leave on the tape.
protocol TrainingLayers {
  typealias Value = TrainingPlan.Value

  var context: TrainingContext { get }
}

extension TrainingLayers {
  var graph: TrainingGraph { context.graph }
  var plan: TrainingPlan { context.plan }
  var engine: Engine { context.engine }
  var parameters: TrainingParameters { context.parameters }
  var tape: GradientTape { context.tape }
}
