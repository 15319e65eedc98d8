import ExpressionNet
import FrameStream
import SystemIO

extension Trainer {
  /// The model to be written: the chosen weights, and in `fm.json` the classes, how faces are prepared, the history
  /// and where it all comes from.
  ///
  /// Nothing in it depends on when or how fast it was made: the same training gives the same bytes.
  /// - Parameter version: The program's name and version.
  public func model(startedFrom start: StartingPoint, version: String) throws(Failure) -> ExpressionModel {
    let result = try result()
    var information = ModelInformation(classes: data.training.classes)
    let crop = Double(start.preparation.cropMargin)
    // A network that was trained on the middle of pictures sees the middle of boxes.
    let cropped = -crop / 2 / Double(start.preparation.loadedWidth)
    information.preprocessing = Preprocessing(
      scale: start.preparation.scale, offset: start.preparation.offset,
      margin: recipe.margin ?? start.model?.information.preprocessing?.margin ?? cropped,
      standardize: start.preparation.standardize)
    information.others = [
      (
        "history",
        try Self.value { list in
          list.array { list in for record in history.epochs { list.object { record.writeTimeless(to: &$0) } }
          }
        }
      ),
      ("provenance", try Self.value { provenance(result, version: version, &$0) }),
    ]
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

  private func provenance(_ result: TrainingResult, version: String, _ writer: inout JSONWriter) {
    writer.object { object in
      object.key("version")
      object.value(version)
      object.key("epochs")
      object.value(epochsBefore + position.epoch)
      object.key("epoch")
      object.value(result.epoch)
      let chosen = history.epochs.first { $0.epoch == result.epoch }
      object.key("validation_accuracy")
      if let accuracy = chosen?.validationAccuracy { object.value(accuracy) } else { object.null() }
      object.key("pictures")
      object.object { counts in
        counts.key("training")
        counts.value(data.training.count)
        counts.key("validation")
        counts.value(data.validation?.count ?? 0)
        counts.key("by_class")
        counts.object { classes in
          for (name, count) in zip(data.training.classes, data.training.classCounts) {
            classes.key(name)
            classes.value(count)
          }
        }
        counts.key("unreadable")
        counts.value(data.training.unreadable.count)
      }
      object.key("data")
      object.value(dataFingerprint)
      object.key("recipe")
      recipe.write(to: &object)
    }
  }

  private static func value(_ write: (inout JSONWriter) -> Void) throws(Failure) -> JSONValue {
    var writer = JSONWriter()
    write(&writer)
    return try writer.bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in
      try JSONValue(parsing: bytes)
    }
  }
}

extension EpochRecord {
  /// The record without what a clock says.
  fileprivate func writeTimeless(to writer: inout JSONWriter) {
    writer.key("epoch")
    writer.value(epoch)
    for (key, value) in [
      ("loss", loss), ("accuracy", accuracy), ("val_loss", validationLoss),
      ("val_accuracy", validationAccuracy),
      ("learning_rate", learningRate),
    ] as [(String, Double?)] {
      writer.key(key)
      if let value { writer.value(value) } else { writer.null() }
    }
  }
}

extension Recipe {
  /// The recipe that a model was trained by, as its file keeps it; nil if it has none, or one of another version.
  public init?(keptIn model: ExpressionModel) {
    guard let json = model.information["provenance"]?["recipe"] else { return nil }
    self.init()
    do throws(Failure) { try apply(json) } catch { return nil }
  }
}
