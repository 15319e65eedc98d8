import FrameStream
import SystemIO

/// A layer's trained or adapted values, in Keras's order of dimensions.
package struct Weight: Sendable {
  /// Keras's name for it: `kernel`, `bias`, `gamma`, `moving_mean`…
  package var name: String
  /// The sides, in Keras's order.
  package var shape: [Int]
  /// `shape`'s product of values, the last dimension fastest; empty until they are read.
  package var values: [Float] = []

  /// A weight; without values it is to be read.
  package init(name: String, shape: [Int], values: [Float] = []) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// One call of a layer: what it computes, from which others, with which weights.
package struct Layer: Sendable {
  /// The layer's name, with its models' names before it if it is nested: `base/conv2d`.
  package var name: String
  /// Keras's class name.
  package var kind: String
  /// What it computes.
  package var operation: Operation
  /// Indices of the layers that feed it.
  package var inputs: [Int]
  /// False for a layer whose weights training leaves as they are.
  package var isTrainable = true
  /// True for a call in which nothing is random and statistics stay: Keras's `training=False`.
  package var isInferenceOnly = false
  /// The layer's configuration as a file gave it; nil for a layer made here.
  package var configuration: JSONValue?
  /// Keras's module, for a class that is none of its layers: an operation on tensors (`keras.src.ops.numpy`).
  package var module: String?
  /// The call's arguments as a file gave them, and the layers that its tensors come from, in their order there.
  package internal(set) var call: (arguments: JSONValue, tensors: [Int])?
  /// The groups that lead to its weights in a Keras 3 weights file: `layers/functional/layers/conv2d`.
  package var weightsPath: String
  /// Its weights, in Keras 3's order of saving.
  package var weights: [Weight] = []
  /// The result's shape without the batch, in the model's data format.
  package var shape: [Int] = []

  /// A layer whose shape and weights its graph infers.
  package init(name: String, kind: String, operation: Operation, inputs: [Int], weightsPath: String) {
    self.name = name
    self.kind = kind
    self.operation = operation
    self.inputs = inputs
    self.weightsPath = weightsPath
  }

  /// The weight called `name`; nil if this layer has none.
  package func weight(_ name: String) -> Weight? { weights.first { $0.name == name } }

  /// The same for all calls of one layer, and for no two layers.
  package var identity: String { weightsPath + "\n" + name }

  /// How many values its weights hold.
  package var parameterCount: Int { weights.reduce(0) { $0 + $1.shape.reduce(1, *) } }
}

/// A network as a graph of layers with one input, independent of the file it came from.
///
/// Layers are in an order in which each comes after those that feed it. Shapes are Keras's, without the batch.
package struct ModelGraph: Sendable {
  /// The model's name.
  package var name: String
  /// The calls of layers, each after those that feed it.
  package internal(set) var layers: [Layer]
  /// Indices of the layers whose results are the model's: one but for networks that find objects.
  package internal(set) var outputs: [Int]
  /// Index of the layer whose result is the model's, or the first of several.
  package internal(set) var output: Int {
    get { outputs[0] }
    set { outputs[0] = newValue }
  }
  /// True if pictures lie as channels, height, width (Keras's channels_first).
  package internal(set) var channelsFirst: Bool
  /// True if the picture may have any size: the shapes are those of one of them (``resized(height:width:)``).
  package var hasFreeSize = false

  /// Infers every layer's shape and makes room for its weights.
  /// - Throws: ``Failure`` (`badInput`) naming the layer that does not fit its inputs or a limit.
  package init(name: String, layers: [Layer], output: Int, inputShape: [Int], channelsFirst: Bool = false)
    throws(Failure)
  {
    self.name = name
    self.layers = layers
    outputs = [output]
    self.channelsFirst = channelsFirst
    try inferShapes(inputShape)
  }

  /// Gives a layer's weight its values.
  /// - Throws: ``Failure`` (`failed`) if there is no such weight, or their number does not fit its shape.
  package mutating func setWeight(_ name: String, ofLayer index: Int, to values: [Float]) throws(Failure) {
    guard layers.indices.contains(index),
      let position = layers[index].weights.firstIndex(where: { $0.name == name })
    else { throw Failure(.failed, step: "setting a weight", subject: name, cause: "no such weight") }
    guard values.count == layers[index].weights[position].shape.reduce(1, *) else {
      throw Failure(
        .failed, step: "setting a weight", subject: "layer \(layers[index].name)",
        cause: "\(values.count) values do not fit \(layers[index].weights[position].shape)")
    }
    layers[index].weights[position].values = values
  }

  /// Gives the weight at `weight` of a layer as many values as its shape has.
  package mutating func setValues(_ values: [Float], ofLayer layer: Int, weight: Int) {
    precondition(values.count == layers[layer].weights[weight].shape.reduce(1, *))
    layers[layer].weights[weight].values = values
  }

  /// The same graph in which a layer and the one that feeds it have a first side of 1 more: rows of channels as a
  /// picture of one row of pixels.
  package func raisingRows(ofLayer index: Int) -> ModelGraph {
    var graph = self
    graph.layers[index].shape.insert(1, at: 0)
    graph.layers[layers[index].inputs[0]].shape.insert(1, at: 0)
    return graph
  }

  /// The input's shape without the batch: height, width and channels of a picture in the model's data format.
  package var inputShape: [Int] { layers.first { $0.operation == .input }?.shape ?? [] }

  /// The result's shape without the batch: [classes] for a classifier.
  package var outputShape: [Int] { layers[output].shape }

  /// How many values the weights hold, a layer that is called twice counted once.
  package var parameterCount: Int {
    var seen: Set<String> = []
    return layers.reduce(0) { $0 + (seen.insert($1.weightsPath).inserted ? $1.parameterCount : 0) }
  }
}
