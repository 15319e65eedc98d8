import ExpressionNet
import ExpressionTraining
import PictureData
import ShapePictures
import SystemIO

extension Shapes {
  /// A small network and a quick training.
  static var recipe: Recipe {
    var recipe = Recipe()
    recipe.architecture = Architecture(.compact)
    recipe.architecture.filters = [8, 16]
    recipe.architecture.dropout = 0.1
    recipe.size = 16
    recipe.epochs = 8
    recipe.batchSize = 16
    recipe.learningRate = 0.004
    return recipe
  }

  static func data(_ training: Int = 180, _ validation: Int = 60) throws(Failure) -> TrainingData {
    try TrainingData(training: set(training, seed: 1), validation: set(validation, seed: 2))
  }

  static func trainer(
    _ recipe: Recipe, _ data: TrainingData, checkpoint: String? = nil, seconds: Double = 1e9
  ) throws(Failure) -> Trainer {
    var start = try StartingPoint(recipe)
    try start.settle(recipe, classes: data.training.classes)
    var options = Trainer.Options()
    options.checkpoint = checkpoint
    options.checkpointSeconds = seconds
    options.threads = 1
    return try Trainer(
      recipe, graph: start.graph, data: data, preparation: start.preparation, options: options)
  }

  /// All weights of a result, as bits.
  static func bits(_ trainer: Trainer) throws(Failure) -> [UInt32] {
    try trainer.result().graph.layers.flatMap { $0.weights.flatMap { $0.values.map(\.bitPattern) } }
  }
}
