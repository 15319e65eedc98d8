import COneDNN
import NetworkModel
import SystemIO

// Layers without weights.
extension TrainingPlanner {
  /// The same values under another name: nothing is computed.
  func flatten(_ index: Int) throws(Failure) -> Value {
    takeOverRelu(index)
    tape[index] = { [self] (gradient: Gradient) throws(Failure) in
      try contribute(gradient, toInputOf: index)
    }
    return try input(index)
  }

  func elementwisePrimitive(_ function: ElementwiseFunction, _ layout: TensorLayout, _ forward: Primitive?)
    throws(Failure) -> Primitive
  {
    try Primitive.make("elementwise function") {
      cdnnl_eltwise_training_create(
        $0, engine.engine, forward?.native, function.algorithm, function.alpha, function.beta, layout.native,
        $1)
    }
  }

  func elementwise(_ index: Int, _ function: ElementwiseFunction) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try input(index)
    let forward = try elementwisePrimitive(function, source.layout, nil)
    let result = try plan.value(source.layout, source.type)
    try plan.append(node.name, forward, [(Argument.source, source), (Argument.destination, result)])
    tape[index] = { [self] (gradient: Gradient) throws(Failure) in
      let known = try arranged(gradient, in: source.layout, source.type, node.name)
      let made = try room(for: known)
      try plan.append(
        node.name + " (backward)", elementwisePrimitive(function, source.layout, forward),
        [
          (Argument.source, source), (Argument.destinationGradient, known.value),
          (Argument.sourceGradient, made),
        ])
      try contribute(Gradient(value: made, isExclusive: true), toInputOf: index)
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
      let source = try self.input(index)
      try plan.append(
        node.name, elementwisePrimitive(function, source.layout, nil),
        [(Argument.source, source), (Argument.destination, source)])
      return source
    }
    var source = try input(index)
    if node.shape.count == 1 { source = try row(source, source.type, node.name) }
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
      let primitive = try binaryPrimitive(algorithm, source.layout, layout, result.layout)
      try plan.append(
        node.name, primitive, [(Argument.source, source), (Argument.destination, result)],
        others: [(Argument.source1, operand)])
    }
    try apply(dnnl_binary_mul, factors, source, result)
    try apply(dnnl_binary_add, summands, result, result)
    tape[index] = { [self] (gradient: Gradient) throws(Failure) in
      let known = try arranged(gradient, in: source.layout, source.type, node.name)
      let made = try room(for: known)
      try apply(dnnl_binary_mul, factors, known.value, made)
      try contribute(Gradient(value: made, isExclusive: true), toInputOf: index)
    }
    return result
  }

  func pooling(
    _ index: Int, _ source: Value, _ maximum: Bool, _ window: Window, _ padding: Padding
  ) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let output = [
      source.dimensions[0], source.dimensions[1],
      (source.dimensions[2] + padding.top + padding.bottom - window.kernel.height) / window.strides.height
        + 1,
      (source.dimensions[3] + padding.left + padding.right - window.kernel.width) / window.strides.width + 1,
    ]
    let algorithm = maximum ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding
    let strides = [Int64(window.strides.height), Int64(window.strides.width)]
    let kernel = [Int64(window.kernel.height), Int64(window.kernel.width)]
    let before = [Int64(padding.top), Int64(padding.left)]
    let after = [Int64(padding.bottom), Int64(padding.right)]
    func primitive(_ forward: Primitive?, _ destination: TensorLayout) throws(Failure) -> Primitive {
      try Primitive.make("pooling") {
        cdnnl_pooling_training_create(
          $0, engine.engine, forward?.native, algorithm, source.layout.native, destination.native, strides,
          kernel, before, after, $1)
      }
    }
    let forward = try primitive(nil, .any(output, source.type))
    guard let layout = forward.layout(dnnl_query_dst_md, output) else {
      throw Failure(.failed, step: "oneDNN", cause: "pooling has no layout")
    }
    let result = try plan.value(layout, source.type)
    // Where each maximum was found.
    var workspace: [(Int, Value)] = []
    if let layout = forward.layout(dnnl_query_workspace_md) {
      workspace = [(Argument.workspace, try plan.value(layout, .uint8))]
    }
    try plan.append(
      node.name, forward, [(Argument.source, source), (Argument.destination, result)] + workspace)
    // The largest value has the largest rectified value, so the rectifier may as well be done on what is left.
    if maximum { takeOverRelu(index) }
    tape[index] = { [self] (gradient: Gradient) throws(Failure) in
      var gradient = gradient
      if gradient.value.dimensions.count == 2 {
        let pixels = try TensorLayout.channelsLast(output, gradient.value.type)
        gradient.value = try plan.alias(gradient.value.slot, pixels, gradient.value.type)
      }
      let known = try arranged(gradient, in: layout, source.type, node.name)
      let made = try plan.value(source.layout, source.type)
      try plan.append(
        node.name + " (backward)", primitive(forward, layout),
        [(Argument.destinationGradient, known.value), (Argument.sourceGradient, made)] + workspace)
      try contribute(Gradient(value: made, isExclusive: true), toInputOf: index)
    }
    return result
  }

  func globalPooling(_ index: Int, _ maximum: Bool) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try input(index)
    let whole = Window(kernel: .init(source.dimensions[2], source.dimensions[3]))
    var result = try pooling(index, source, maximum, whole, .init())
    guard node.shape.count == 1 else { return result }
    result.channelsLast = true
    return try row(result, result.type, node.name)
  }

  /// A softmax inside the network.
  func softmax(_ index: Int) throws(Failure) -> Value {
    let node = graph.nodes[index]
    var source = try input(index)
    if node.shape.count == 1 { source = try row(source, source.type, node.name) }
    func primitive(_ forward: Primitive?) throws(Failure) -> Primitive {
      try Primitive.make("softmax") {
        cdnnl_softmax_training_create($0, engine.engine, forward?.native, 1, source.layout.native, $1)
      }
    }
    let forward = try primitive(nil)
    let result = try plan.value(source.layout, source.type)
    try plan.append(node.name, forward, [(Argument.source, source), (Argument.destination, result)])
    tape[index] = { [self] (gradient: Gradient) throws(Failure) in
      let known = try arranged(gradient, in: source.layout, source.type, node.name)
      let made = try plan.value(source.layout, source.type)
      try plan.append(
        node.name + " (backward)", primitive(forward),
        [
          (Argument.destination, result), (Argument.destinationGradient, known.value),
          (Argument.sourceGradient, made),
        ])
      try contribute(Gradient(value: made, isExclusive: true), toInputOf: index)
    }
    return result
  }

  /// Zeros around a picture: all is cleared, then the picture is copied into the middle, and back from there.
  func pad(_ index: Int, _ padding: Padding) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try input(index)
    let whole = try plain(dimensions(node.shape), source.type)
    let middle = try whole.part(source.dimensions, at: [0, 0, padding.top, padding.left])
    let result = try plan.value(whole, source.type)
    plan.append(node.name, .clear(slot: result.slot), touching: [result.slot])
    try plan.append(
      node.name, Primitive.reorder(source.layout, middle, engine),
      [(Argument.source, source), (Argument.destination, plan.alias(result.slot, middle, source.type))])
    tape[index] = { [self] (gradient: Gradient) throws(Failure) in
      let known = try arranged(
        gradient, in: plain(dimensions(node.shape), source.type), source.type, node.name)
      let middle = try known.value.layout.part(source.dimensions, at: [0, 0, padding.top, padding.left])
      let made = try plan.value(source.layout, source.type)
      try plan.append(
        node.name + " (backward)", Primitive.reorder(middle, source.layout, engine),
        [
          (Argument.source, plan.alias(known.value.slot, middle, source.type)), (Argument.destination, made),
        ])
      try contribute(Gradient(value: made, isExclusive: true), toInputOf: index)
    }
    return result
  }
}
