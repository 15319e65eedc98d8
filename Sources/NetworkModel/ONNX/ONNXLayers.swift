import SystemIO

/// The layers that an ONNX graph becomes, and how what they give is brought into another order or shape.
final class ONNXLayers {
  private(set) var graph: ModelGraph
  /// The node that is being turned into layers: its name, and its operator.
  var current = (name: "", kind: "")
  private var parameters = 0
  /// Arrays of weights by what they were made from: one kernel may serve several nodes.
  private var kernels: [String: [Float]] = [:]

  /// A graph of an input alone.
  init(name: String, input: String, shape: [Int]) throws(Failure) {
    let layer = Layer(name: input, kind: "Input", operation: .input, inputs: [], weightsPath: input)
    graph = try ModelGraph(name: name, layers: [layer], output: 0, inputShape: shape)
  }

  /// The sides of what a layer gives, without the batch.
  func shape(_ layer: Int) -> [Int] { graph.layers[layer].shape }

  /// Appends a layer.
  /// - Parameter weights: Values for each of its weights, by their names.
  /// - Throws: ``Failure`` (`badInput`) if it does not fit its inputs, or the graph becomes too large.
  func append(_ operation: Operation, _ inputs: [Int], weights: [String: [Float]] = [:]) throws(Failure)
    -> Int
  {
    guard graph.layers.count < ModelLimits.layers else {
      throw Failure(
        .badInput, step: "reading ONNX", cause: "more than \(ModelLimits.layers) layers in the network")
    }
    let layer = Layer(
      name: current.name, kind: current.kind, operation: operation, inputs: inputs,
      weightsPath: "\(current.name)#\(graph.layers.count)")
    let index = try graph.append(layer, parameters: &parameters)
    for (position, weight) in graph.layers[index].weights.enumerated() {
      guard let values = weights[weight.name], values.count == weight.shape.reduce(1, *) else {
        throw Failure(
          .badInput, step: "reading ONNX",
          cause: "\(weights[weight.name]?.count ?? 0) values for a \(weight.name) of \(weight.shape)")
      }
      graph.setValues(values, ofLayer: index, weight: position)
    }
    return index
  }

  /// Weights made once for all nodes that want the same of the value `name`.
  func kernel(_ name: String, _ use: String, _ make: () -> [Float]) -> [Float] {
    let key = "\(use) \(name)"
    if let found = kernels[key] { return found }
    let made = make()
    kernels[key] = made
    return made
  }

  /// A layer of known values, without the batch's axis.
  func constant(_ shape: [Int], _ values: [Float]) throws(Failure) -> Int {
    try append(.constant(Constant(shape: shape, values: values)), [])
  }

  /// A layer whose sides are the axes `order`, which has to name all that have more than one value.
  func arranged(_ value: ONNXComputed, _ order: [Int]) throws(Failure) -> Int {
    let sides = order.map { value.shape[$0] }
    var layer = value.layer
    if value.longAxes != order.filter({ value.shape[$0] > 1 }) {
      let present = order.filter { value.order.contains($0) }
      let others = value.order.filter { !order.contains($0) }
      layer = try append(
        .transpose(order: (others + present).map { value.order.firstIndex(of: $0)! }), [layer])
    }
    return shape(layer) == sides ? layer : try append(.reshape(sides), [layer])
  }

  /// A picture: rows, columns, channels.
  func picture(_ value: ONNXComputed) throws(Failure) -> Int {
    guard value.shape.count == 4, value.shape[0] == 1 else {
      throw Failure(
        .badInput, step: "reading ONNX",
        cause: "its input of \(value.shape) is no picture [batch, channels, height, width]")
    }
    return try arranged(value, Self.pictureOrder)
  }

  /// ONNX's axes in the order of a picture's sides.
  static let pictureOrder = [2, 3, 1]

  /// What a layer gives that has a picture's sides.
  func picture(from layer: Int) -> ONNXComputed {
    let sides = shape(layer)
    return ONNXComputed(
      layer: layer, shape: [1, sides[2], sides[0], sides[1]], order: Self.pictureOrder)
  }

  /// The axes that a layer in ONNX's own order has: all but a first one of 1, or, if those are more than 3, those of
  /// more than one value.
  func naturalOrder(_ shape: [Int]) -> [Int] {
    var axes = Array(shape.indices)
    if axes.count > 1, shape[0] == 1 { axes.removeFirst() }
    if axes.count > 3 { axes.removeAll { shape[$0] == 1 } }
    return axes.isEmpty ? [shape.count - 1] : axes
  }

  /// The same values in ONNX's own order under another shape, of as many.
  func reshaped(_ value: ONNXComputed, _ shape: [Int]) throws(Failure) -> ONNXComputed {
    guard !shape.isEmpty, shape.reduce(1, *) == value.shape.reduce(1, *) else {
      throw Failure(
        .badInput, step: "reading ONNX", cause: "\(value.shape) does not fit \(shape), or that has no axes")
    }
    let (old, new) = (
      value.shape.indices.filter { value.shape[$0] > 1 }, shape.indices.filter { shape[$0] > 1 }
    )
    guard old.map({ value.shape[$0] }) == new.map({ shape[$0] }) else {
      let axes = value.longAxes
      let rows = try axes == axes.sorted() ? value.layer : arranged(value, naturalOrder(value.shape))
      let order = naturalOrder(shape)
      return ONNXComputed(
        layer: try append(.reshape(order.map { shape[$0] }), [rows]), shape: shape, order: order)
    }
    // Only axes of one value come or go: nothing moves.
    var free = shape.indices.dropFirst().filter { shape[$0] == 1 } + (shape[0] == 1 ? [0] : [])
    var order: [Int] = []
    for axis in value.order {
      if let place = old.firstIndex(of: axis) {
        order.append(new[place])
      } else if !free.isEmpty {
        order.append(free.removeFirst())
      }
    }
    if order.isEmpty { order = [shape.count - 1] }
    let sides = order.map { shape[$0] }
    let layer =
      self.shape(value.layer) == sides ? value.layer : try append(.reshape(sides), [value.layer])
    return ONNXComputed(layer: layer, shape: shape, order: order)
  }

  /// The same value with `axis` among its layer's sides.
  func having(_ value: ONNXComputed, _ axis: Int) throws(Failure) -> ONNXComputed {
    if value.order.contains(axis) { return value }
    var order = value.longAxes
    order.insert(axis, at: order.firstIndex { $0 > axis } ?? order.count)
    var result = value
    result.layer = try arranged(value, order)
    result.order = order
    return result
  }

  /// The same value with `axis` as its layer's last side.
  func ending(_ value: ONNXComputed, in axis: Int) throws(Failure) -> ONNXComputed {
    if value.order.last == axis { return value }
    var result = value
    result.order = value.longAxes.filter { $0 != axis } + [axis]
    result.layer = try arranged(value, result.order)
    return result
  }

  /// What a layer gives that changes only values: of the same shape and order.
  func map(_ value: ONNXComputed, _ operation: Operation, weights: [String: [Float]] = [:]) throws(Failure)
    -> ONNXValue
  {
    var result = value
    result.layer = try append(operation, [value.layer], weights: weights)
    return .computed(result)
  }
}
