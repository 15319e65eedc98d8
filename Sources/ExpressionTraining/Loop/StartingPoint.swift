import ExpressionNet
import FrameStream
import SystemIO

/// What a training begins with: a network, how its input is made, and what it has behind it.
public struct StartingPoint: Sendable {
  public var graph: ModelGraph
  public var preparation: InputPreparation
  /// The file that the network comes from; nil for one made here.
  public var model: ExpressionModel?
  /// The classes that the weights are of; nil if they are fresh.
  public var classes: [String]?
  /// Epochs that the weights have behind them.
  public var history = TrainingHistory()

  /// The number of classes is not known before the data is, so that a network made here is made anew then.
  private var isMade: Bool { model == nil }

  /// What a recipe says: a network made here, or that of a file.
  /// - Parameters:
  ///   - classNames: Names for the outputs of a file that does not say them.
  /// - Throws: ``Failure`` about the file, or the architecture.
  public init(_ recipe: Recipe, classNames: [String]? = nil) throws(Failure) {
    guard let path = recipe.from else {
      graph = try Self.made(recipe, classes: 2)
      preparation = try InputPreparation(graph)
      prepare(recipe)
      return
    }
    let model = try ExpressionModel(path: path, classes: classNames)
    self.model = model
    graph = model.graph
    if recipe.fromScratch {
      try graph.initializeWeights(
        recipe.initializer.flatMap { Initializer(named: $0) }, seed: UInt64(recipe.seed))
    } else {
      classes = model.classes
    }
    do throws(Failure) { preparation = try InputPreparation(graph) } catch { throw error.within(path) }
    prepare(recipe)
  }

  /// A model that was trained here or elsewhere, to go on with.
  public init(continuing path: String, _ recipe: Recipe, classNames: [String]? = nil) throws(Failure) {
    let model = try ExpressionModel(path: path, classes: classNames, keepingTrainingState: true)
    self.model = model
    graph = model.graph
    classes = model.classes
    do throws(Failure) {
      preparation = try InputPreparation(graph)
      history = try TrainingHistory(records: model.information["history"])
    } catch {
      throw error.within(path)
    }
    prepare(recipe)
  }

  private mutating func prepare(_ recipe: Recipe) {
    preparation.take(recipe, model?.information.preprocessing)
  }

  /// How pictures become the input of a finished model.
  /// - Parameter recipe: That of the model, with what is to be otherwise.
  public static func preparation(of model: ExpressionModel, _ recipe: Recipe) throws(Failure)
    -> InputPreparation
  {
    var preparation = try InputPreparation(model.graph)
    preparation.take(recipe, model.information.preprocessing)
    return preparation
  }

  private static func made(_ recipe: Recipe, classes: Int) throws(Failure) -> ModelGraph {
    let side = recipe.crop > 0 ? recipe.crop : recipe.size
    return try recipe.architecture.graph(
      inputShape: [side, side, 1], classes: classes, rescaling: !recipe.standardize,
      initializer: recipe.initializer.flatMap { Initializer(named: $0) }, seed: UInt64(recipe.seed))
  }

  /// Makes the network for the classes that the data has.
  /// - Throws: ``Failure`` (`badInput`) if the network of a file has another number of outputs.
  public mutating func settle(_ recipe: Recipe, classes: [String]) throws(Failure) {
    if isMade {
      graph = try Self.made(recipe, classes: classes.count)
    } else if graph.outputShape != [classes.count] {
      throw Failure(
        .badInput, step: "network", subject: recipe.from ?? "",
        cause:
          "it has \(graph.outputShape.last ?? 0) outputs, and the pictures have \(classes.count) classes: "
          + quotedList(classes))
    }
  }

  /// The optimizer's state that came with the weights.
  public var optimizerState: TrainingState? {
    guard let state = model?.trainingState, !state.optimizer.isEmpty else { return nil }
    return state
  }
}

extension InputPreparation {
  /// What a recipe says, or else the model's file.
  fileprivate mutating func take(_ recipe: Recipe, _ given: Preprocessing?) {
    scale = recipe.inputScale.map { Float($0) } ?? given?.scale ?? 1
    offset = recipe.inputOffset.map { Float($0) } ?? given?.offset ?? 0
    standardize = recipe.standardize || given?.standardize ?? false
    cropMargin = recipe.cropMargin
  }
}

extension TrainingHistory {
  /// The epochs that a model's file tells of.
  /// - Throws: ``Failure`` (`badInput`) if they are not what this program writes.
  public init(keptIn model: ExpressionModel) throws(Failure) {
    try self.init(records: model.information["history"])
  }
}
