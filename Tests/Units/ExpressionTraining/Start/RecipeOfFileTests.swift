import ExpressionNet
import FrameStream
import NetworkModel
import ShapePictures
import SystemIO
import Testing

@testable import ExpressionTraining

/// What may be asked of a network that comes from a file: nothing but what it is.
struct RecipeOfFileTests {
  private static let network = ["architecture", "filters", "kernels", "dense_units", "dropout", "size"]

  /// A model of 16x16 pixels with a recipe, as a training writes it.
  private func model(_ provenance: String?) throws -> ExpressionModel {
    let start = try StartingPoint(Shapes.recipe)
    var information = ModelInformation(classes: ["a", "b"])
    if let provenance {
      information.others = [("provenance", try JSONValue(JSONText(parsing: Array(provenance.utf8))))]
    }
    return ExpressionModel(graph: start.graph, classes: ["a", "b"], information: information)
  }

  private func madeHere(_ from: String = "") throws -> ExpressionModel {
    try model(#"{\#(from)"recipe":\#(Shapes.recipe.text)}"#)
  }

  @Test func whatAgreesMayBeSaidAgain() throws {
    var recipe = Shapes.recipe
    // In full what the file leaves to the architecture.
    recipe.architecture.kernels = [3, 3]
    recipe.architecture.denseUnits = []
    let names = Self.network + ["initializer", "epochs"]
    #expect(try recipe.contradiction(among: names, to: madeHere(), continuesTraining: true) == nil)
    #expect(try recipe.contradiction(among: names, to: madeHere(), continuesTraining: false) == nil)
  }

  @Test(arguments: [
    (#"{"architecture":"classic"}"#, "compact"), (#"{"filters":[9,9]}"#, "8,16"),
    (#"{"kernels":[5]}"#, "3,3"), (#"{"dense_units":[12]}"#, "none"), (#"{"dropout":0.9}"#, "0.1"),
    (#"{"size":99}"#, "16"),
  ])
  func whatDoesNotIsNamed(_ text: String, _ truth: String) throws {
    let json = try JSONValue(JSONText(parsing: Array(text.utf8)))
    let name = try #require(json.object?.fields.first?.key)
    var recipe = Shapes.recipe
    try recipe.apply(json)
    for continuesTraining in [true, false] {
      let found = try recipe.contradiction(
        among: [name], to: madeHere(), continuesTraining: continuesTraining)
      #expect(found?.name == name && found?.truth == truth)
      // A recipe's values that nobody asked for here are ignored.
      #expect(
        try recipe.contradiction(among: ["epochs"], to: madeHere(), continuesTraining: continuesTraining)
          == nil)
    }
  }

  @Test func aFileThatDoesNotSayHowItWasMade() throws {
    let recipe = Shapes.recipe
    for name in Self.network.dropLast() {
      let found = try recipe.contradiction(among: [name], to: model(nil), continuesTraining: false)
      #expect(found?.name == name && found?.truth == nil)
    }
    #expect(try recipe.contradiction(among: ["size"], to: model(nil), continuesTraining: false) == nil)
  }

  /// Pictures are loaded larger than the network's input there.
  @Test func theSizeOfCrops() throws {
    var recipe = Shapes.recipe
    (recipe.size, recipe.crop) = (20, 16)
    #expect(try recipe.contradiction(among: ["size"], to: madeHere(), continuesTraining: true) == nil)
  }

  @Test func whatAModelThatIsTrainedOnBeganWith() throws {
    var recipe = Shapes.recipe
    let names = ["from", "from_scratch", "initializer"]
    (recipe.from, recipe.fromScratch) = ("models/a.keras", true)
    #expect(
      try recipe.contradiction(among: names, to: madeHere(#""from":"a.keras","#), continuesTraining: true)
        == nil)
    let other = try recipe.contradiction(
      among: names, to: madeHere(#""from":"b.keras","#), continuesTraining: true)
    #expect(other?.name == "from" && other?.truth == "b.keras")
    let none = try recipe.contradiction(among: names, to: madeHere(), continuesTraining: true)
    #expect(none?.name == "from" && none?.truth == nil)
    recipe.initializer = "he_normal"
    let drawn = try recipe.contradiction(among: ["initializer"], to: madeHere(), continuesTraining: true)
    #expect(drawn?.truth == "glorot_uniform")
    // It draws the weights with --from-scratch.
    #expect(try recipe.contradiction(among: ["initializer"], to: madeHere(), continuesTraining: false) == nil)
  }
}
