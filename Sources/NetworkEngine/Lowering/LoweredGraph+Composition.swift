import COneDNN
import NetworkModel
import SystemIO

// Layers that are made of several simpler steps, each of which has its own gradient.
extension LoweredGraph {
  private func node(
    _ kind: LoweredNode.Kind, _ layer: Layer, _ index: Int, _ inputs: [Int], _ shape: [Int]
  ) -> LoweredNode {
    LoweredNode(name: layer.name, layer: index, kind: kind, inputs: inputs, shape: shape)
  }

  /// The weight `name` of a layer, of a shape that fits the layer's input at its end.
  private mutating func parameter(_ name: String, _ layer: Layer, _ index: Int, _ shape: [Int]) -> Int? {
    guard layer.weight(name) != nil else { return nil }
    var parameter = node(.parameter, layer, index, [], shape)
    parameter.kernelName = name
    return append(parameter)
  }

  /// Multiplies by the weight `scale` and adds `shift`, where the layer has them.
  private mutating func scale(
    _ input: Int, by scale: String?, shift: String?, _ layer: Layer, _ index: Int, _ shape: [Int]
  ) -> Int {
    var result = input
    for (name, kind) in [(scale, Arithmetic.multiply), (shift, .add)] {
      guard let name, let weight = parameter(name, layer, index, shape) else { continue }
      result = append(node(.arithmetic(kind), layer, index, [result, weight], layer.shape))
    }
    return result
  }

  /// One value for each channel, as a shape that is repeated over the pixels.
  private func channelShape(_ layer: Layer, _ graph: ModelGraph) -> [Int] {
    let rank = layer.shape.count
    let axis = graph.channelAxis(rank: rank)
    return axis == rank - 1 ? [layer.shape[axis]] : [layer.shape[axis]] + [Int](repeating: 1, count: rank - 1)
  }

  /// A layer on rows of channels, as one on a picture of one row of pixels; nil for those that take any shape.
  mutating func addAsPicture(_ index: Int, of graph: ModelGraph, _ inputs: [Int]) -> Int? {
    let layer = graph.layers[index]
    switch layer.operation {
    case .affine, .normalization, .batchNormalization, .dense, .activation(.softmax): break
    default: return nil
    }
    guard let input = inputs.first, !graph.channelsFirst else { return nil }
    let before = graph.layers[layer.inputs[0]].shape
    let picture = append(node(.reshape, layer, index, [input], [1] + before))
    let result = add(index, of: graph.raisingRows(ofLayer: index), inputs: [picture])
    return append(node(.reshape, layer, index, [result], layer.shape))
  }

  /// A batch normalization by its moving statistics, whose factors are trained all the same.
  mutating func addFixedNormalization(_ index: Int, of graph: ModelGraph, _ input: Int, _ epsilon: Float)
    -> Int
  {
    let layer = graph.layers[index]
    let factors = (layer.weight("moving_variance")?.values ?? []).map { 1 / ($0 + epsilon).squareRoot() }
    let offsets = zip(layer.weight("moving_mean")?.values ?? [], factors).map { -$0 * $1 }
    let standard = append(
      node(.affine(scale: factors, offset: offsets), layer, index, [input], layer.shape))
    return scale(standard, by: "gamma", shift: "beta", layer, index, channelShape(layer, graph))
  }

  /// Combines operands pair by pair. One number is no operand but part of a function of the other.
  mutating func combine(_ kind: Arithmetic, _ index: Int, of graph: ModelGraph, _ inputs: [Int]) -> Int {
    let layer = graph.layers[index]
    var result = inputs[0]
    let rank = layer.shape.count
    // Operands stand without the batch's side.
    for input in inputs {
      guard case .constant = nodes[input].kind else { continue }
      if let bare = ModelGraph.withoutBatch(nodes[input].shape, rank: rank) {
        setShape(bare, ofConstant: input)
      }
    }
    var shape = nodes[result].shape
    for other in inputs.dropFirst() {
      shape = ModelGraph.broadcast(shape, nodes[other].shape) ?? layer.shape
      if let function = numberFunction(kind, result, other) {
        result =
          function.algorithm == dnnl_eltwise_linear && function.alpha == 1 && function.beta == 0
          ? (isNumber(other) ? result : other)
          : append(node(.elementwise(function), layer, index, [isNumber(other) ? result : other], shape))
      } else {
        result = append(node(.arithmetic(kind), layer, index, [result, other], shape))
      }
    }
    if kind == .average, inputs.count > 1 {
      let mean = ElementwiseFunction(algorithm: dnnl_eltwise_linear, alpha: 1 / Float(inputs.count))
      result = append(node(.elementwise(mean), layer, index, [result], layer.shape))
    }
    return result
  }

  private func isNumber(_ index: Int) -> Bool {
    if case .constant(let values) = nodes[index].kind { values.count == 1 } else { false }
  }

  /// The function of one operand that the other, a number, makes of it; nil if neither is one, or it is none.
  private func numberFunction(_ kind: Arithmetic, _ first: Int, _ second: Int) -> ElementwiseFunction? {
    func number(_ index: Int) -> Float? {
      guard case .constant(let values) = nodes[index].kind, values.count == 1 else { return nil }
      // It must not make the other's shape longer.
      return values[0]
    }
    let (left, right) = (number(first), number(second))
    guard (left == nil) != (right == nil), let value = left ?? right, value.isFinite else { return nil }
    let other = left == nil ? first : second
    guard nodes[left == nil ? second : first].shape.count <= nodes[other].shape.count else { return nil }
    func linear(_ scale: Float, _ offset: Float) -> ElementwiseFunction {
      .init(algorithm: dnnl_eltwise_linear, alpha: scale, beta: offset)
    }
    switch kind {
    case .add, .average: return linear(1, value)
    case .subtract: return left == nil ? linear(1, -value) : linear(-1, value)
    case .multiply: return linear(value, 0)
    case .divide: return left == nil && value != 0 ? linear(1 / value, 0) : nil
    case .power: return left == nil ? .init(algorithm: dnnl_eltwise_pow, alpha: 1, beta: value) : nil
    case .maximum: return .init(algorithm: dnnl_eltwise_clip, alpha: value, beta: .greatestFiniteMagnitude)
    case .minimum: return .init(algorithm: dnnl_eltwise_clip, alpha: -.greatestFiniteMagnitude, beta: value)
    }
  }

  /// What only moves, leaves out or joins values.
  mutating func addArrangement(_ index: Int, of graph: ModelGraph, _ input: Int) -> Int {
    let layer = graph.layers[index]
    let before = graph.layers[layer.inputs[0]].shape
    func step(_ kind: LoweredNode.Kind, _ shape: [Int]? = nil) -> LoweredNode {
      node(kind, layer, index, [input], shape ?? layer.shape)
    }
    switch layer.operation {
    case .reduction(let kind, let axes, _):
      let sides = (try? ModelGraph.axes(axes, rank: before.count)) ?? []
      if before.count == 3, sides == (graph.channelsFirst ? [1, 2] : [0, 1]),
        [.mean, .maximum].contains(kind)
      {
        return append(step(.globalPooling(maximum: kind == .maximum)))
      }
      return append(step(.reduction(kind, axes: sides)))
    case .transpose(let order): return append(step(.transpose(order: order)))
    case .slice(let slices):
      let parts = before.indices.map { $0 < slices.count ? slices[$0] : Slice() }
      return append(
        step(
          .slice(
            starts: zip(parts, before).map { $0.range(in: $1)?.lowerBound ?? 0 },
            size: zip(parts, before).map { $0.count(in: $1) ?? $1 }, steps: parts.map(\.step))))
    case .centerCrop(let height, let width):
      let (inputHeight, inputWidth, channels) = graph.picture(before)
      let (top, left) = ((inputHeight - height) / 2, (inputWidth - width) / 2)
      let starts = graph.channelsFirst ? [0, top, left] : [top, left, 0]
      return append(
        step(.slice(starts: starts, size: graph.shape(height, width, channels), steps: [1, 1, 1])))
    case .resize(let resizing): return append(step(.resample(resizing)))
    default: return append(step(.reshape))
    }
  }

  /// Layers with weights of their own kind.
  mutating func addComposed(_ index: Int, of graph: ModelGraph, _ input: Int) -> Int {
    let layer = graph.layers[index]
    let shape = layer.shape
    func standardize(
      _ kind: Standardization.Kind, outer: Int = 1, places: Int = 1, groups: Int = 1, inner: Int
    )
      -> LoweredNode
    {
      node(
        .standardize(.init(kind: kind, outer: outer, places: places, groups: groups, inner: inner)), layer,
        index, [input], shape)
    }
    switch layer.operation {
    case .layerNormalization(let axes, let epsilon, _, _):
      let own = Array(shape.suffix(axes.count))
      let inner = own.reduce(1, *)
      let standard = append(
        standardize(
          .meanAndVariance(epsilon: epsilon), outer: shape.reduce(1, *) / inner, inner: inner))
      return scale(standard, by: "gamma", shift: "beta", layer, index, own)
    case .rootMeanSquareNormalization(let axes, let epsilon):
      let own = Array(shape.suffix(axes.count))
      let inner = own.reduce(1, *)
      let standard = append(
        standardize(.rootMeanSquare(epsilon: epsilon), outer: shape.reduce(1, *) / inner, inner: inner))
      return scale(standard, by: "scale", shift: nil, layer, index, own)
    case .unitNormalization(let axes, let epsilon):
      let inner = shape.suffix(axes.count).reduce(1, *)
      return append(
        standardize(.length(epsilon: epsilon), outer: shape.reduce(1, *) / inner, inner: inner))
    case .groupNormalization(let given, let epsilon, _, _):
      let channels = shape[graph.channelAxis(rank: shape.count)]
      let groups = given == 0 ? channels : given
      let pixels = shape.reduce(1, *) / channels
      let kind = Standardization.Kind.meanAndVariance(epsilon: epsilon)
      let standard = append(
        graph.channelAxis(rank: shape.count) == shape.count - 1
          ? standardize(kind, places: pixels, groups: groups, inner: channels / groups)
          : standardize(kind, outer: groups, inner: channels / groups * pixels))
      return scale(standard, by: "gamma", shift: "beta", layer, index, channelShape(layer, graph))
    case .parametricRelu:
      func function(_ function: ElementwiseFunction, _ input: Int) -> LoweredNode {
        node(.elementwise(function), layer, index, [input], shape)
      }
      let relu = ElementwiseFunction(algorithm: dnnl_eltwise_relu)
      let positive = append(function(relu, input))
      let turned = append(function(.init(algorithm: dnnl_eltwise_linear, alpha: -1), input))
      let negative = append(function(relu, turned))
      let scaled = scale(negative, by: "alpha", shift: nil, layer, index, layer.weight("alpha")?.shape ?? [])
      return append(node(.arithmetic(.subtract), layer, index, [positive, scaled], shape))
    case .transposedConvolution(let filters, let window, _, let groups, _, let activation):
      let (height, width, _) = graph.picture(shape)
      let channels = graph.picture(graph.layers[layer.inputs[0]].shape).channels
      // The convolution from the result back to the input.
      let convolution = ConvolutionShape(
        filters: channels, channels: filters, groups: groups, window: window,
        padding: window.padding(height: height, width: width))
      let product = append(node(.transposedConvolution(convolution), layer, index, [input], shape))
      let shifted = scale(product, by: nil, shift: "bias", layer, index, channelShape(layer, graph))
      return activate(shifted, activation, layer, index)
    default: return scale(input, by: "gamma", shift: nil, layer, index, channelShape(layer, graph))
    }
  }

  /// x - max - ln Σ exp(x - max) along the last side.
  mutating func logSoftmax(_ input: Int, _ layer: Layer, _ index: Int) -> Int {
    let shape = layer.shape
    let one = Array(shape.dropLast()) + [1]
    let last = [shape.count - 1]
    let largest = append(node(.reduction(.maximum, axes: last), layer, index, [input], one))
    let shifted = append(node(.arithmetic(.subtract), layer, index, [input, largest], shape))
    let powers = append(
      node(.elementwise(.init(algorithm: dnnl_eltwise_exp)), layer, index, [shifted], shape))
    let sum = append(node(.reduction(.sum, axes: last), layer, index, [powers], one))
    let logarithm = append(
      node(.elementwise(.init(algorithm: dnnl_eltwise_log)), layer, index, [sum], one))
    return append(node(.arithmetic(.subtract), layer, index, [shifted, logarithm], shape))
  }
}
