import COneDNN
import NetworkModel
import SystemIO

extension Planner {
  func convolution(_ node: InferenceNode, _ index: Int, _ shape: ConvolutionShape)
    throws(Failure)
    -> Value
  {
    if let result = try integerConvolution(node, index, shape) { return result }
    if let result = try winogradConvolution(node, index, shape) { return result }
    let source = try real(node)
    // The first layer reads pixels of one to three channels. In bfloat16 it loses most of what the whole network loses,
    // and it has few of the multiply-adds.
    let type: ElementType = shape.channels < 4 ? .float32 : numbers.floatType
    let kernel = try kernelLayout(shape)
    let output = dimensions(node.shape)
    let biasLayout = node.bias.isEmpty ? nil : try TensorLayout.plain([shape.filters])
    let (anySource, anyKernel, anyOutput) = (
      try TensorLayout.any(source.dimensions, type), try TensorLayout.any(kernel.dimensions, type),
      try TensorLayout.any(output, type)
    )
    let primitive = try Primitive.make("convolution", node.post.map { .elementwise($0) }) {
      create(shape, $0, $1, anySource, anyKernel, biasLayout, anyOutput)
    }
    return try finish(node, index, primitive, source, kernel, biasLayout, output, type)
  }

  /// Keras's kernel [height, width, channels / groups, filters] under oneDNN's order of dimensions.
  func kernelLayout(_ shape: ConvolutionShape, _ type: ElementType = .float32) throws(Failure)
    -> TensorLayout
  {
    let (filters, channels, groups) = (shape.filters, shape.channels / shape.groups, shape.groups)
    let (height, width) = (shape.window.kernel.height, shape.window.kernel.width)
    return groups == 1
      ? try TensorLayout(
        [filters, channels, height, width], type,
        strides: [1, filters, width * channels * filters, channels * filters])
      : try TensorLayout(
        [groups, filters / groups, channels, height, width], type,
        strides: [filters / groups, 1, filters, width * channels * filters, channels * filters])
  }

  /// Calls the shim for a convolution of this shape.
  func create(
    _ shape: ConvolutionShape, _ result: UnsafeMutablePointer<OpaquePointer?>,
    _ attributes: UnsafePointer<cdnnl_attributes>, _ source: TensorLayout, _ kernel: TensorLayout,
    _ bias: TensorLayout?, _ output: TensorLayout
  ) -> dnnl_status_t {
    let window = shape.window
    return cdnnl_convolution_create(
      result, builder.engine.engine, source.native, kernel.native, bias?.native, output.native,
      [Int64(window.strides.height), Int64(window.strides.width)],
      [Int64(window.dilation.height - 1), Int64(window.dilation.width - 1)],
      [Int64(shape.padding.top), Int64(shape.padding.left)],
      [Int64(shape.padding.bottom), Int64(shape.padding.right)], attributes)
  }

  func dense(_ node: InferenceNode, _ index: Int, _ units: Int) throws(Failure) -> Value {
    if let result = try integerDense(node, index, units) { return result }
    // Row by row: among several the library adds in an order that depends on how many they are and on the row's place,
    // and a face's result would depend on which others came with it.
    let rowsAtOnce = 1
    let source = try row(real(node), node.name, numbers.floatType)
    let inputs = source.dimensions[1]
    let (rows, results) = (
      try TensorLayout.plain([rowsAtOnce, inputs], numbers.floatType),
      try TensorLayout.plain([rowsAtOnce, units])
    )
    let kernel = try kernelLayout(source, units)
    let anyKernel = try TensorLayout.any(kernel.dimensions, numbers.floatType)
    let biasLayout = node.bias.isEmpty ? nil : try TensorLayout.plain([units])
    let primitive = try builder.engine.limited(to: 1) { () throws(Failure) in
      try Primitive.make("inner product", node.post.map { .elementwise($0) }) {
        cdnnl_inner_product_create(
          $0, builder.engine.engine, rows.native, anyKernel.native, biasLayout?.native, results.native, $1)
      }
    }
    guard let kernelLayout = primitive.layout(dnnl_query_weights_md, kernel.dimensions, numbers.floatType)
    else {
      throw Failure(.failed, step: "oneDNN", cause: "a primitive has no layouts")
    }
    let memories = try weightMemories(node, index, kernel, kernelLayout, biasLayout)
    let result = try builder.value(TensorLayout.plain([builder.batch, units]))
    for start in stride(from: 0, to: builder.batch, by: rowsAtOnce) {
      let from = try builder.alias(source.slot, rows, offset: start * inputs * numbers.floatType.byteCount)
      let to = try builder.alias(result.slot, results, offset: start * units * ElementType.float32.byteCount)
      try builder.step(
        node.name, primitive, [(Argument.source, from), (Argument.destination, to)], weights: memories,
        threadLimit: 1)
    }
    return result
  }

  /// A dense layer's kernel [inputs, units]. Over a flattened picture its rows are named by channel, height and width,
  /// so that data need no reordering.
  func kernelLayout(_ source: Value, _ units: Int, _ type: ElementType = .float32) throws(Failure)
    -> TensorLayout
  {
    let size = source.dimensions
    guard size.count == 4 else { return try TensorLayout([units, size[1]], type, strides: [1, units]) }
    return try TensorLayout(
      [units] + size.dropFirst(), type,
      strides: source.channelsLast
        ? [1, units, size[3] * size[1] * units, size[1] * units]
        : [1, size[2] * size[3] * units, size[3] * units, units])
  }

  /// Brings data and weights into the layouts that a convolution has chosen, and appends it.
  func finish(
    _ node: InferenceNode, _ index: Int, _ primitive: Primitive, _ source: Value, _ kernel: TensorLayout,
    _ biasLayout: TensorLayout?, _ output: [Int], _ type: ElementType
  ) throws(Failure) -> Value {
    guard let sourceLayout = primitive.layout(dnnl_query_src_md, source.dimensions, type),
      let kernelLayout = primitive.layout(dnnl_query_weights_md, kernel.dimensions, type),
      let outputLayout = primitive.layout(dnnl_query_dst_md, output, type)
    else { throw Failure(.failed, step: "oneDNN", cause: "a primitive has no layouts") }
    let ready = try builder.value(source, in: sourceLayout, node.name)
    let memories = try weightMemories(node, index, kernel, kernelLayout, biasLayout)
    let result = try builder.value(outputLayout)
    try builder.step(
      node.name, primitive, [(Argument.source, ready), (Argument.destination, result)], weights: memories)
    return result
  }

  /// A node's kernel and bias, in the layouts that a primitive has chosen.
  private func weightMemories(
    _ node: InferenceNode, _ index: Int, _ kernel: TensorLayout, _ kernelLayout: TensorLayout,
    _ biasLayout: TensorLayout?
  ) throws(Failure) -> [(Int, TensorMemory)] {
    var memories = [
      (Argument.weights, try weights.memory(index, "kernel", node.kernel, kernel, in: kernelLayout))
    ]
    if let biasLayout {
      memories.append(
        (Argument.bias, try weights.memory(index, "bias", node.bias, biasLayout, in: biasLayout)))
    }
    return memories
  }

  /// Functions of each value, one after the other.
  func elementwise(_ name: String, _ functions: [ElementwiseFunction], _ source: Value) throws(Failure)
    -> Value
  {
    guard let first = functions.first else { return source }
    let result = try builder.value(source.layout)
    let rest = functions.dropFirst().map { PostOperation.elementwise($0) }
    let primitive = try Primitive.make("elementwise function", rest) {
      cdnnl_eltwise_create(
        $0, builder.engine.engine, first.algorithm, first.alpha, first.beta, source.layout.native, $1)
    }
    try builder.step(name, primitive, [(Argument.source, source), (Argument.destination, result)])
    return result
  }

  /// One scale and offset for all: an elementwise function; one a channel: a batch normalisation with mean 0 and
  /// variance 1.
  func affine(_ node: InferenceNode, _ index: Int, _ scale: [Float], _ offset: [Float]) throws(Failure)
    -> Value
  {
    if scale.count == 1, offset.count == 1 {
      let linear = ElementwiseFunction(algorithm: dnnl_eltwise_linear, alpha: scale[0], beta: offset[0])
      return try elementwise(node.name, [linear], real(node))
    }
    var source = try real(node)
    if node.shape.count == 1 { source = try row(source, node.name) }
    let channels = source.dimensions[1]
    func spread(_ values: [Float]) -> [Float] {
      values.count == 1 ? [Float](repeating: values[0], count: channels) : values
    }
    let layout = try TensorLayout.plain([channels])
    let ones = [Float](repeating: 1, count: channels)
    let zeros = [Float](repeating: 0, count: channels)
    let result = try builder.value(source.layout)
    let primitive = try Primitive.make("normalisation") {
      cdnnl_batch_normalization_create($0, builder.engine.engine, 0, source.layout.native, $1)
    }
    try builder.step(
      node.name, primitive, [(Argument.source, source), (Argument.destination, result)],
      weights: [
        (Argument.mean, try weights.memory(index, "mean", zeros, layout, in: layout)),
        (Argument.variance, try weights.memory(index, "variance", ones, layout, in: layout)),
        (Argument.scale, try weights.memory(index, "scale", spread(scale), layout, in: layout)),
        (Argument.shift, try weights.memory(index, "shift", spread(offset), layout, in: layout)),
      ])
    return result
  }

  func pooling(
    _ node: InferenceNode, _ source: Value, _ maximum: Bool, _ window: Window, _ padding: Padding
  ) throws(Failure) -> Value {
    let output = [
      source.dimensions[0], source.dimensions[1],
      (source.dimensions[2] + padding.top + padding.bottom - window.kernel.height) / window.strides.height
        + 1,
      (source.dimensions[3] + padding.left + padding.right - window.kernel.width) / window.strides.width + 1,
    ]
    let anyOutput = try TensorLayout.any(output, source.layout.type)
    let primitive = try Primitive.make("pooling") {
      cdnnl_pooling_create(
        $0, builder.engine.engine, maximum ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding,
        source.layout.native, anyOutput.native,
        [Int64(window.strides.height), Int64(window.strides.width)],
        [Int64(window.kernel.height), Int64(window.kernel.width)],
        [Int64(padding.top), Int64(padding.left)], [Int64(padding.bottom), Int64(padding.right)], $1)
    }
    guard let layout = primitive.layout(dnnl_query_dst_md, output, source.layout.type) else {
      throw Failure(.failed, step: "oneDNN", cause: "pooling has no layout")
    }
    var result = try builder.value(layout)
    result.scale = source.scale
    try builder.step(node.name, primitive, [(Argument.source, source), (Argument.destination, result)])
    return result
  }

  func globalPooling(_ node: InferenceNode, _ maximum: Bool) throws(Failure) -> Value {
    let source = try real(node)
    let whole = Window(kernel: .init(source.dimensions[2], source.dimensions[3]))
    let result = try pooling(node, source, maximum, whole, .init())
    return node.shape.count == 1 ? try row(result, node.name) : result
  }

  func softmax(_ node: InferenceNode) throws(Failure) -> Value {
    var source = try number(input(node), as: .float, node.name)
    if node.shape.count == 1 { source = try row(source, node.name) }
    let result = try builder.value(source.layout)
    let primitive = try Primitive.make("softmax") {
      cdnnl_softmax_create($0, builder.engine.engine, 1, source.layout.native, source.layout.native, $1)
    }
    try builder.step(node.name, primitive, [(Argument.source, source), (Argument.destination, result)])
    return result
  }

  /// Zeros around a picture: all is cleared, then the picture is copied into the middle.
  func pad(_ node: InferenceNode, _ padding: Padding) throws(Failure) -> Value {
    let source = try input(node)
    let whole = try plain(dimensions(node.shape), source.layout.type)
    let middle = try whole.part(source.dimensions, at: [0, 0, padding.top, padding.left])
    var result = try builder.value(whole)
    result.scale = source.scale
    let part = try builder.alias(result.slot, middle)
    try builder.step(
      node.name, Primitive.reorder(source.layout, middle, builder.engine),
      [(Argument.source, source), (Argument.destination, part)], clearing: result)
    return result
  }

  func binary(_ node: InferenceNode, _ algorithm: dnnl_alg_kind_t) throws(Failure) -> Value {
    var (first, second) = (try real(node, 0), try real(node, 1))
    if first.dimensions != second.dimensions {
      (first, second) = (try row(first, node.name), try row(second, node.name))
    }
    second = try builder.value(second, in: first.layout, node.name)
    let result = try builder.value(first.layout)
    let primitive = try Primitive.make("sum or product", node.post.map { .elementwise($0) }) {
      cdnnl_binary_create(
        $0, builder.engine.engine, algorithm, first.layout.native, second.layout.native, result.layout.native,
        $1)
    }
    try builder.step(
      node.name, primitive,
      [(Argument.source, first), (Argument.source1, second), (Argument.destination, result)])
    return result
  }

  func concatenate(_ node: InferenceNode, _ index: Int) throws(Failure) -> Value {
    // Floats of one type, or integers of one scale.
    let common: NumberFormat =
      if numbers.keeps[index], let format = numbers.integers[index] { format } else { try real(node).format }
    var sources: [Value] = []
    for input in node.inputs.indices {
      let source = try number(self.input(node, input), as: common, node.name)
      sources.append(node.shape.count == 1 ? try row(source, node.name) : source)
    }
    let primitive = try Primitive.make("concatenation") { result, attributes in
      let layouts = sources.map { Optional($0.layout.native) }
      return cdnnl_concat_create(
        result, builder.engine.engine, 1, Int32(layouts.count), layouts, attributes)
    }
    let dimensions =
      node.shape.count == 1 ? [builder.batch, node.shape[0]] : dimensions(node.shape)
    guard let layout = primitive.layout(dnnl_query_dst_md, dimensions, common.type) else {
      throw Failure(.failed, step: "oneDNN", cause: "concatenation has no layout")
    }
    var result = try builder.value(layout)
    result.scale = common.scale
    try builder.step(
      node.name, primitive,
      sources.enumerated().map { (Argument.source($0.offset), $0.element) } + [(Argument.destination, result)]
    )
    return result
  }
}
