import ExpressionNet
import Foundation
import FrameStream
import KerasWriting
import NetworkEngine
import NetworkModel
import NetworkTraining
import ShapePictures
import SystemIO
import Testing

@testable import ExpressionTraining

/// Networks from files: what is kept, what is replaced, what is reported.
struct StartingPointTests {
  private let path = NSTemporaryDirectory() + "start-\(UUID().uuidString).keras"

  private func json(_ text: String) throws -> JSONValue {
    try JSONValue(JSONText(parsing: Array(text.utf8)))
  }

  /// Writes a network of two classes.
  private func write(_ change: (inout ExpressionModel) -> Void = { _ in }) throws {
    let start = try StartingPoint(Shapes.recipe)
    var graph = start.graph
    try graph.initializeWeights(nil, seed: 3)
    // Read and written twice, so that the configuration of the file is kept.
    let information = ModelInformation(preprocessing: Preprocessing(margin: 0.25))
    try ExpressionModel(graph: graph, classes: ["a", "b"], information: information).file.write(to: path)
    var model = try ExpressionModel(path: path)
    change(&model)
    try model.file.write(to: path)
  }

  private var recipe: Recipe {
    var recipe = Recipe()
    recipe.from = path
    return recipe
  }

  @Test func theLastLayerIsMadeAnewForOtherClasses() throws {
    try write {
      $0.information.others = [("license", .string("free")), ("calibration", .bool(true))]
    }
    defer { try? FileManager.default.removeItem(atPath: path) }
    var start = try StartingPoint(recipe)
    let before = start.graph
    #expect(start.classes == ["a", "b"] && start.warnings.isEmpty)
    try start.settle(recipe, classes: ["a", "b"])
    #expect(start.warnings.isEmpty && start.graph.outputShape == [2])
    let classes = ["a", "b", "c", "d", "e"]
    try start.settle(recipe, classes: classes)
    #expect(start.graph.outputShape == [5] && start.classes == classes)
    #expect(start.warnings.count == 1 && start.warnings[0].contains("2 outputs"), "\(start.warnings)")
    for (new, old) in zip(start.graph.layers.dropLast(), before.layers) {
      #expect(new.weights.map(\.values) == old.weights.map(\.values))
    }
    let kernel = try #require(start.graph.layers.last?.weight("kernel"))
    #expect(kernel.shape == [16, 5] && Set(kernel.values).count > 70)
    // The resulting file says so everywhere, and keeps nothing of the old outputs.
    let model = try #require(start.model)
    try model.file.write(to: path)
    let read = try ExpressionModel(path: path)
    #expect(read.graph.outputShape == [5] && read.classes == classes)
    #expect(read.graph.layers.last?.weight("kernel")?.values == kernel.values)
    #expect(read.information["calibration"] == nil && read.information["license"]?.string == "free")
    // A model that is gone on with stays as it is.
    var going = try StartingPoint(continuing: path, Recipe())
    #expect(throws: Failure.self) { try going.settle(Recipe(), classes: ["a", "b"]) }
  }

  @Test func inputsAreWhatTheNetworkTakes() throws {
    try write { $0.information.preprocessing?.standardize = true }
    defer { try? FileManager.default.removeItem(atPath: path) }
    var recipe = recipe
    var preparation = try StartingPoint(recipe).preparation
    #expect(preparation.standardize && preparation.margin == 0.25 && preparation.loadedMargin == 0.25)
    recipe.standardize = false
    recipe.crop = 16
    recipe.size = 20
    preparation = try StartingPoint(recipe).preparation
    #expect(!preparation.standardize && preparation.loadedWidth == 20)
    // The middle 16 of 20 pixels: a box without a tenth of it on every side; whole boxes are loaded.
    #expect(abs(preparation.margin + 0.1) < 1e-12 && abs(preparation.loadedMargin) < 1e-12)
    recipe.crop = 18
    let failure = #expect(throws: Failure.self) { try StartingPoint(recipe) }
    #expect(failure?.kind == .usage && failure?.description.contains("--crop 16") ?? false)
    let plain = try StartingPoint(Shapes.recipe).preparation.margin
    #expect(plain == 0 && plain.sign == .plus)
  }

  /// A model names its starting model by the file's name alone.
  @Test func foldersStayOutOfTheModel() throws {
    try write()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let data = try Shapes.data(9, 9)
    var start = try StartingPoint(recipe)
    try start.settle(recipe, classes: Shapes.classes)
    let trainer = try Trainer(
      recipe, graph: start.graph, data: data, preparation: start.preparation, options: Trainer.Options())
    let model = try trainer.model(startedFrom: start, version: "test")
    let name = try #require(path.split(separator: "/").last)
    let provenance = try #require(model.information["provenance"])
    #expect(provenance["from"]?.string == String(name))
    #expect(provenance["recipe"]?["from"]?.string == String(name))
    // The recipe says nothing of the size; the network has one.
    #expect(provenance["recipe"]?["size"]?.int == 16)
    let text = String(decoding: model.information.encoded(), as: UTF8.self)
    #expect(text.contains(name) && !text.contains(path))
    // Also in what comes of it, and what comes of that.
    try model.file.write(to: path)
    let going = try StartingPoint(continuing: path, Recipe())
    #expect(going.origin == String(name))
  }

  /// A convolution and a Dense with configurations as Keras writes them.
  private func graph(_ convolution: String, _ last: String = "{}") throws
    -> ModelGraph
  {
    let window = Window(kernel: .init(3, 3))
    var layers = [
      Layer(name: "input", kind: "InputLayer", operation: .input, inputs: [], weightsPath: ""),
      Layer(
        name: "conv", kind: "Conv2D",
        operation: .convolution(filters: 2, window: window, groups: 1, bias: true, .linear), inputs: [0],
        weightsPath: "layers/conv2d"),
      Layer(
        name: "flip", kind: "RandomFlip", operation: .identity, inputs: [1], weightsPath: "layers/random_flip"
      ),
      Layer(
        name: "flat", kind: "Flatten", operation: .flatten(pixelsFirst: false), inputs: [2],
        weightsPath: "layers/flatten"),
      Layer(
        name: "dense", kind: "Dense", operation: .dense(units: 3, bias: true, .softmax), inputs: [3],
        weightsPath: "layers/dense"),
    ]
    layers[1].configuration = try json(convolution)
    layers[4].configuration = try json(last)
    return try ModelGraph(name: "test", layers: layers, output: 4, inputShape: [6, 6, 1])
  }

  @Test func regularizersAreTakenAndTheRestIsTold() throws {
    var graph = try graph(
      #"""
      {"kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.25}}, "bias_regularizer": "l1",
       "kernel_constraint": {"class_name": "MaxNorm", "config": {}}, "activity_regularizer": null}
      """#,
      #"""
      {"kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.5, "l2": 2}},
       "bias_regularizer": {"class_name": "OrthogonalRegularizer", "config": {}}}
      """#)
    try graph.initializeWeights(nil, seed: 1)
    let network = try TrainingNetwork(graph, .init(threads: 1))
    let places = network.parameters
    #expect(
      graph.penalties(of: places) == [
        WeightPenalty(offset: places[0].offset, count: 18, l2: 0.25),
        WeightPenalty(offset: places[1].offset, count: 2, l1: 0.01),
        WeightPenalty(offset: places[2].offset, count: 96, l1: 0.5, l2: 2),
      ])
    let warnings = graph.trainingWarnings
    #expect(warnings.count == 3, "\(warnings)")
    for words in [
      "layer conv: its kernel_constraint, MaxNorm", "layer flip (RandomFlip)", "here use --flip",
      "layer dense: its bias_regularizer, OrthogonalRegularizer",
    ] { #expect(warnings.contains { $0.contains(words) }, "\(words): \(warnings)") }
  }

  @Test func initializersAreKnownOrNamed() throws {
    var scaled = try graph(
      #"""
      {"kernel_initializer": {"class_name": "VarianceScaling",
        "config": {"scale": 3.0, "mode": "fan_out", "distribution": "uniform"}},
       "bias_initializer": {"class_name": "Zeros", "config": {}}}
      """#)
    try scaled.initializeWeights(nil, seed: 1)
    // The limit is √(3·scale / fan), the fan 9·2.
    let limit = Float(0.5).squareRoot()
    let values = try #require(scaled.layers[1].weight("kernel")).values
    #expect(values.allSatisfy { abs($0) <= limit } && (values.map(abs).max() ?? 0) > limit / 2)
    for (text, words) in [
      (#"{"kernel_initializer": "orthogonal"}"#, "layer conv"),
      (#"{"kernel_initializer": {"class_name": "Orthogonal"}}"#, "its kernel, Orthogonal"),
      (#"{"bias_initializer": {"class_name": "Constant", "config": {"value": 1}}}"#, "its bias, Constant"),
    ] {
      var graph = try graph(text)
      let failure = #expect(throws: Failure.self) { try graph.initializeWeights(nil, seed: 1) }
      #expect(failure?.description.contains(words) ?? false, "\(String(describing: failure))")
    }
    var given = try graph(#"{"kernel_initializer": "orthogonal"}"#)
    try given.initializeWeights(.heNormal, seed: 1)
  }

  @Test func partsOfARecipeThatAreNotKnownArePassedOver() throws {
    let text = #"{"fm_model":1,"provenance":{"recipe":{"epochs":3,"warp":9,"seed":"x","batch_size":8}}}"#
    var model = try ExpressionModel(graph: graph("{}"), classes: ["a", "b", "c"])
    #expect(Recipe(keptIn: model) == nil)
    let bytes = Array(text.utf8)
    model.information = try bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in
      try ModelInformation(parsing: bytes)
    }
    var warnings: [String] = []
    let recipe = try #require(Recipe(keptIn: model) { warnings.append($0) })
    #expect(recipe.epochs == 3 && recipe.batchSize == 8 && recipe.seed == Recipe().seed)
    #expect(
      warnings.count == 2 && warnings[0].contains("warp") && warnings[1].contains("seed"), "\(warnings)")
  }
}
