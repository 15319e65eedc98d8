import Checkout
import Foundation
import FrameStream
import ShapePictures
import SystemIO
import Testing

@testable import ExpressionTraining

struct RecipeTests {
  private func recipe(_ text: String) throws -> Recipe {
    var recipe = Recipe()
    try recipe.apply(JSONValue(JSONText(parsing: Array(text.utf8))))
    return recipe
  }

  @Test func everythingIsReadBack() throws {
    var recipe = try recipe(
      """
      {"_comment": "for a test", "epochs": 60, "batch_size": 128, "architecture": "compact", "filters": [8, 16],
       "optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.9, "l2": 5e-4, "schedule": "cosine", "warm_up": 3,
       "label_smoothing": 0.1, "flip": true, "rotation": 12, "zoom": 0.15, "shift": 0.16, "erasing": 0.4,
       "crop": 44, "standardize": true, "average": 0.999, "precision": "bf16"}
      """)
    #expect(recipe.architecture.filters == [8, 16])
    #expect(recipe.augmentation.flip == 0.5)
    #expect(recipe.augmentation.scale == 0.85...1.15)
    #expect(recipe.cropMargin == 4)
    let copy = try self.recipe(recipe.text)
    #expect(copy == recipe)
    #expect(copy.differences(from: recipe).isEmpty)
    recipe.batchSize = 64
    recipe.augmentation.rotation = 5
    #expect(
      recipe.differences(from: copy) == ["batch_size was 128 and is 64", "rotation was 12.0 and is 5.0"])
  }

  @Test(arguments: [
    (#"{"learning_rat": 1}"#, "learning_rat: no such hyper-parameter (there is learning_rate)"),
    (#"{"epochs": "ten"}"#, "epochs: must be a whole number from 1 to 100000"),
    (#"{"epochs": 0}"#, "epochs: must be"), (#"{"epochs": 1.5}"#, "epochs: must be"),
    (#"{"epochs": null}"#, "epochs: must be"), (#"{"epochs": 1, "epochs": 2}"#, "epochs: appears twice"),
    (#"{"optimizer": "lion"}"#, #"optimizer: must be one of "adam", "adamw", "sgd""#),
    (#"{"filters": []}"#, "filters: must be a list"), (#"{"filters": [1, "2"]}"#, "filters: must be a list"),
    (#"{"flip": 1}"#, "flip: must be true or false"),
    (#"{"dropout": 1}"#, "dropout: must be a number from 0.0 to 0.95"),
    (#"{"augmentation": {"rotate": 3}}"#, "augmentation"),
    (#"{"initializer": "zeros"}"#, "initializer: must be one of"),
    (#"{"class_weights": "some"}"#, "class_weights: must be none, balanced, or a number"),
    (#"{"class_weights": {"sad": -1}}"#, "class_weights: must be"),
    (#"{"class_weights": {}}"#, "class_weights: must be"),
    (#"{"class_weights": 2}"#, "class_weights: must be"),
    (#"{"class_weights": {"sad": 1, "sad": 2}}"#, "class_weights: must be"),
    ("[]", "not a JSON object"), ("{", "not valid JSON"),
  ])
  func mistakesAreNamed(_ text: String, _ message: String) throws {
    let failure = #expect(throws: Failure.self) { try recipe(text) }
    #expect(failure?.kind == .badInput)
    #expect(failure?.description.contains(message) ?? false, "\(String(describing: failure))")
  }

  @Test func weightsOfClasses() throws {
    #expect(try recipe(#"{"class_weights": "balanced"}"#).classWeights == .balanced)
    let object = try recipe(#"{"class_weights": {"disc": 2, "a,b=c": 0.5}}"#)
    #expect(object.classWeights == .factors(["a,b=c": 0.5, "disc": 2]))
    #expect(object.text.contains(#""class_weights":{"a,b=c":0.5,"disc":2.0}"#), "\(object.text)")
    #expect(try recipe(object.text) == object)
    let text = try recipe(#"{"class_weights": "disc=2,square=0.5"}"#)
    let set = try Shapes.set(9, seed: 1)
    #expect(try text.classWeights.factors(for: set) == [1, 2, 0.5])
    #expect(try Recipe.ClassWeights.none.factors(for: set) == nil)
    #expect(try Recipe.ClassWeights.balanced.factors(for: set.subset([0, 3, 1])) == [0.75, 1.5, 0])
    let failure = #expect(throws: Failure.self) { try object.classWeights.factors(for: set) }
    #expect(failure?.kind == .usage && failure?.cause.contains("\"a,b=c\" is not one") ?? false)
    let nothing = Recipe.ClassWeights.factors(Dictionary(uniqueKeysWithValues: set.classes.map { ($0, 0) }))
    #expect(throws: Failure.self) { try nothing.factors(for: set) }
  }

  @Test func filesAreNamedToo() throws {
    let path = NSTemporaryDirectory() + "recipe-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(#"{"epochs": 3, "seed": -1}"#.utf8).write(to: URL(fileURLWithPath: path))
    let failure = #expect(throws: Failure.self) { try Recipe(path: path) }
    #expect(failure?.description.hasPrefix(path + ": seed: ") ?? false, "\(String(describing: failure))")
    #expect(throws: Failure.self) { try Recipe(path: path + ".missing") }
  }

  /// They run on every processor: `auto` is bf16 where it has that, else f32.
  @Test(arguments: ["fer2013", "fer2013-fine", "ferplus"]) func shippedRecipesLeaveThePrecisionToTheProcessor(
    _ name: String
  ) throws {
    let file = Checkout.root.appendingPathComponent("Sources/fm-train/Recipes/\(name).json")
    let recipe = try Recipe(path: file.path)
    #expect(recipe.precision == .auto)
    try recipe.validate()
  }

  @Test func valuesThatDoNotFitEachOtherAreRefused() throws {
    for text in [
      #"{"crop": 60}"#, #"{"crop": 4}"#, #"{"from_scratch": true}"#, #"{"momentum": 0.9}"#,
      #"{"schedule": "cosine", "epochs": 3, "warm_up": 3}"#,
    ] {
      let recipe = try recipe(text)
      #expect(throws: Failure.self, "\(text)") { try recipe.validate() }
    }
    try Recipe().validate()
  }

  @Test func whatIsMadeMeansNothingForANetworkFromAFile() throws {
    var recipe = try recipe(#"{"from": "a.keras", "architecture": "compact", "standardize": false}"#)
    #expect(!recipe.text.contains("architecture") && recipe.text.contains(#""from":"a.keras""#))
    #expect(recipe.text.contains(#""standardize":false"#))
    var other = recipe
    other.architecture.filters = [1]
    #expect(other.differences(from: recipe).isEmpty)
    recipe.from = nil
    recipe.standardize = nil
    #expect(
      recipe.text.contains(#""architecture":"compact""#) && recipe.text.contains(#""standardize":null"#))
  }
}
