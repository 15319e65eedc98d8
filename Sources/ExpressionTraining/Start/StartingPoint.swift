import ExpressionNet
import FrameStream
import NetworkModel
import NetworkTraining
import SystemIO
import TextTables
import TrainingReports

/// What a training begins with: a network, how its input is made, and its earlier epochs.
package struct StartingPoint: Sendable {
  /// The network with its starting weights.
  package var graph: ModelGraph
  /// How pictures become its input.
  package var preparation: InputPreparation
  /// The file that the network comes from; nil for one made here.
  package var model: ExpressionModel?
  /// The classes that the weights are of; nil if they are fresh.
  package var classes: [String]?
  /// The epochs that led to the weights.
  package var history = TrainingHistory()
  /// The file that the architecture is from; nil if it was made here, in this training or an earlier one.
  package private(set) var origin: String?
  /// Warnings for the user: parts of a file that have no effect here, or are replaced.
  package private(set) var warnings: [String] = []

  /// A network made here is made again once the number of classes is known from the data.
  private var isMade: Bool { model == nil }

  /// The network of a recipe: one made here, or that of a file.
  /// - Parameters:
  ///   - classNames: Names for the outputs of a file that does not have them.
  /// - Throws: ``Failure`` about the file, or the architecture.
  package init(_ recipe: Recipe, classNames: [String]? = nil) throws(Failure) {
    guard let path = recipe.from else {
      graph = try Self.made(recipe, classes: 2)
      preparation = try InputPreparation(graph)
      preparation.apply(recipe, nil)
      return
    }
    let model = try ExpressionModel(path: path, classes: classNames)
    self.model = model
    origin = path
    graph = model.graph
    do throws(Failure) {
      if recipe.fromScratch {
        try graph.initializeWeights(
          recipe.initializer.flatMap { Initializer(named: $0) }, seed: UInt64(recipe.seed))
      }
      preparation = try InputPreparation(graph)
      preparation.apply(recipe, model.information.preprocessing)
      try preparation.check(recipe)
    } catch {
      throw error.within(path)
    }
    if !recipe.fromScratch { classes = model.classes }
    warnings = model.warnings + graph.trainingWarnings
    if !recipe.fromScratch, !recipe.preparesPixels, let note = model.inputNote { warnings.append(note) }
  }

  /// A trained model to continue from.
  package init(continuing path: String, _ recipe: Recipe, classNames: [String]? = nil) throws(Failure) {
    let model = try ExpressionModel(path: path, classes: classNames, keepingTrainingState: true)
    self.model = model
    graph = model.graph
    classes = model.classes
    do throws(Failure) {
      preparation = try InputPreparation(graph)
      preparation.apply(recipe, model.information.preprocessing)
      try preparation.check(recipe)
      history = try TrainingHistory(records: model.information["history"])
    } catch {
      throw error.within(path)
    }
    let provenance = model.information["provenance"]
    let kept = provenance?["recipe"]
    origin = kept == nil ? path : provenance?["from"]?.string ?? kept?["from"]?.string
    warnings = model.warnings + graph.trainingWarnings
    if optimizerState == nil {
      warnings.append(
        "\(path): has no optimizer state (an exported copy has none): the optimizer starts from zero")
    }
  }

  /// How pictures become the input of a finished model.
  /// - Parameter recipe: That of the model, with its changes.
  package static func preparation(of model: ExpressionModel, _ recipe: Recipe) throws(Failure)
    -> InputPreparation
  {
    var preparation = try InputPreparation(model.graph)
    preparation.apply(recipe, model.information.preprocessing)
    // As fm-classify has it.
    if let given = model.information.preprocessing { preparation.margin = given.margin }
    return preparation
  }

  private static func made(_ recipe: Recipe, classes: Int) throws(Failure) -> ModelGraph {
    let side = recipe.crop > 0 ? recipe.crop : recipe.size
    return try recipe.architecture.graph(
      inputShape: [side, side, 1], classes: classes, rescaling: !(recipe.standardize ?? false),
      initializer: recipe.initializer.flatMap { Initializer(named: $0) }, seed: UInt64(recipe.seed))
  }

  /// Adapts the network to the classes of the data: one made here is made again; that of a file (``Recipe/from``) gets
  /// a fresh last layer if it has another number of outputs, with one of ``warnings``.
  /// - Throws: ``Failure`` (`badInput`) if the network has another number of outputs and its last layer cannot be
  ///   replaced.
  package mutating func settle(_ recipe: Recipe, classes: [String]) throws(Failure) {
    if isMade {
      graph = try Self.made(recipe, classes: classes.count)
      return
    }
    guard graph.outputShape != [classes.count] else { return }
    let outputs = graph.outputShape.last ?? 0
    guard let path = recipe.from, var model else {
      throw Failure(
        .badInput, step: "network", subject: recipe.from ?? "",
        cause: "it has \(outputs) outputs, and the pictures have \(classes.count) classes: "
          + NameList.quoted(classes))
    }
    model.graph = graph
    guard let layer = try model.file.replaceOutputs(classes.count) else {
      throw Failure(
        .badInput, step: "network", subject: path,
        cause:
          "it has \(outputs) outputs, the pictures have \(classes.count) classes: \(NameList.quoted(classes)), and "
          + "its last layer is not a Dense layer that could be replaced")
    }
    do throws(Failure) {
      try model.graph.initializeWeights(
        recipe.initializer.flatMap { Initializer(named: $0) }, seed: UInt64(recipe.seed), ofLayer: layer)
    } catch {
      throw error.within(path)
    }
    model.classes = classes
    // Calibration and history are of other outputs.
    var information = ModelInformation(
      classes: classes, preprocessing: model.information.preprocessing)
    if let license = model.information["license"] { information.others = [("license", license)] }
    model.information = information
    warnings.append(
      "\(path): has \(outputs) outputs, and the pictures have \(classes.count) classes: its last layer, "
        + "\(model.graph.layers[layer].name), is replaced by a new one with \(classes.count)")
    graph = model.graph
    self.model = model
    self.classes = classes
  }

  /// The optimizer's state that came with the weights.
  package var optimizerState: TrainingState? {
    guard let state = model?.trainingState, !state.optimizer.isEmpty else { return nil }
    return state
  }

  /// The epoch of the weights that a training continues from; nil if that is not known.
  package var epoch: Int? {
    history.epochs.isEmpty ? nil : model?.information["provenance"]?["epoch"]?.int
  }
}

extension InputPreparation {
  /// Takes values from a recipe, or else from the model's file.
  fileprivate mutating func apply(_ recipe: Recipe, _ given: Preprocessing?) {
    scale = recipe.inputScale.map { Float($0) } ?? given?.scale ?? 1
    offset = recipe.inputOffset.map { Float($0) } ?? given?.offset ?? 0
    standardize = recipe.standardize ?? given?.standardize ?? false
    cropMargin = recipe.cropMargin
    // A network that was trained on the middle of pictures sees the middle of boxes.
    let cropped = -Double(cropMargin) / 2 / Double(loadedWidth)
    margin = recipe.margin ?? (cropMargin > 0 ? cropped : given?.margin ?? 0)
    // Files say 0, never -0.
    if margin == 0 { margin = 0 }
  }

  /// - Throws: ``Failure`` (`usage`) if the recipe's crop is not the size of the network's input.
  fileprivate func check(_ recipe: Recipe) throws(Failure) {
    guard recipe.crop > 0, recipe.crop != inputWidth || recipe.crop != inputHeight else { return }
    let size = "\(inputWidth)x\(inputHeight)"
    throw Failure(
      .usage, step: "crop",
      cause:
        "the network takes pictures of \(size), not a crop of \(recipe.crop): give --crop \(inputWidth) with "
        + "a larger --size, or --crop 0")
  }
}

extension TrainingHistory {
  /// The epochs recorded in a model's file.
  /// - Throws: ``Failure`` (`badInput`) if they are not what this program writes.
  package init(keptIn model: ExpressionModel) throws(Failure) {
    try self.init(records: model.information["history"])
  }
}
