import COneDNN
import SystemIO

// Layers with weights: result, gradient of the weights, gradient of the input.
extension TrainingPlanner {
  func convolution(_ index: Int, _ shape: ConvolutionShape) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let output = dimensions(node.shape)
    if let result = try winogradConvolution(index, shape, output) { return result }
    let (filters, channels, groups) = (shape.filters, shape.channels / shape.groups, shape.groups)
    let (height, width) = (shape.window.kernel.height, shape.window.kernel.width)
    // Keras's kernel [height, width, channels / groups, filters] under oneDNN's order of dimensions.
    let kernel =
      groups == 1
      ? try TensorLayout(
        [filters, channels, height, width],
        strides: [1, filters, width * channels * filters, channels * filters])
      : try TensorLayout(
        [groups, filters / groups, channels, height, width],
        strides: [filters / groups, 1, filters, width * channels * filters, channels * filters])
    let window = shape.window
    let strides = [Int64(window.strides.height), Int64(window.strides.width)]
    let dilation = [Int64(window.dilation.height - 1), Int64(window.dilation.width - 1)]
    let before = [Int64(shape.padding.top), Int64(shape.padding.left)]
    let after = [Int64(shape.padding.bottom), Int64(shape.padding.right)]
    return try product(
      index, kernel, filters, output,
      spread: isWorthSpreading(index, shape)
        ? { [self] (source) throws(Failure) in try spread(index, shape, source, output) } : nil
    ) {
      cdnnl_convolution_training_create(
        $0.result, $0.engine, $0.direction, $0.forward, $0.source, $0.weights, $0.bias, $0.destination,
        strides,
        dilation, before, after, $0.attributes)
    }
  }

  func dense(_ index: Int, _ units: Int) throws(Failure) -> Value {
    let source = try input(index)
    let size = source.dimensions
    // Over a flattened picture the kernel's rows are named by channel, height and width: no reordering of data.
    let kernel =
      if size.count == 4 {
        try TensorLayout(
          [units] + size.dropFirst(),
          strides: source.channelsLast
            ? [1, units, size[3] * size[1] * units, size[1] * units]
            : [1, size[2] * size[3] * units, size[3] * units, units])
      } else {
        try TensorLayout([units, size[1]], strides: [1, units])
      }
    return try product(index, kernel, units, [count, units]) {
      cdnnl_inner_product_training_create(
        $0.result, $0.engine, $0.direction, $0.forward, $0.source, $0.weights, $0.bias, $0.destination,
        $0.attributes)
    }
  }

  /// What it takes to make one of the three primitives of a layer that multiplies.
  struct ProductRequest {
    let result: UnsafeMutablePointer<OpaquePointer?>
    let engine: dnnl_engine_t
    let direction: dnnl_prop_kind_t
    let forward: OpaquePointer?
    let source, weights: OpaquePointer
    let bias: OpaquePointer?
    let destination: OpaquePointer
    let attributes: UnsafePointer<cdnnl_attributes>
  }

  /// One way to compute a layer that multiplies: from what, over which kernel, by which primitives.
  struct Product {
    var source: Value
    /// The kernel as it lies in the flat array.
    var kernel: TensorLayout
    var make: (ProductRequest) -> dnnl_status_t
  }

  /// A primitive of `product` that may choose its layouts.
  private func primitive(
    _ product: Product, _ direction: dnnl_prop_kind_t, _ forward: Primitive?, _ biasLayout: TensorLayout?,
    _ output: [Int], relu: Float? = nil
  ) throws(Failure) -> Primitive {
    let source = try TensorLayout.any(product.source.dimensions, type)
    let destination = try TensorLayout.any(output, type)
    // Gradients of weights are sums over many values: kept in 32 bits whatever the type.
    let kernel = try TensorLayout.any(
      product.kernel.dimensions, direction == dnnl_backward_weights ? .float32 : type)
    let post = relu.map { [PostOperation.elementwise(.init(algorithm: dnnl_eltwise_relu, alpha: $0))] }
    return try Primitive.make("product", post ?? []) {
      product.make(
        .init(
          result: $0, engine: engine.engine, direction: direction, forward: forward?.native,
          source: source.native, weights: kernel.native, bias: biasLayout?.native,
          destination: destination.native, attributes: $1))
    }
  }

  private func layout(_ primitive: Primitive, _ what: dnnl_query_t, _ dimensions: [Int]) throws(Failure)
    -> TensorLayout
  {
    guard let layout = primitive.layout(what, dimensions) else {
      throw Failure(.failed, step: "oneDNN", cause: "a primitive has no layouts")
    }
    return layout
  }

  /// A convolution or inner product: result, and on the tape both gradients.
  private func product(
    _ index: Int, _ kernel: TensorLayout, _ outputs: Int, _ output: [Int],
    spread: ((Value) throws(Failure) -> Product)? = nil,
    _ make: @escaping (ProductRequest) -> dnnl_status_t
  ) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try input(index)
    let weights = try place(index, node.kernelName)
    let bias = node.hasBias ? try place(index, "bias") : nil
    let biasLayout = node.hasBias ? try TensorLayout.plain([outputs]) : nil
    let product = Product(source: source, kernel: kernel, make: make)

    let forward = try primitive(product, dnnl_forward_training, nil, biasLayout, output, relu: node.relu)
    let ready = try plan.value(
      source, in: layout(forward, dnnl_query_src_md, source.dimensions), type, node.name)
    let result = try plan.value(layout(forward, dnnl_query_dst_md, output), type)
    var others = [
      (
        Argument.weights,
        try weight(weights, kernel, in: layout(forward, dnnl_query_weights_md, kernel.dimensions), node.name)
      )
    ]
    if let bias, let biasLayout { others.append((Argument.bias, try weight(bias, biasLayout))) }
    try plan.append(
      node.name, forward, [(Argument.source, ready), (Argument.destination, result)], others: others)
    pendingRelu[index] = node.relu

    tape[index] = { [self] (gradient: Gradient) throws(Failure) in
      if weights.parameter != nil {
        if let spread {
          let product = try spread(source)
          let forward = try primitive(product, dnnl_forward_training, nil, biasLayout, output)
          try weightsGradient(index, product, forward, gradient, weights, bias, biasLayout, output)
        } else {
          var product = product
          product.source = ready
          try weightsGradient(index, product, forward, gradient, weights, bias, biasLayout, output)
        }
      }
      guard needsGradient(index) else { return }
      let backward = try primitive(product, dnnl_backward_data, forward, nil, output)
      let known = try arranged(
        gradient, in: layout(backward, dnnl_query_diff_dst_md, output), type, node.name)
      var made = try plan.value(layout(backward, dnnl_query_diff_src_md, source.dimensions), type)
      made.channelsLast = source.channelsLast
      let turned = try weight(
        weights, kernel, in: layout(backward, dnnl_query_weights_md, kernel.dimensions), node.name)
      try plan.append(
        node.name + " (backward data)", backward,
        [(Argument.destinationGradient, known.value), (Argument.sourceGradient, made)],
        others: [(Argument.weights, turned)])
      try contribute(Gradient(value: made, isExclusive: true), toInputOf: index)
    }
    return result
  }

  private func weightsGradient(
    _ index: Int, _ product: Product, _ forward: Primitive, _ gradient: Gradient,
    _ weights: ParameterTable.Place, _ bias: ParameterTable.Place?, _ biasLayout: TensorLayout?,
    _ output: [Int]
  ) throws(Failure) {
    let name = graph.nodes[index].name
    let backward = try primitive(product, dnnl_backward_weights, forward, biasLayout, output)
    let source = try plan.value(
      product.source, in: layout(backward, dnnl_query_src_md, product.source.dimensions), type, name)
    let known = try arranged(gradient, in: layout(backward, dnnl_query_diff_dst_md, output), type, name)
    let kernel = try layout(backward, dnnl_query_diff_weights_md, product.kernel.dimensions)
    var targets = [try self.gradient(weights, product.kernel, in: kernel, name)]
    var others = [(Argument.weightsGradient, targets[0].operand)]
    if let bias, let biasLayout {
      let target = try self.gradient(bias, biasLayout, in: biasLayout, name)
      others.append((Argument.biasGradient, target.operand))
      targets.append(target)
    }
    try plan.append(
      name + " (backward weights)", backward,
      [(Argument.source, source), (Argument.destinationGradient, known.value)], others: others)
    for target in targets { try finish(target) }
  }
}
