import FrameStream

/// What a model file holds: a network with its weights, and what is known about it.
package struct ModelFile: Sendable {
  /// The network, with its weights.
  package var graph: ModelGraph
  /// The member `fm.json`, or an empty one.
  package var information: ModelInformation
  /// The optimizer's state and configuration, if the file has them and they were asked for.
  package var trainingState = TrainingState()
  /// How kernels are written: as they were read, unless ``roundKernels()`` was called.
  package internal(set) var weightFormat = WeightFormat.float32
  /// The configuration of a Keras 3 archive as it was read; nil if it is to be made from the graph.
  package internal(set) var configuration: JSONValue?
  /// The ``SHA256`` of the file in hexadecimal digits; nil for a model made here.
  package internal(set) var sha256: String?
  /// What a user should know: parts of the file that were left out, and weights that are not numbers.
  package internal(set) var warnings: [String] = []

  /// A model made here, or in a file.
  package init(graph: ModelGraph, information: ModelInformation = ModelInformation()) {
    self.graph = graph
    self.information = information
  }
}
