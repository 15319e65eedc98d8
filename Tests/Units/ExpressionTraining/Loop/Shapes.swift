import ExpressionTraining
import SystemIO

/// Pictures drawn by code: a disc, a cross, a square, at random places and greys, with noise.
enum Shapes {
  static let classes = ["cross", "disc", "square"]

  /// - Parameter shift: Labels are so many classes off.
  static func set(_ count: Int, side: Int = 16, seed: UInt64, shift: Int = 0) throws(Failure) -> PictureSet {
    var generator = SeededGenerator(seed: seed)
    var pixels: [UInt8] = []
    var labels: [Int] = []
    for index in 0..<count {
      labels.append((index + shift) % classes.count)
      pixels += picture(index % classes.count, side, &generator)
    }
    return try PictureSet(
      classes: classes, width: side, height: side,
      names: (0..<count).map { "\(classes[labels[$0]])/\($0).png" },
      labels: labels, pixels: pixels)
  }

  static func picture(_ label: Int, _ side: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    let radius = Double(side) * (0.2 + 0.12 * generator.uniform())
    let x0 = Double(side) / 2 + (generator.uniform() - 0.5) * Double(side) * 0.3
    let y0 = Double(side) / 2 + (generator.uniform() - 0.5) * Double(side) * 0.3
    let (ground, figure) = (40 + 40 * generator.uniform(), 150 + 80 * generator.uniform())
    return (0..<side * side).map { place in
      let (x, y) = (abs(Double(place % side) - x0), abs(Double(place / side) - y0))
      let isInside =
        switch label {
        case 0: min(x, y) < radius / 3 && max(x, y) < radius
        case 1: x * x + y * y < radius * radius
        default: max(x, y) < radius * 0.85
        }
      return UInt8(min(max((isInside ? figure : ground) + 12 * (generator.uniform() - 0.5), 0), 255))
    }
  }

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
