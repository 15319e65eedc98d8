import CDNNL
import SystemIO

// Layers with weights: result, gradient of the weights, gradient of the input.
extension TrainingPlanner {
  func convolution(_ index: Int, _ shape: ComputeNode.Convolution) throws(Failure) -> Value {
    let node = graph.nodes[index]
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
    return try product(index, kernel, filters, dimensions(node.shape)) {
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

  /// A convolution or inner product: all three primitives may choose their layouts.
  private func product(
    _ index: Int, _ kernel: TensorLayout, _ outputs: Int, _ output: [Int],
    _ make: @escaping (ProductRequest) -> dnnl_status_t
  ) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try input(index)
    let weights = try place(index, node.kernelName)
    let bias = node.hasBias ? try place(index, "bias") : nil
    let biasLayout = node.hasBias ? try TensorLayout.plain([outputs]) : nil
    let anySource = try TensorLayout.any(source.dimensions, type)
    let anyOutput = try TensorLayout.any(output, type)
    let anyKernel = try TensorLayout.any(kernel.dimensions, type)
    // Gradients of weights are sums over many values: kept in 32 bits whatever the type.
    let anyKernelGradient = try TensorLayout.any(kernel.dimensions)
    func primitive(_ direction: dnnl_prop_kind_t, _ forward: Primitive?) throws(Failure) -> Primitive {
      let relu = node.relu.map {
        [PostOperation.elementwise(.init(algorithm: dnnl_eltwise_relu, alpha: $0))]
      }
      return try Primitive.make("product", direction == dnnl_forward_training ? relu ?? [] : []) {
        make(
          .init(
            result: $0, engine: engine.engine, direction: direction, forward: forward?.native,
            source: anySource.native,
            weights: (direction == dnnl_backward_weights ? anyKernelGradient : anyKernel).native,
            bias: biasLayout?.native, destination: anyOutput.native, attributes: $1))
      }
    }
    func layout(_ primitive: Primitive, _ what: dnnl_query_t, _ dimensions: [Int]) throws(Failure)
      -> TensorLayout
    {
      guard let layout = primitive.layout(what, dimensions) else {
        throw Failure(.failed, step: "oneDNN", cause: "a primitive has no layouts")
      }
      return layout
    }

    let forward = try primitive(dnnl_forward_training, nil)
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
        let backward = try primitive(dnnl_backward_weights, forward)
        let again = try plan.value(
          ready, in: layout(backward, dnnl_query_src_md, source.dimensions), type, node.name)
        let known = try arranged(
          gradient, in: layout(backward, dnnl_query_diff_dst_md, output), type, node.name)
        let kernelTarget = try self.gradient(
          weights, kernel, in: layout(backward, dnnl_query_diff_weights_md, kernel.dimensions), node.name)
        var targets = [kernelTarget]
        var others = [(Argument.weightsGradient, kernelTarget.operand)]
        if let bias, let biasLayout {
          let target = try self.gradient(bias, biasLayout, in: biasLayout, node.name)
          others.append((Argument.biasGradient, target.operand))
          targets.append(target)
        }
        try plan.append(
          node.name + " (backward weights)", backward,
          [(Argument.source, again), (Argument.destinationGradient, known.value)], others: others)
        for target in targets { try finish(target) }
      }
      guard needsGradient(index) else { return }
      let backward = try primitive(dnnl_backward_data, forward)
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

  /// With the mean and the (biased) variance of the batch; the moving ones follow, as Keras moves them:
  /// moving·momentum + batch·(1 - momentum).
  func batchNormalization(_ index: Int, _ epsilon: Float, _ momentum: Float) throws(Failure) -> Value {
    let node = graph.nodes[index]
    var source = try input(index)
    if node.shape.count == 1 { source = try row(source, source.type, node.name) }
    let channels = source.dimensions[1]
    let vector = try TensorLayout.plain([channels])
    let places = store.table.places[node.identity] ?? [:]
    let (gamma, beta) = (places["gamma"], places["beta"])
    var flags: UInt32 = 0
    if gamma != nil { flags |= dnnl_use_scale.rawValue }
    if beta != nil { flags |= dnnl_use_shift.rawValue }
    if node.relu != nil { flags |= dnnl_fuse_norm_relu.rawValue }
    func primitive(_ forward: Primitive?) throws(Failure) -> Primitive {
      try Primitive.make("batch normalisation") {
        cdnnl_batch_normalization_training_create(
          $0, engine.engine, forward?.native, epsilon, flags, source.layout.native, $1)
      }
    }
    let forward = try primitive(nil)
    let result = try plan.value(source.layout, source.type)
    let mean = try plan.value(vector, .float32)
    let variance = try plan.value(vector, .float32)
    var values = [
      (Argument.source, source), (Argument.destination, result), (Argument.mean, mean),
      (Argument.variance, variance),
    ]
    var factors: [(Int, TrainingPlan.Operand)] = []
    if let gamma { factors.append((Argument.scale, try weight(gamma, vector))) }
    if let beta { factors.append((Argument.shift, try weight(beta, vector))) }
    var workspace: Value?
    if let layout = forward.layout(dnnl_query_workspace_md) {
      let value = try plan.value(layout, .uint8)
      values.append((Argument.workspace, value))
      workspace = value
    }
    try plan.append(node.name, forward, values, others: factors)
    moveStatistics(node, mean, variance, channels, momentum)

    tape[index] = { [self] (gradient: Gradient) throws(Failure) in
      let known = try arranged(gradient, in: source.layout, source.type, node.name)
      let made = try room(for: known)
      var values = [
        (Argument.source, source), (Argument.destinationGradient, known.value),
        (Argument.sourceGradient, made), (Argument.mean, mean), (Argument.variance, variance),
      ]
      if let workspace { values.append((Argument.workspace, workspace)) }
      // oneDNN 2 wants the shift too, though the gradients do not depend on it.
      var others = factors
      var targets: [GradientTarget] = []
      for (argument, place) in [(Argument.scaleGradient, gamma), (Argument.shiftGradient, beta)] {
        guard let place else { continue }
        let target = try self.gradient(place, vector, in: vector, node.name)
        others.append((argument, target.operand))
        targets.append(target)
      }
      try plan.append(node.name + " (backward)", primitive(forward), values, others: others)
      for target in targets { try finish(target) }
      if needsGradient(index) {
        try contribute(Gradient(value: made, isExclusive: true), toInputOf: index)
      }
    }
    return result
  }

  private func moveStatistics(
    _ node: TrainingNode, _ mean: Value, _ variance: Value, _ channels: Int, _ momentum: Float
  ) {
    let offsets = store.table.statisticOffsets[node.identity] ?? [:]
    for (value, name) in [(mean, "moving_mean"), (variance, "moving_variance")] {
      guard let offset = offsets[name], let base = store.statistics.values.baseAddress else { continue }
      let moving = base + offset
      plan.append(
        node.name + " (statistics)",
        .loop { plan, _ in
          let batch = plan.floats(value.slot)
          for channel in 0..<channels {
            moving[channel] = moving[channel] * momentum + batch[channel] * (1 - momentum)
          }
        }, touching: [value.slot])
    }
  }
}
