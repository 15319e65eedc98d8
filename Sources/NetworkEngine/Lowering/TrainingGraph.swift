import COneDNN
import NetworkModel
import SystemIO

/// A step of a network in training. Unlike at inference nothing is folded into weights; a rectifier is joined to the
/// layer before it, whose gradient needs only the result, and padding to the convolution after it.
struct TrainingNode {
  /// The layer whose result this is, for messages.
  var name: String
  /// The identity of the layer whose weights it has; empty if it has none.
  var identity: String
  var kind: LoweredNode.Kind
  var inputs: [Int]
  var shape: [Int]
  /// What the kernel is called: a separable convolution has two.
  var kernelName: String
  var hasBias: Bool
  /// The slope below 0 of a rectifier joined to this node.
  var relu: Float?
  /// True if something before this node, or the node itself, is trained.
  var needsGradient = false
  /// How many nodes read the result.
  var readers = 0
  /// False for a node that was joined to another.
  var isPresent = true
}

/// A model's graph made ready for training, up to the values that softmax turns into probabilities, or to a detector's map.
struct TrainingGraph {
  /// What a network ends in.
  enum Ending: Equatable {
    /// A softmax over classes.
    case classes
    /// A convolution to a map of this many values a cell.
    case map(values: Int)
  }

  private(set) var nodes: [TrainingNode] = []
  /// The node whose results are the logits.
  private(set) var logits = 0
  let channelsFirst: Bool

  /// - Parameters:
  ///   - ending: What it must end in.
  ///   - isTrained: Whether a layer, by its identity, has weights that are trained.
  /// - Throws: ``Failure`` (`badInput`) naming a layer that cannot be trained.
  init(_ graph: ModelGraph, _ ending: Ending, isTrained: (_ identity: String) -> Bool) throws(Failure) {
    channelsFirst = graph.channelsFirst
    for layer in graph.layers where layer.operation == .identity && Self.randomClasses.contains(layer.kind) {
      throw Failure(
        .badInput, step: "preparing training", subject: "layer \(layer.name)",
        cause: "\(layer.kind) cannot be trained with (only run)")
    }
    let lowered = LoweredGraph(graph, isForTraining: true)
    nodes = lowered.nodes.map { TrainingNode($0, graph.layers[$0.layer]) }
    logits = try Self.logits(nodes, lowered.output, ending, channelsFirst: channelsFirst)
    keepNeeded()
    countReaders()
    join()
    countReaders()
    for index in nodes.indices where nodes[index].isPresent {
      nodes[index].needsGradient =
        isTrained(nodes[index].identity) || nodes[index].inputs.contains { nodes[$0].needsGradient }
    }
    guard nodes[logits].needsGradient else {
      throw Failure(.badInput, step: "preparing training", cause: "no layer of the model is trainable")
    }
  }

  /// Keras's classes that are random in training, or change its loss, and nothing at inference.
  private static let randomClasses: Set<String> = [
    "AlphaDropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization",
  ]

  /// The node whose results the loss is of.
  private static func logits(
    _ nodes: [TrainingNode], _ output: Int, _ ending: Ending, channelsFirst: Bool
  ) throws(Failure) -> Int {
    let node = nodes[output]
    switch (ending, node.kind) {
    case (.classes, .softmax) where node.shape.count == 1: return node.inputs[0]
    case (.map(let values), .convolution)
    where node.shape.count == 3 && node.shape[2] == values && !channelsFirst:
      return output
    default:
      throw Failure(
        .badInput, step: "preparing training", subject: "layer \(node.name)",
        cause: ending == .classes
          ? "the model does not end in a softmax over its classes"
          : "the model does not end in a convolution to a detector's map")
    }
  }

  /// Leaves out what the logits do not depend on.
  private mutating func keepNeeded() {
    var needed = [Bool](repeating: false, count: nodes.count)
    needed[logits] = true
    for index in nodes.indices.reversed() {
      if case .input = nodes[index].kind { needed[index] = true }
      if needed[index] { for input in nodes[index].inputs { needed[input] = true } }
      nodes[index].isPresent = needed[index]
    }
  }

  private mutating func countReaders() {
    for index in nodes.indices { nodes[index].readers = 0 }
    for node in nodes where node.isPresent { for input in node.inputs { nodes[input].readers += 1 } }
    nodes[logits].readers += 1
  }

  private mutating func join() {
    /// For each node, the one that holds its result after joining.
    var results = Array(nodes.indices)
    for index in nodes.indices where nodes[index].isPresent {
      nodes[index].inputs = nodes[index].inputs.map { results[$0] }
      guard let input = nodes[index].inputs.first, nodes[input].readers == 1 else { continue }
      switch (nodes[index].kind, nodes[input].kind) {
      case (.elementwise(let function), .convolution), (.elementwise(let function), .dense),
        (.elementwise(let function), .batchNormalization):
        guard function.algorithm == dnnl_eltwise_relu, function.alpha >= 0, nodes[input].relu == nil else {
          continue
        }
        if case .batchNormalization = nodes[input].kind, function.alpha > 0 { continue }
        nodes[input].relu = function.alpha
        nodes[input].readers = nodes[index].readers
        nodes[index].isPresent = false
        results[index] = input
      case (.convolution(var convolution), .padding(let extra)):
        convolution.padding = convolution.padding + extra
        nodes[index].kind = .convolution(convolution)
        nodes[index].inputs = nodes[input].inputs
        nodes[input].isPresent = false
      default: break
      }
    }
    logits = results[logits]
  }
}

extension TrainingNode {
  fileprivate init(_ lowered: LoweredNode, _ layer: Layer) {
    (name, kind, inputs, shape) = (lowered.name, lowered.kind, lowered.inputs, lowered.shape)
    (kernelName, hasBias) = (lowered.kernelName, lowered.hasBias)
    switch lowered.kind {
    case .batchNormalization(let epsilon, _) where !layer.isTrainable:
      // Keras: a layer that is not trainable normalizes with its moving statistics.
      let (scale, offset) = layer.movingNormalization(epsilon: epsilon)
      (kind, identity) = (.affine(scale: scale, offset: offset), "")
    case .convolution, .dense, .batchNormalization, .parameter, .transposedConvolution:
      identity = layer.identity
    default: identity = ""
    }
  }
}
