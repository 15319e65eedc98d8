import FrameStream
import SystemIO

/// Reads a model's configuration, as Keras 2 and 3 write it, into a graph of layers without weights.
///
/// Sequential and Functional models, nested in each other as they like, become one flat graph. Dialects differ in
/// small ways: `batch_input_shape` or `batch_shape`, `inbound_nodes` as nested lists or as objects with
/// `keras_history`, activations by name or as objects.
struct KerasGraphReader {
  private var layers: [Layer] = []
  /// For each layer of the outermost model, the layers that it is made of: itself, or a nested model's.
  private var groups: [LegacyWeights.Group] = []
  /// What spatial layers say of the data format; they must agree.
  private var channelsFirst: Bool?
  /// Axes that name the channels, checked when shapes are known.
  private var axes: [(layer: Int, axis: Int)] = []
  /// True within a model that is called with `training=False`.
  private var isInferenceOnly = false
  private var inputShape: [Int] = []
  /// The size of the picture if the file leaves it free; nil to refuse such a file.
  private let freeSize: Window.Pair?
  private var hasFreeSize = false
  /// Entries and references looked at so far: a nested model costs its own at every call, and models may be nested.
  private var work = 0

  /// - Throws: ``Failure`` (`badInput`) if reading a file takes more steps than any real model's.
  mutating func spend(_ steps: Int) throws(Failure) {
    work += steps
    guard work <= 64 * ModelLimits.layers else {
      throw Self.refuse("its layers and their calls are more than \(64 * ModelLimits.layers)")
    }
  }

  private init(freeSize: Window.Pair?) { self.freeSize = freeSize }

  /// - Parameters:
  ///   - model: The object with `class_name` and `config`.
  ///   - freeSize: The size of the picture if the file leaves it free; nil to refuse such a file.
  /// - Throws: ``Failure`` (`badInput`) naming the layer that is unknown or not understood.
  static func read(_ model: JSONValue, freeSize: Window.Pair? = nil) throws(Failure) -> (
    graph: ModelGraph, groups: [LegacyWeights.Group]
  ) {
    var reader = KerasGraphReader(freeSize: freeSize)
    let name = model["config"]?["name"]?.string ?? "model"
    let output = try reader.model(model, prefix: "", path: "", input: nil)
    var graph = try ModelGraph(
      name: name, layers: reader.layers, output: output, inputShape: reader.inputShape,
      channelsFirst: reader.channelsFirst ?? false)
    graph.hasFreeSize = reader.hasFreeSize
    for layer in graph.layers where graph.channelsFirst && layer.shape.count > 1 {
      // By its name, or inside another layer, it goes along the last axis.
      let activation = layer.operation.activation
      guard activation != .logSoftmax,
        activation != .softmax || layer.shape.count == 3 && layer.kind == "Softmax"
      else {
        throw Failure(
          .badInput, step: "reading the model", subject: "layer \(layer.name)",
          cause: "softmax along the columns of a channels_first picture is not supported (only the channels)")
      }
    }
    try reader.checkRanks(graph)
    for (index, axis) in reader.axes {
      let rank = graph.layers[index].shape.count
      let channels = graph.channelAxis(rank: rank) + 1
      guard axis == channels || axis == channels - rank - 1 else {
        throw Failure(
          .badInput, step: "reading the model", subject: "layer \(graph.layers[index].name)",
          cause: "axis \(axis) is not supported (only the channels)")
      }
    }
    return (graph, reader.groups)
  }

  /// Refuses operations whose operands Keras would pair otherwise than picture by picture, which shows in their shapes.
  private func checkRanks(_ graph: ModelGraph) throws(Failure) {
    for layer in graph.layers {
      let shapes = layer.inputs.map { graph.layers[$0] }.filter { $0.kind != Self.constantKind }.map(\.shape)
      var cause: String?
      switch layer.operation {
      case .arithmetic where layer.module != nil && Set(shapes.map(\.count)).count > 1:
        cause = "the operation \(layer.kind) on \(shapes) pairs the batch with another side"
      case .flatten(true) where !graph.channelsFirst && shapes.first?.count == 3:
        cause = "a Flatten of channels_first pictures after channels_last ones is not supported"
      default: break
      }
      if let cause { throw Self.refuse(cause).within("layer \(layer.name)") }
    }
  }

  /// The class name of a layer that is a constant.
  static let constantKind = "Constant"

  /// Remembers what a layer of the outermost model is made of.
  private mutating func note(_ range: Range<Int>, _ name: String, _ prefix: String) {
    if prefix.isEmpty { groups.append(.init(name: name, layers: range)) }
  }

  /// The first that is there, a name of a layer or a class, short enough to stand in messages and, for a nested model's layers, in front of others.
  static func name(_ candidates: JSONValue?...) throws(Failure) -> String? {
    guard let text = candidates.lazy.compactMap({ $0?.string }).first else { return nil }
    guard text.utf8.count <= ModelLimits.name else {
      throw refuse("a name of more than \(ModelLimits.name) bytes, \"\(text.prefix(40))…\"")
    }
    return text
  }

  static func refuse(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading the model", cause: cause)
  }

  /// Adds the layers of a model; `input` is the layer that feeds it, or nil for the outermost.
  mutating func model(_ json: JSONValue, prefix: String, path: String, input: Int?) throws(Failure)
    -> Int
  {
    if case .foreign(let name) = KerasModule(json) {
      throw Self.refuse("\(name) is none of Keras's models, and not supported")
    }
    switch json["class_name"]?.string {
    case "Sequential": return try sequential(json, prefix, path, input)
    case "Functional", "Model": return try functional(json, prefix, path, input)
    case let name?:
      throw Self.refuse("\(name) models are not supported (only Sequential and Functional)")
    case nil: throw Self.refuse("no class_name: not a Keras model's configuration")
    }
  }

  /// Appends a layer and returns its index.
  private mutating func append(_ layer: Layer) throws(Failure) -> Int {
    guard layers.count < ModelLimits.layers else {
      throw Self.refuse("more than \(ModelLimits.layers) layers")
    }
    layers.append(layer)
    return layers.count - 1
  }

  mutating func appendInput(_ shape: [Int], name: String) throws(Failure) -> Int {
    inputShape = shape
    return try append(Layer(name: name, kind: "InputLayer", operation: .input, inputs: [], weightsPath: ""))
  }
}

// MARK: - Sequential

extension KerasGraphReader {
  private mutating func sequential(_ json: JSONValue, _ prefix: String, _ path: String, _ input: Int?)
    throws(Failure) -> Int
  {
    // Keras 1 and 2.0 wrote the list of layers itself.
    guard let list = json["config"]?["layers"]?.array ?? json["config"]?.array else {
      throw Self.refuse("the Sequential model lists no layers")
    }
    try spend(list.count + 1)
    var current = input
    var names = WeightNames(path: path)
    for entry in list {
      let configuration = entry["config"]
      if entry["class_name"]?.string == "InputLayer" {
        if current == nil {
          current = try appendInput(
            shape(configuration ?? .null), name: Self.name(configuration?["name"]) ?? "input")
        }
        continue
      }
      if current == nil {
        let shape =
          Self.declaredShape(configuration ?? .null)
          ?? json["config"]?["build_input_shape"] ?? json["build_config"]?["input_shape"]
        guard let shape else { throw Self.refuse("the input's shape is not stated") }
        current = try appendInput(dimensions(shape), name: "input")
      }
      current = try layer(entry, prefix, &names, .single(), tensors: [current!])
    }
    guard let current, list.count > 0 else { throw Self.refuse("the Sequential model lists no layers") }
    return current
  }

  /// The shape that a layer's configuration states for its input, batch included.
  private static func declaredShape(_ configuration: JSONValue) -> JSONValue? {
    for key in ["batch_shape", "batch_input_shape"] {
      if let shape = configuration[key], !shape.isNull { return shape }
    }
    if let shape = configuration["input_shape"]?.array { return .array([.null] + shape) }
    return nil
  }

  mutating func shape(_ configuration: JSONValue) throws(Failure) -> [Int] {
    guard let shape = Self.declaredShape(configuration) else {
      throw Self.refuse("the input's shape is not stated")
    }
    return try dimensions(shape)
  }

  /// A shape with its batch, which is dropped.
  private mutating func dimensions(_ shape: JSONValue) throws(Failure) -> [Int] {
    guard let sides = shape.array, (2...4).contains(sides.count) else {
      throw Self.refuse("the input is not one picture or one row of values")
    }
    if let freeSize, sides.count == 4, sides[1].isNull, sides[2].isNull, let channels = sides[3].int,
      (1...4).contains(channels)
    {
      hasFreeSize = true
      return [freeSize.height, freeSize.width, channels]
    }
    var result: [Int] = []
    for side in sides.dropFirst() {
      guard let side = side.int, side > 0, side <= ModelLimits.dimension else {
        throw Self.refuse("the input's size is not fixed")
      }
      result.append(side)
    }
    return result
  }
}

// MARK: - Layers

extension KerasGraphReader {
  /// Adds one call of a layer, or all that a nested model is made of.
  /// - Parameter tensors: The layers that the call's tensors come from.
  mutating func layer(
    _ entry: JSONValue, _ prefix: String, _ names: inout WeightNames, _ call: KerasCall, tensors: [Int]
  ) throws(Failure) -> Int {
    guard let kind = try Self.name(entry["class_name"]) else {
      throw Self.refuse("a layer has no class_name")
    }
    let configuration = entry["config"] ?? .null
    let name = prefix + (try Self.name(configuration["name"], entry["name"]) ?? kind)
    do throws(Failure) {
      let module = KerasModule(entry)
      switch module {
      case .layers: break
      case .operations: return try operation(entry, kind, name, call, tensors)
      case .architecture: break
      case .foreign(let foreign):
        guard kind == "Lambda" else {
          throw Self.refuse("\(foreign) is none of Keras's layers, and not supported")
        }
      }
      let path = names.next(kind)
      if Self.nestedModels.contains(kind) {
        let arguments = try KerasLayerCall(call, of: kind, merges: false, differsInTraining: true)
        let outer = isInferenceOnly
        isInferenceOnly = outer || arguments.isInferenceOnly
        defer { isInferenceOnly = outer }
        let first = layers.count
        let output = try model(entry, prefix: name + "/", path: path + "/", input: tensors[0])
        note(first..<layers.count, name, prefix)
        return output
      }
      return try layer(kind, module, configuration, name, path, prefix, call, tensors)
    } catch {
      throw error.subject.isEmpty ? error.within("layer \(name)") : error
    }
  }

  private mutating func layer(
    _ kind: String, _ module: KerasModule, _ configuration: JSONValue, _ name: String, _ path: String,
    _ prefix: String, _ call: KerasCall, _ tensors: [Int]
  ) throws(Failure) -> Int {
    let layer = KerasLayerReader(kind: kind, configuration: configuration)
    if let format = try layer.channelsFirst() {
      guard channelsFirst == nil || channelsFirst == format else {
        throw Self.refuse("mixes channels_first and channels_last")
      }
      channelsFirst = format
    }
    var operation: Operation
    if case .architecture(let architecture) = module {
      operation = try layer.operation(ofArchitecture: architecture)
    } else {
      operation = try layer.operation()
    }
    // Read at every call of a nested model.
    if case .affine(let scale, let offset) = operation { try spend((scale.count + offset.count) / 16) }
    let arguments = try KerasLayerCall(
      call, of: kind, merges: operation.takesManyInputs, differsInTraining: operation.differsInTraining,
      isRandomPreprocessing: KerasLayerReader.randomPreprocessing.contains(kind))
    let isInference = isInferenceOnly || arguments.isInferenceOnly
    // Nothing is dropped in a call that is not for training.
    if isInference, case .dropout = operation { operation = .dropout(rate: 0) }
    let first = layers.count
    let operands = try add(arguments.operands, tensors, for: name)
    if let axis = try layer.channelAxis() { axes.append((layers.count, axis)) }
    var result = Layer(name: name, kind: kind, operation: operation, inputs: operands, weightsPath: path)
    result.isTrainable = configuration["trainable"]?.bool ?? true
    result.isInferenceOnly = isInference
    result.configuration = configuration
    if case .architecture(let architecture) = module {
      result.module = "keras.src.applications.\(architecture)"
    }
    result.call = call.source.map { ($0, tensors) }
    note(first..<(layers.count + 1), name, prefix)
    return try append(result)
  }

  private mutating func operation(
    _ entry: JSONValue, _ kind: String, _ name: String, _ call: KerasCall, _ tensors: [Int]
  ) throws(Failure) -> Int {
    let configuration = entry["config"] ?? .null
    let (operation, operands) = try KerasOperationReader(
      kind: kind, configuration: configuration, call: call
    ).operation()
    let inputs = try add(operands, tensors, for: name)
    var result = Layer(name: name, kind: kind, operation: operation, inputs: inputs, weightsPath: "")
    result.configuration = configuration
    result.module = entry["module"]?.string
    result.call = call.source.map { ($0, tensors) }
    return try append(result)
  }

  /// The layers of a call's operands; constants become layers.
  private mutating func add(_ operands: [KerasArgument], _ tensors: [Int], for name: String) throws(Failure)
    -> [Int]
  {
    var inputs: [Int] = []
    for operand in operands {
      if case .tensor(let number) = operand {
        inputs.append(tensors[number])
      } else if let constant = operand.constant {
        inputs.append(
          try append(
            Layer(
              name: name + " constant", kind: Self.constantKind, operation: .constant(constant), inputs: [],
              weightsPath: "")))
      }
    }
    return inputs
  }
}
