import COneDNN
import NetworkModel
import SystemIO

/// Layers without weights.
struct PlainTrainingLayers: TrainingLayers {
  let context: TrainingContext

  /// The same values under another name: nothing is computed.
  func flatten(_ index: Int) throws(Failure) -> Value {
    tape.takeOverRelu(index)
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      try tape.contribute(gradient, toInputOf: index)
    }
    return try tape.input(index)
  }

  func elementwise(_ index: Int, _ function: ElementwiseFunction) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try tape.input(index)
    let forward = try Primitive.elementwise(function, .training, source.layout, engine)
    let result = try plan.value(source.layout, source.type)
    try plan.append(node.name, forward, [(Argument.source, source), (Argument.destination, result)])
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try tape.arranged(gradient, in: source.layout, source.type, node.name)
      let outgoing = try tape.room(for: incoming)
      try plan.append(
        node.name + " (backward)", Primitive.elementwise(function, .backward(forward), source.layout, engine),
        [
          (Argument.source, source), (Argument.destinationGradient, incoming.value),
          (Argument.sourceGradient, outgoing),
        ])
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }

  /// One scale and offset for all: an elementwise function, in place on the network's input; one a channel: a product
  /// and a sum.
  func affine(_ index: Int, _ scale: [Float], _ offset: [Float]) throws(Failure) -> Value {
    let node = graph.nodes[index]
    if scale.count == 1, offset.count == 1 {
      let function = ElementwiseFunction(algorithm: dnnl_eltwise_linear, alpha: scale[0], beta: offset[0])
      let input = node.inputs[0]
      guard case .input = graph.nodes[input].kind, graph.nodes[input].readers == 1 else {
        return try elementwise(index, function)
      }
      let source = try tape.input(index)
      try plan.append(
        node.name, Primitive.elementwise(function, .training, source.layout, engine),
        [(Argument.source, source), (Argument.destination, source)])
      return source
    }
    var source = try tape.input(index)
    if node.shape.count == 1 { source = try plan.row(source, source.type, node.name) }
    let channels = source.dimensions[1]
    let layout = try TensorLayout.plain(
      [1, channels] + [Int](repeating: 1, count: source.dimensions.count - 2))
    func spread(_ values: [Float]) -> [Float] {
      values.count == 1 ? [Float](repeating: values[0], count: channels) : values
    }
    let factors = try plan.constant(spread(scale), layout)
    let summands = try plan.constant(spread(offset), layout)
    let result = try plan.value(source.layout, source.type)
    func apply(
      _ algorithm: dnnl_alg_kind_t, _ operand: TrainingPlan.Operand, _ source: Value, _ result: Value
    )
      throws(Failure)
    {
      let primitive = try Primitive.binary(algorithm, source.layout, layout, result.layout, engine)
      try plan.append(
        node.name, primitive, [(Argument.source, source), (Argument.destination, result)],
        others: [(Argument.source1, operand)])
    }
    try apply(dnnl_binary_mul, factors, source, result)
    try apply(dnnl_binary_add, summands, result, result)
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try tape.arranged(gradient, in: source.layout, source.type, node.name)
      let outgoing = try tape.room(for: incoming)
      try apply(dnnl_binary_mul, factors, incoming.value, outgoing)
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }

  /// A softmax inside the network.
  func softmax(_ index: Int) throws(Failure) -> Value {
    let node = graph.nodes[index]
    var source = try tape.input(index)
    if node.shape.count == 1 { source = try plan.row(source, source.type, node.name) }
    let forward = try Primitive.softmax(.training, source.layout, engine)
    let result = try plan.value(source.layout, source.type)
    try plan.append(node.name, forward, [(Argument.source, source), (Argument.destination, result)])
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try tape.arranged(gradient, in: source.layout, source.type, node.name)
      let outgoing = try plan.value(source.layout, source.type)
      try plan.append(
        node.name + " (backward)", Primitive.softmax(.backward(forward), source.layout, engine),
        [
          (Argument.destination, result), (Argument.destinationGradient, incoming.value),
          (Argument.sourceGradient, outgoing),
        ])
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }

  /// Zeros around a picture: all is cleared, then the picture is copied into the middle, and back from there.
  func pad(_ index: Int, _ padding: Padding) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try tape.input(index)
    let whole = try context.plain(context.dimensions(node.shape), source.type)
    let middle = try whole.part(source.dimensions, at: [0, 0, padding.top, padding.left])
    let result = try plan.value(whole, source.type)
    plan.append(node.name, .clear(slot: result.slot), touching: [result.slot])
    try plan.append(
      node.name, Primitive.reorder(source.layout, middle, engine),
      [(Argument.source, source), (Argument.destination, plan.alias(result.slot, middle, source.type))])
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try tape.arranged(
        gradient, in: context.plain(context.dimensions(node.shape), source.type), source.type, node.name)
      let middle = try incoming.value.layout.part(source.dimensions, at: [0, 0, padding.top, padding.left])
      let outgoing = try plan.value(source.layout, source.type)
      try plan.append(
        node.name + " (backward)", Primitive.reorder(middle, source.layout, engine),
        [
          (Argument.source, plan.alias(incoming.value.slot, middle, source.type)),
          (Argument.destination, outgoing),
        ])
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }
}
