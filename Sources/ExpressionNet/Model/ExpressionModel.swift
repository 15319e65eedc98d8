import FrameStream
import SystemIO

/// A trained expression classifier as a file holds it: network, weights, class names and how faces are prepared.
package struct ExpressionModel: Sendable {
  package var graph: ModelGraph
  /// The member `fm.json`, or an empty one.
  package var information: ModelInformation
  /// Class names in the order of the outputs; none if nobody gave them names and none were required.
  package var classes: [String]
  /// The optimizer's state and configuration, if the file has them and they were asked for.
  package var trainingState = TrainingState()
  /// How kernels are written: as they were read, unless ``roundKernels()`` was called.
  package internal(set) var weightFormat = WeightFormat.float32
  /// The configuration of a Keras 3 archive as it was read; nil if it is to be made from the graph.
  package var source: JSONValue?
  /// Things worth a word to the user: weights that are not numbers.
  package var warnings: [String] = []

  /// FER-2013's classes in alphabetical order: the names of a file that says none and has seven outputs.
  package static let standardClasses = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]

  /// - Parameters:
  ///   - path: A `.keras` archive, or a whole-model HDF5 file.
  ///   - classes: Names to use instead of the file's, in the order of the outputs.
  ///   - keepingTrainingState: True to read the optimizer's variables too (for writing the file again, or training).
  ///   - requiringClassNames: False to read also a file whose outputs nobody gives names, to describe it.
  /// - Throws: ``Failure`` (`badInput`) naming the file and the layer or member that is wrong, also if `classes` do not
  ///   fit the number of outputs; (`usage`) if two of them are the same or one is empty.
  package init(
    path: String, classes: [String]? = nil, keepingTrainingState: Bool = false,
    requiringClassNames: Bool = true
  ) throws(Failure) {
    let contents = try FileContents.read(path)
    do throws(Failure) {
      try self.init(
        KerasFile.read(
          contents, isNamedKeras: path.hasSuffix(".keras"), keepingTrainingState: keepingTrainingState),
        classes, requiringClassNames)
    } catch {
      throw error.within(path)
    }
  }

  /// The same from bytes in memory.
  package init(
    bytes: [UInt8], classes: [String]? = nil, keepingTrainingState: Bool = false,
    requiringClassNames: Bool = true
  ) throws(Failure) {
    try self.init(
      KerasFile.read(
        FileContents(bytes), isNamedKeras: false, keepingTrainingState: keepingTrainingState),
      classes, requiringClassNames)
  }

  /// A model made here.
  /// - Parameter classes: Names in the order of the outputs.
  package init(graph: ModelGraph, classes: [String], information: ModelInformation = ModelInformation()) {
    self.graph = graph
    self.classes = classes
    self.information = information
  }

  private init(_ file: KerasFile, _ given: [String]?, _ requiresClassNames: Bool) throws(Failure) {
    graph = file.graph
    source = file.configuration
    trainingState = file.trainingState
    weightFormat = file.weightFormat
    information = file.information
    warnings = file.notes + file.graph.warnings
    let outputs = graph.outputShape
    guard outputs.count == 1 else {
      throw Failure(
        .badInput, step: "reading the model", cause: "its output \(outputs) is not one row of probabilities")
    }
    if let given {
      guard given.count == outputs[0] else {
        throw Failure(
          .badInput, step: "class names",
          cause: "\(given.count) given, but the model has \(outputs[0]) outputs")
      }
      guard Set(given).count == given.count, !given.contains("") else {
        throw Failure(.usage, step: "class names", cause: "they are not all different and not empty")
      }
      self.classes = given
    } else if let names = information.classes {
      guard names.count == outputs[0] else {
        throw Failure(
          .badInput, step: "reading the model", subject: "member fm.json",
          cause: "\(names.count) class names, but the model has \(outputs[0]) outputs")
      }
      self.classes = names
    } else if outputs[0] == Self.standardClasses.count {
      self.classes = Self.standardClasses
    } else if !requiresClassNames {
      self.classes = []
    } else {
      throw Failure(
        .badInput, step: "reading the model",
        cause: "the file does not name its \(outputs[0]) classes: name them with --classes")
    }
  }
}

extension ModelGraph {
  /// One line for each layer with weights that are not numbers.
  var warnings: [String] {
    layers.compactMap { layer in
      let count = layer.weights.reduce(0) { $0 + $1.values.reduce(0) { $0 + ($1.isFinite ? 0 : 1) } }
      return count == 0 ? nil : "layer \(layer.name): \(count) of its weights are not finite numbers"
    }
  }
}
