import FrameStream
import PictureData
import SystemIO

/// Where a trained model comes from: the `provenance` object of its file.
struct ModelProvenance {
  /// The program's name and version.
  var version: String
  /// Epochs done, those of earlier trainings included.
  var epochs: Int
  /// The epoch of the weights.
  var epoch: Int
  /// The file that the architecture is from; nil for one of ``Architecture``.
  var origin: String?
  /// The trial of a search and the search.
  var trial: (name: String, search: String)?
  /// The weights' validation accuracy.
  var accuracy: Double?
  var data: TrainingData
  /// The fingerprint of the pictures to train with.
  var trainingFingerprint: String
  /// The fingerprint of all pictures.
  var wholeFingerprint: String
  var recipe: Recipe

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("version", version)
      object.field("epochs", epochs)
      object.field("epoch", epoch)
      if let origin {
        object.field("from", FilePath.lastComponent(origin))
      }
      if let trial {
        object.field("trial", trial.name)
        object.field("search", trial.search)
      }
      object.key("validation_accuracy")
      if let accuracy { object.value(accuracy) } else { object.null() }
      object.key("pictures")
      object.object { writeCounts(to: &$0) }
      object.field("data", wholeFingerprint)
      object.field("training_data", trainingFingerprint)
      object.key("recipe")
      // Files go by their names: folders are private to this machine.
      var recipe = recipe
      recipe.from = recipe.from.map(FilePath.lastComponent)
      recipe.teachers = recipe.teachers.map(FilePath.lastComponent)
      recipe.write(to: &object, withArchitecture: origin == nil)
    }
  }

  private func writeCounts(to counts: inout JSONWriter) {
    counts.field("training", data.training.count)
    counts.field("validation", data.validation?.count ?? 0)
    counts.key("by_class")
    counts.object { classes in
      for (name, count) in zip(data.training.classes, data.training.classCounts) {
        classes.field(name, count)
      }
    }
    counts.field("unreadable", data.training.unreadable.count)
  }
}
