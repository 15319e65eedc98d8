import ExpressionNet
import Foundation
import Glibc
import KerasWriting
import NetworkEngine
import NetworkModel
import PictureData
import ShapePictures
import SystemIO
import Testing

@testable import ExpressionTraining

/// Learning from other networks' answers.
@Suite(.timeLimit(.minutes(3)))
struct TeachersTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "teachers-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// A teacher that has learned shapes, or nothing yet.
  private func teacher(
    _ name: String, seed: Int, epochs: Int, _ change: (inout Recipe) -> Void = { _ in }
  ) throws -> String {
    var recipe = Shapes.recipe
    (recipe.seed, recipe.epochs) = (seed, max(epochs, 1))
    change(&recipe)
    let trainer = try Shapes.trainer(recipe, Shapes.data())
    _ = try trainer.run(until: epochs)
    let path = "\(folder)/\(name).keras"
    try trainer.model(startedFrom: StartingPoint(recipe), version: "test").file.write(to: path)
    return path
  }

  private func answers(
    _ recipe: Recipe, classes: [String] = Shapes.classes, _ pictures: [Float]
  ) throws -> [Float] {
    let preparation = try StartingPoint(Shapes.recipe).preparation
    let teachers = try #require(
      try Teachers(recipe, classes: classes, preparation: preparation, threads: 1))
    var rows = [Float](repeating: -1, count: pictures.count / 256 * classes.count)
    try pictures.withUnsafeBufferPointer { pictures in
      try rows.withUnsafeMutableBufferPointer { try teachers.answer(pictures, into: $0) }
    }
    return rows
  }

  @Test func theirMeanIsSoftenedAndInTheStudentsOrder() throws {
    defer { remove() }
    let paths = [try teacher("a", seed: 1, epochs: 1), try teacher("b", seed: 2, epochs: 0)]
    let set = try Shapes.set(5, seed: 3)
    let pictures = (0..<5).flatMap { index in set.withPixels(index) { $0.map { Float($0) } } }
    var recipe = Shapes.recipe
    recipe.teachers = paths
    recipe.teacherTemperature = 3
    var expected = [Double](repeating: 0, count: 15)
    for path in paths {
      let probabilities = try Network(ExpressionModel(path: path).graph).predict(pictures)
      for picture in 0..<5 {
        let powers = probabilities[(picture * 3)..<(picture * 3 + 3)].map { pow(Double($0), 1 / 3.0) }
        for place in 0..<3 { expected[picture * 3 + place] += powers[place] / powers.reduce(0, +) / 2 }
      }
    }
    let rows = try answers(recipe, pictures)
    #expect(zip(rows, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    let turned = try answers(recipe, classes: Shapes.classes.reversed(), pictures)
    for picture in 0..<5 {
      let range = (picture * 3)..<(picture * 3 + 3)
      #expect(Array(turned[range]) == rows[range].reversed())
    }
  }

  @Test func teachersOfOtherPicturesOrClassesAreRefused() throws {
    defer { remove() }
    var recipe = Shapes.recipe
    let path = try teacher("t", seed: 1, epochs: 0)
    recipe.teachers = [path]
    let preparation = try StartingPoint(Shapes.recipe).preparation
    func refusal(
      _ recipe: Recipe, classes: [String] = Shapes.classes, _ preparation: InputPreparation
    ) -> Failure? {
      #expect(throws: Failure.self) {
        _ = try Teachers(recipe, classes: classes, preparation: preparation, threads: 1)
      }
    }
    let other = refusal(recipe, classes: ["cross", "disc", "star"], preparation)
    #expect(other?.kind == .usage && other?.description.contains("t.keras") == true)
    #expect(refusal(recipe, classes: ["cross", "disc"], preparation)?.kind == .usage)
    var scaled = preparation
    scaled.scale = 0.5
    #expect(refusal(recipe, scaled)?.description.contains("scale") == true)
    var larger = recipe
    larger.teachers = [try teacher("l", seed: 1, epochs: 0) { $0.crop = 14 }]
    #expect(refusal(larger, preparation)?.description.contains("14x14x1") == true)
    recipe.teachers = [folder + "/none.keras"]
    #expect(refusal(recipe, preparation)?.kind == .inputOutput)
    recipe.teachers = []
    #expect(try Teachers(recipe, classes: Shapes.classes, preparation: preparation, threads: 1) == nil)
    recipe.teacherWeight = 0.5
    #expect(throws: Failure.self) { try recipe.validate() }
  }

  /// Labels that say nothing, and a teacher that knows: the student learns from the teacher, and the same whether it is
  /// interrupted or not; with other weights of the same name it does not resume.
  @Test func aStudentLearnsWhatItsTeacherKnows() throws {
    defer { remove() }
    let path = try teacher("t", seed: 1, epochs: 8)
    let right = try Shapes.set(180, seed: 1)
    let pixels = (0..<right.count).flatMap { index in right.withPixels(index) { Array($0) } }
    let data = try TrainingData(
      training: PictureSet(
        classes: right.classes, width: right.width, height: right.height,
        names: (0..<right.count).map(right.name), labels: (0..<right.count).map { $0 / 3 % 3 },
        pixels: pixels),
      validation: Shapes.set(60, seed: 2))
    var recipe = Shapes.recipe
    (recipe.teachers, recipe.teacherWeight, recipe.teacherTemperature) = ([path], 1, 2)
    recipe.augmentation.flip = 0.5
    recipe.augmentation.mixup = 0.1
    let whole = try Shapes.trainer(recipe, data)
    _ = try whole.run()
    #expect((whole.history.best?.validationAccuracy ?? 0) > 0.9, "\(whole.history.epochs)")
    let model = try whole.model(startedFrom: StartingPoint(recipe), version: "test")
    #expect(model.information["provenance"]?["recipe"]?["teacher"]?.array?.first?.string == "t.keras")

    let checkpoint = folder + "/checkpoint"
    let first = try Shapes.trainer(recipe, data, checkpoint: checkpoint)
    var steps = 0
    _ = try first.run(
      isStopped: { steps >= 7 },
      onEvent: { event throws(Failure) in if case .step = event { steps += 1 } })
    let second = try Shapes.trainer(recipe, data, checkpoint: checkpoint)
    #expect(try second.resume())
    _ = try second.run()
    #expect(try Shapes.bits(second) == Shapes.bits(whole))

    _ = try teacher("t", seed: 5, epochs: 0)
    let other = try Shapes.trainer(recipe, data, checkpoint: checkpoint)
    let failure = #expect(throws: Failure.self) { try other.resume() }
    #expect(failure?.kind == .usage && failure?.cause.contains("the teachers differ") == true)
  }
}
