import COneDNN
import NetworkModel
import SystemIO

/// Pooling under a window, or over the whole picture.
struct PoolingTrainingLayers: TrainingLayers {
  let context: TrainingContext

  func pooling(
    _ index: Int, _ source: Value, _ maximum: Bool, _ window: Window, _ padding: Padding
  ) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let output = window.results(over: source.dimensions, padding)
    func primitive(_ direction: Primitive.Direction, _ destination: TensorLayout) throws(Failure) -> Primitive
    {
      try Primitive.pooling(
        maximum: maximum, window, padding, direction, source: source.layout, destination: destination, engine)
    }
    let forward = try primitive(.training, .any(output, source.type))
    let layout = try forward.chosenLayout(dnnl_query_dst_md, output)
    let result = try plan.value(layout, source.type)
    // Where each maximum was found.
    var workspace: [(Int, Value)] = []
    if let layout = forward.layout(dnnl_query_workspace_md) {
      workspace = [(Argument.workspace, try plan.value(layout, .uint8))]
    }
    try plan.append(
      node.name, forward, [(Argument.source, source), (Argument.destination, result)] + workspace)
    // The largest value has the largest rectified value, so the rectifier may as well be done on what is left.
    if maximum { tape.takeOverRelu(index) }
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      var gradient = gradient
      if gradient.value.dimensions.count == 2 {
        let pixels = try TensorLayout.channelsLast(output, gradient.value.type)
        gradient.value = try plan.alias(gradient.value.slot, pixels, gradient.value.type)
      }
      let incoming = try tape.arranged(gradient, in: layout, source.type, node.name)
      let outgoing = try plan.value(source.layout, source.type)
      try plan.append(
        node.name + " (backward)", primitive(.backward(forward), layout),
        [(Argument.destinationGradient, incoming.value), (Argument.sourceGradient, outgoing)] + workspace)
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }

  func globalPooling(_ index: Int, _ maximum: Bool) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try tape.input(index)
    let whole = Window(kernel: .init(source.dimensions[2], source.dimensions[3]))
    var result = try pooling(index, source, maximum, whole, .init())
    guard node.shape.count == 1 else { return result }
    result.channelsLast = true
    return try plan.row(result, result.type, node.name)
  }
}
