import FrameStream
import PictureData
import ShapePictures
import Testing

@testable import ExpressionTraining

/// What is known of a training's pictures afterwards.
struct TrainingDataTests {
  private func set(_ pictures: [(label: Int, first: UInt8)]) throws -> PictureSet {
    try PictureSet(
      classes: ["a", "b"], width: 3, height: 3, names: pictures.map { "\($0.first)" },
      labels: pictures.map(\.label), pixels: pictures.flatMap { $0.first..<$0.first + 9 })
  }

  /// Checkpoints and models of older versions have these numbers, here computed by another program.
  @Test func fingerprintsStayWhatTheyWere() throws {
    let training = try set([(0, 0), (1, 9)])
    let alone = try TrainingData(training: training)
    #expect(alone.fingerprints == .init(training: "743fb6b366fa8de0", whole: "743fb6b366fa8de0"))
    let both = try TrainingData(training: training, validation: set([(1, 100)]))
    #expect(both.fingerprints == .init(training: "743fb6b366fa8de0", whole: "246793b20a285352"))
  }

  @Test func picturesOfBothSetsAreCounted() throws {
    let training = try set([(0, 0), (1, 9), (1, 30)])
    #expect(try TrainingData(training: training).repeatedCount == 0)
    #expect(try TrainingData(training: training, validation: set([(0, 1), (1, 40)])).repeatedCount == 0)
    // Whatever they are called, and of whatever class.
    let some = try set([(1, 0), (0, 50), (0, 30), (0, 30)])
    #expect(try TrainingData(training: training, validation: some).repeatedCount == 3)
    let (part, rest) = try set([(0, 0), (0, 0), (1, 9), (1, 9)]).split(fraction: 0.5, seed: 1)
    #expect(try TrainingData(training: part, validation: rest).repeatedCount == 2)
  }

  @Test func aModelKnowsItsTrainingPictures() throws {
    var recipe = Shapes.recipe
    recipe.epochs = 1
    let data = try Shapes.data(18, 9)
    let trainer = try Shapes.trainer(recipe, data)
    _ = try trainer.run()
    var model = try trainer.model(startedFrom: StartingPoint(recipe), version: "test")
    let validation = try #require(data.validation)
    #expect(model.wasTrained(with: data.training) && !model.wasTrained(with: validation))
    #expect(!model.wasTrained(with: data.training.subset([1, 0])))
    // Of an older version, which kept one number for all pictures.
    for (kept, isKnown) in [
      (try TrainingData(training: data.training).fingerprint, true), (data.fingerprint, false),
    ] {
      let provenance = try JSONValue(JSONText(parsing: Array("{\"data\":\"\(kept)\"}".utf8)))
      model.information.others = [("provenance", provenance)]
      #expect(model.wasTrained(with: data.training) == isKnown)
    }
    model.information.others = []
    #expect(!model.wasTrained(with: data.training))
  }
}
