import ExpressionTraining
import Foundation
import PictureData
import ShapePictures
import SystemIO
import Testing

/// A damaged checkpoint is reported, never loaded, and never causes a crash.
@Suite(.timeLimit(.minutes(2)))
struct CheckpointTests {
  let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString)"

  private func small() throws -> (Recipe, TrainingData, [UInt8]) {
    var recipe = Shapes.recipe
    recipe.epochs = 1
    recipe.architecture.filters = [2]
    recipe.average = 0.5
    let data = try Shapes.data(18, 6)
    _ = try Shapes.trainer(recipe, data, checkpoint: path).run()
    let bytes = try #require(FileManager.default.contents(atPath: path))
    return (recipe, data, Array(bytes))
  }

  private func expectRefusal(_ bytes: [UInt8], _ trainer: Trainer, _ comment: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let failure = #expect(throws: Failure.self, "\(comment)") { try trainer.resume() }
    #expect(failure?.kind == .badInput, "\(comment)")
    #expect(failure?.description.contains("--restart") ?? false, "\(comment): \(String(describing: failure))")
  }

  @Test func truncation() throws {
    let (recipe, data, bytes) = try small()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let trainer = try Shapes.trainer(recipe, data, checkpoint: path)
    let places =
      Array(0..<200) + stride(from: 200, to: bytes.count, by: 97) + [bytes.count - 8, bytes.count - 1]
    for length in places { try expectRefusal(Array(bytes.prefix(length)), trainer, "\(length) bytes") }
    try expectRefusal(bytes + [0], trainer, "a byte more")
  }

  @Test func bitFlips() throws {
    let (recipe, data, bytes) = try small()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let trainer = try Shapes.trainer(recipe, data, checkpoint: path)
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      var damaged = bytes
      let place = Int(generator.next() % UInt64(bytes.count))
      damaged[place] ^= 1 << UInt8(generator.next() % 8)
      try expectRefusal(damaged, trainer, "byte \(place)")
    }
    // The whole one still is.
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try trainer.resume())
  }

  @Test func aChecksumTellsOneWordFromAnother() {
    func sum(_ bytes: [UInt8]) -> UInt64 {
      var checksum = Checksum()
      bytes.withUnsafeBytes { checksum.add($0) }
      return checksum.value
    }
    var seen: Set<UInt64> = []
    for length in 0..<40 {
      let bytes = [UInt8](repeating: 0, count: length)
      #expect(seen.insert(sum(bytes)).inserted)
      for place in 0..<length {
        var other = bytes
        other[place] = 1
        #expect(seen.insert(sum(other)).inserted)
      }
    }
  }
}
