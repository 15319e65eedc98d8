import COneDNN
import SystemIO

/// Layers with weights: result, gradient of the weights, gradient of the input.
struct ProductTrainingLayers: TrainingLayers {
  let context: TrainingContext
  var type: ElementType { context.type }

  func convolution(_ index: Int, _ shape: ConvolutionShape) throws(Failure) -> Value {
    let output = context.dimensions(graph.nodes[index].shape)
    let winograd = WinogradTrainingLayer(context: context)
    if let result = try winograd.convolution(index, shape, output) { return result }
    let kernel = try TensorLayout.convolutionKernel(
      shape.window.kernel, channels: shape.channels, filters: shape.filters, groups: shape.groups)
    let windows = SpreadWindowsLayer(context: context)
    return try product(
      .convolution(shape.window, shape.padding), index, kernel, shape.filters, output,
      spread: windows.isWorthSpreading(index, shape)
        ? { (source) throws(Failure) in try windows.spread(index, shape, source, output) } : nil)
  }

  func dense(_ index: Int, _ units: Int) throws(Failure) -> Value {
    let source = try tape.input(index)
    let kernel = try TensorLayout.denseKernel(
      over: source.dimensions, channelsLast: source.channelsLast, units: units)
    return try product(.innerProduct, index, kernel, units, [plan.count, units])
  }

  /// The gradient of a convolution that leads from the result's picture to the input's; its own gradients are that
  /// convolution, and the same convolution's gradient of the kernel with both pictures' parts exchanged.
  func transposedConvolution(_ index: Int, _ shape: ConvolutionShape) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try tape.input(index)
    let output = context.dimensions(node.shape)
    let entry = try parameters.entry(node, node.kernelName)
    let kernel = try TensorLayout.convolutionKernel(
      shape.window.kernel, channels: shape.channels, filters: shape.filters, groups: shape.groups)
    func primitive(_ direction: Primitive.Direction) throws(Failure) -> Primitive {
      let kernelType: ElementType = if case .backwardWeights = direction { .float32 } else { type }
      return try Primitive.product(
        .convolution(shape.window, shape.padding), direction, source: .any(output, type),
        kernel: .any(kernel.dimensions, kernelType), bias: nil,
        destination: .any(source.dimensions, type), engine)
    }
    func weights(_ primitive: Primitive) throws(Failure) -> TrainingPlan.Operand {
      try parameters.weight(
        entry, kernel, in: primitive.chosenLayout(dnnl_query_weights_md, kernel.dimensions), node.name)
    }
    let convolution = try primitive(.training)
    let forward = try primitive(.backward(convolution))
    let ready = try plan.value(
      source, in: forward.chosenLayout(dnnl_query_diff_dst_md, source.dimensions), type, node.name)
    let result = try plan.value(forward.chosenLayout(dnnl_query_diff_src_md, output), type)
    try plan.append(
      node.name, forward, [(Argument.destinationGradient, ready), (Argument.sourceGradient, result)],
      others: [(Argument.weights, weights(forward))])

    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      if entry.parameter != nil {
        let backward = try primitive(.backwardWeights(convolution))
        let picture = try tape.arranged(
          gradient, in: backward.chosenLayout(dnnl_query_src_md, output), type, node.name)
        let small = try plan.value(
          ready, in: backward.chosenLayout(dnnl_query_diff_dst_md, source.dimensions), type, node.name)
        let target = try parameters.gradient(
          entry, kernel, in: backward.chosenLayout(dnnl_query_diff_weights_md, kernel.dimensions), node.name)
        try plan.append(
          node.name + " (backward weights)", backward,
          [(Argument.source, picture.value), (Argument.destinationGradient, small)],
          others: [(Argument.weightsGradient, target.operand)])
        try parameters.finish(target)
      }
      guard tape.needsGradient(index) else { return }
      let incoming = try tape.arranged(
        gradient, in: convolution.chosenLayout(dnnl_query_src_md, output), type, node.name)
      var outgoing = try plan.value(
        convolution.chosenLayout(dnnl_query_dst_md, source.dimensions), type)
      outgoing.channelsLast = source.channelsLast
      try plan.append(
        node.name + " (backward data)", convolution,
        [(Argument.source, incoming.value), (Argument.destination, outgoing)],
        others: [(Argument.weights, weights(convolution))])
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }

  /// One way to compute a layer that multiplies: which operation, from what, over which kernel.
  struct Product {
    var operation: ProductOperation
    var source: Value
    /// The kernel as it lies in the flat array.
    var kernel: TensorLayout
  }

  /// A primitive of `product` that may choose its layouts.
  /// - Parameter count: Pictures; nil for all.
  func primitive(
    _ product: Product, _ direction: Primitive.Direction, _ biasLayout: TensorLayout?, _ output: [Int],
    count: Int? = nil, relu: Float? = nil
  ) throws(Failure) -> Primitive {
    // Gradients of weights are sums over many values: kept in 32 bits whatever the type.
    let kernelType: ElementType = if case .backwardWeights = direction { .float32 } else { type }
    let post = relu.map { [PostOperation.elementwise(.init(algorithm: dnnl_eltwise_relu, alpha: $0))] }
    func counted(_ dimensions: [Int]) -> [Int] { [count ?? dimensions[0]] + dimensions.dropFirst() }
    return try Primitive.product(
      product.operation, direction, source: .any(counted(product.source.dimensions), type),
      kernel: .any(product.kernel.dimensions, kernelType), bias: biasLayout,
      destination: .any(counted(output), type), engine, post: post ?? [])
  }

  /// A convolution or inner product: result, and on the tape both gradients.
  private func product(
    _ operation: ProductOperation, _ index: Int, _ kernel: TensorLayout, _ outputs: Int, _ output: [Int],
    spread: ((Value) throws(Failure) -> Product)? = nil
  ) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try tape.input(index)
    let weights = try parameters.entry(node, node.kernelName)
    let bias = node.hasBias ? try parameters.entry(node, "bias") : nil
    let biasLayout = node.hasBias ? try TensorLayout.plain([outputs]) : nil
    let product = Product(operation: operation, source: source, kernel: kernel)

    let forward = try primitive(product, .training, biasLayout, output, relu: node.relu)
    let ready = try plan.value(
      source, in: forward.chosenLayout(dnnl_query_src_md, source.dimensions), type, node.name)
    let result = try plan.value(forward.chosenLayout(dnnl_query_dst_md, output), type)
    var others = [
      (
        Argument.weights,
        try parameters.weight(
          weights, kernel, in: forward.chosenLayout(dnnl_query_weights_md, kernel.dimensions), node.name)
      )
    ]
    if let bias, let biasLayout { others.append((Argument.bias, try parameters.weight(bias, biasLayout))) }
    try plan.append(
      node.name, forward, [(Argument.source, ready), (Argument.destination, result)], others: others)
    tape.pendingRelu[index] = node.relu

    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      if weights.parameter != nil {
        if let spread {
          let product = try spread(source)
          let forward = try primitive(product, .training, biasLayout, output)
          try weightsGradient(index, product, forward, gradient, weights, bias, biasLayout, output)
        } else {
          var product = product
          product.source = ready
          try weightsGradient(index, product, forward, gradient, weights, bias, biasLayout, output)
        }
      }
      guard tape.needsGradient(index) else { return }
      let backward = try primitive(product, .backward(forward), nil, output)
      let incoming = try tape.arranged(
        gradient, in: backward.chosenLayout(dnnl_query_diff_dst_md, output), type, node.name)
      var outgoing = try plan.value(backward.chosenLayout(dnnl_query_diff_src_md, source.dimensions), type)
      outgoing.channelsLast = source.channelsLast
      let arrangedWeights = try parameters.weight(
        weights, kernel, in: backward.chosenLayout(dnnl_query_weights_md, kernel.dimensions), node.name)
      try plan.append(
        node.name + " (backward data)", backward,
        [(Argument.destinationGradient, incoming.value), (Argument.sourceGradient, outgoing)],
        others: [(Argument.weights, arrangedWeights)])
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }

  private func weightsGradient(
    _ index: Int, _ product: Product, _ forward: Primitive, _ gradient: Gradient,
    _ weights: ParameterTable.Entry, _ bias: ParameterTable.Entry?, _ biasLayout: TensorLayout?,
    _ output: [Int]
  ) throws(Failure) {
    let name = graph.nodes[index].name
    let backward = try primitive(product, .backwardWeights(forward), biasLayout, output)
    let source = try plan.value(
      product.source, in: backward.chosenLayout(dnnl_query_src_md, product.source.dimensions), type, name)
    let incoming = try tape.arranged(
      gradient, in: backward.chosenLayout(dnnl_query_diff_dst_md, output), type, name)
    let kernel = try backward.chosenLayout(dnnl_query_diff_weights_md, product.kernel.dimensions)
    var targets = [try parameters.gradient(weights, product.kernel, in: kernel, name)]
    var others = [(Argument.weightsGradient, targets[0].operand)]
    if let bias, let biasLayout {
      let target = try parameters.gradient(bias, biasLayout, in: biasLayout, name)
      others.append((Argument.biasGradient, target.operand))
      targets.append(target)
    }
    let sum = BatchPartsGradient(
      layers: self, name: name, product: product, source: source, incoming: incoming.value,
      kernel: targets[0].operand, bias: targets.dropFirst().first?.operand, kernelLayout: kernel,
      biasLayout: biasLayout, output: output)
    if try !sum.append() {
      try plan.append(
        name + " (backward weights)", backward,
        [(Argument.source, source), (Argument.destinationGradient, incoming.value)], others: others)
    }
    for target in targets { try parameters.finish(target) }
  }
}
