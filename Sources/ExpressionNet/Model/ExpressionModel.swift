import NetworkModel
import SystemIO

/// A trained expression classifier: a model file whose network answers with one probability for each class.
package struct ExpressionModel: Sendable {
  /// The network, its weights, and what the file says of them.
  package var file: ModelFile

  /// The network, with its weights.
  package var graph: ModelGraph {
    get { file.graph }
    _modify { yield &file.graph }
  }

  /// What the file says besides, in its member `fm.json`.
  package var information: ModelInformation {
    get { file.information }
    _modify { yield &file.information }
  }

  /// The optimizer's state and configuration, if the file has them and they were asked for.
  package var trainingState: TrainingState {
    get { file.trainingState }
    _modify { yield &file.trainingState }
  }

  /// Class names in the order of the outputs; none if nobody gave them names and none were required. Names that are
  /// set become the file's; guessed ones do not.
  package var classes: [String] {
    get { file.information.classes ?? (hasGuessedClasses ? Self.standardClasses : []) }
    set {
      file.information.classes = newValue.isEmpty ? nil : newValue
      hasGuessedClasses = false
    }
  }

  /// Whether ``classes`` are a guess, because the file names none and has as many outputs as ``standardClasses``.
  package private(set) var hasGuessedClasses = false

  /// How the network's outputs become probabilities.
  package var outputs: OutputReading { OutputReading(graph) }

  /// What a user should know of the file, and what is assumed of it.
  package var warnings: [String] {
    var warnings = file.warnings
    if hasGuessedClasses {
      warnings.append(
        "the file names no classes; taken to be \(Self.standardClasses.joined(separator: ", ")) (--classes says "
          + "otherwise: FER-2013's own order is --classes fer2013)")
    }
    if let warning = outputs.warning { warnings.append(warning) }
    return warnings
  }

  /// FER-2013's classes in alphabetical order: the names of a file that says none and has seven outputs.
  package static let standardClasses = ClassOrder.alphabetical.names

  /// - Parameters:
  ///   - path: A `.keras` archive, a whole-model HDF5 file, or with `weights` a network as JSON.
  ///   - weights: A file of weights to use instead of the model file's.
  ///   - classes: Names to use instead of the file's, in the order of the outputs; two for a single sigmoid.
  ///   - keepingTrainingState: True to read the optimizer's variables too (for writing the file again, or training).
  ///   - requiringClassNames: False to read also a file whose outputs nobody gives names, to describe it.
  ///   - readingONNX: True to read ONNX networks too, which can be run and not trained.
  /// - Throws: ``Failure`` (`badInput`) naming the file and the layer or member that is wrong, also if `classes` do not
  ///   fit the number of outputs; (`usage`) if two of them are the same or one is empty.
  package init(
    path: String, weights: String? = nil, classes: [String]? = nil, keepingTrainingState: Bool = false,
    requiringClassNames: Bool = true, readingONNX: Bool = false
  ) throws(Failure) {
    let file =
      try readingONNX
      ? ModelFile(network: path, weights: weights)
      : ModelFile(path: path, weights: weights, keepingTrainingState: keepingTrainingState)
    do throws(Failure) {
      try self.init(file, classes, requiringClassNames)
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
      ModelFile(bytes: bytes, keepingTrainingState: keepingTrainingState), classes, requiringClassNames)
  }

  /// A model made here.
  /// - Parameter classes: Names in the order of the outputs.
  package init(graph: ModelGraph, classes: [String], information: ModelInformation = ModelInformation()) {
    file = ModelFile(graph: graph, information: information)
    self.classes = classes
  }

  private init(_ file: ModelFile, _ given: [String]?, _ requiresClassNames: Bool) throws(Failure) {
    self.file = file
    guard graph.outputShape.count == 1 else {
      throw Failure(
        .badInput, step: "reading the model",
        cause: "its output \(graph.outputShape) is not one row of probabilities")
    }
    let count = outputs.classCount
    let ofModel =
      count == outputs.outputCount
      ? "the model has \(count) outputs" : "the model's one output is for 2 classes"
    if let given {
      guard given.count == count else {
        throw Failure(.badInput, step: "class names", cause: "\(given.count) given, but \(ofModel)")
      }
      guard Set(given).count == given.count, !given.contains("") else {
        throw Failure(.usage, step: "class names", cause: "they are not all different and not empty")
      }
      self.classes = given
    } else if let names = information.classes {
      guard names.count == count else {
        throw Failure(
          .badInput, step: "reading the model", subject: "member fm.json",
          cause: "\(names.count) class names, but \(ofModel)")
      }
    } else if count == Self.standardClasses.count {
      hasGuessedClasses = true
    } else if requiresClassNames {
      throw Failure(
        .badInput, step: "reading the model",
        cause: "the file does not name its \(count) classes: name them with --classes")
    }
  }
}
