import ExpressionNet
import FrameStream
import NetworkModel
import SystemIO

extension Trainer {
  /// The model to be written: the chosen weights, and in `fm.json` the classes, how faces are prepared, the history
  /// and where it all comes from.
  ///
  /// Nothing in it depends on when or how fast it was made: the same training gives the same bytes.
  /// - Parameters:
  ///   - version: The program's name and version.
  ///   - trial: Of a tuning's model, the trial and its search.
  package func model(
    startedFrom start: StartingPoint, version: String, trial: (name: String, search: String)? = nil
  ) throws(Failure) -> ExpressionModel {
    let result = try result()
    var information = ModelInformation(classes: data.training.classes)
    information.preprocessing = start.preparation.preprocessing
    information.others = [
      (
        "history",
        try Self.value { list in
          list.array { list in for record in history.epochs { list.object { record.writeTimeless(to: &$0) } }
          }
        }
      ),
      (
        "provenance",
        try Self.value { provenance(result, from: start.origin, version: version, trial, &$0) }
      ),
    ]
    // They are of the weights, which are the same, and of their input.
    if keepsStart, let kept = start.model?.information,
      kept.preprocessing ?? Preprocessing() == information.preprocessing
    {
      information.temperature = kept.temperature
      if let calibration = kept["calibration"] { information.others.append(("calibration", calibration)) }
    }
    if let license = start.model?.information["license"] { information.others.append(("license", license)) }
    var model =
      start.model
      ?? ExpressionModel(graph: result.graph, classes: data.training.classes, information: information)
    model.graph = result.graph
    model.classes = data.training.classes
    model.information = information
    model.trainingState = result.trainingState
    return model
  }

  private func provenance(
    _ result: TrainingResult, from origin: String?, version: String,
    _ trial: (name: String, search: String)?, _ writer: inout JSONWriter
  ) {
    writer.object { object in
      object.field("version", version)
      object.field("epochs", epochsBefore + position.epoch)
      object.field("epoch", result.epoch)
      if let origin {
        object.field("from", FilePath.lastComponent(origin))
      }
      if let trial {
        object.field("trial", trial.name)
        object.field("search", trial.search)
      }
      object.field("validation_accuracy", orNull: chosenAccuracy)
      object.key("pictures")
      object.object { counts in
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
      object.field("data", dataFingerprints.whole)
      object.field("training_data", dataFingerprints.training)
      object.key("recipe")
      // Files go by their names: folders are of this machine, and nobody else's business.
      var recipe = recipe
      recipe.from = recipe.from.map(FilePath.lastComponent)
      recipe.write(to: &object, withArchitecture: origin == nil)
    }
  }

  private static func value(_ write: (inout JSONWriter) -> Void) throws(Failure) -> JSONValue {
    var writer = JSONWriter()
    write(&writer)
    return try JSONValue(JSONText(parsing: writer.bytes))
  }
}

extension EpochRecord {
  /// The record without what a clock says.
  fileprivate func writeTimeless(to writer: inout JSONWriter) {
    writer.field("epoch", epoch)
    for (key, value) in [
      ("loss", loss), ("accuracy", accuracy), ("val_loss", validationLoss),
      ("val_accuracy", validationAccuracy),
      ("learning_rate", learningRate),
    ] as [(String, Double?)] {
      writer.field(key, orNull: value)
    }
    guard let stageStart else { return }
    writer.field("from_epoch", stageStart.epoch)
    writer.field("from_val_accuracy", orNull: stageStart.validationAccuracy)
  }
}

extension Recipe {
  /// The recipe that a model was trained by, as its file keeps it; nil if it has none.
  /// - Parameter onWarning: Told of each value that is not understood, as one that another version wrote; the default
  ///   stands in its place.
  package init?(keptIn model: ExpressionModel, onWarning: (String) -> Void = { _ in }) {
    guard let fields = model.information["provenance"]?["recipe"]?.object?.fields else { return nil }
    self.init()
    for (key, value) in fields where !key.hasPrefix("_") {
      do throws(Failure) {
        try set(key, to: value)
      } catch {
        onWarning("of the model's recipe a part is passed over: \(error)")
      }
    }
    // Older versions wrote false for what was not said, also where the model they began with was standardized.
    if standardize == false, model.information.preprocessing?.standardize == true { standardize = nil }
  }
}
