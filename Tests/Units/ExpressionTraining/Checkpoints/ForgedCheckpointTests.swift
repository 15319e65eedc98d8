import Foundation
import FrameStream
import NetworkTraining
import PictureData
import ShapePictures
import SystemIO
import Testing
import TrainingReports

@testable import ExpressionTraining

/// The checksum is no secret: a checkpoint with a good one may hold any numbers, and none of them traps.
@Suite(.timeLimit(.minutes(2)))
struct ForgedCheckpointTests {
  let path = NSTemporaryDirectory() + "forged-\(UUID().uuidString)"

  /// Writes the checkpoint again with a key of `section` changed.
  private func forge(_ file: CheckpointFile, _ section: String, _ key: String, _ value: Int) throws {
    var writer = JSONWriter()
    func fields(_ json: JSONValue?, _ change: (String, inout JSONWriter) -> Bool) {
      writer.object { object in
        for (name, value) in json?.object?.fields ?? [] {
          object.key(name)
          if !change(name, &object) { object.value(value) }
        }
      }
    }
    fields(file.state) { name, object in
      guard name == section else { return false }
      if section == key {
        object.value(value)
      } else if let list = file.state[section]?.array {
        object.array { array in
          array.value(value)
          array.value(list[1])
        }
      } else {
        object.object { inner in
          for (name, old) in file.state[section]?.object?.fields ?? [] {
            inner.key(name)
            if name == key { inner.value(value) } else { inner.value(old) }
          }
        }
      }
      return true
    }
    let arrays = file.arrays.sorted { $0.key < $1.key }.map { (name: $0.key, values: $0.value) }
    try CheckpointFile.write(path, state: writer, arrays: arrays)
  }

  @Test func countersAreBounded() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var recipe = Shapes.recipe
    recipe.epochs = 2
    recipe.architecture.filters = [2]
    let data = try Shapes.data(18, 6)
    _ = try Shapes.trainer(recipe, data, checkpoint: path).run(until: 1)
    let file = try CheckpointFile(path: path)
    let history = try TrainingHistory(records: file.state["history"])
    let position = ["epoch", "step", "correct", "pictures", "plateau_epochs", "best_epoch", "seconds"]
    let keys = position.map { ("position", $0) } + [("optimizer", "0"), ("best_optimizer", "0")]
    for (section, key) in keys {
      for value in [Int.max, Int.min, -1, 1 << 41] where key != "seconds" || value < 0 {
        try forge(file, section, key, value)
        let trainer = try Shapes.trainer(recipe, data, checkpoint: path)
        let failure = #expect(throws: Failure.self, "\(key) \(value)") { try trainer.resume() }
        #expect(failure?.kind == .badInput, "\(key) \(value)")
      }
    }
    // Beside a finished model, too.
    for value in [Int.max, Int.min] {
      try forge(file, "epochs_before", "epochs_before", value)
      #expect(try !TrainingCheckpoint.isOfFinishedTraining(path, history: history))
    }
    // One that only has counters of its own still resumes.
    try forge(file, "position", "epoch", 1)
    #expect(try Shapes.trainer(recipe, data, checkpoint: path).resume())
  }
}
