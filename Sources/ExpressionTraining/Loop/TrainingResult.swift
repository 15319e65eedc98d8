import ExpressionNet
import FrameStream
import NetworkModel
import SystemIO
import TrainingReports

/// The outcome of a training run.
package struct TrainingResult: Sendable {
  /// The network with the weights that were chosen.
  package var graph: ModelGraph
  /// The optimizer's state that belongs to them, for Keras's `model.fit` and for continuing.
  package var trainingState: TrainingState
  /// The epoch of these weights, counted from the first training of the model.
  package var epoch: Int
}

extension TrainingResult {
  /// The model to be written.
  /// - Parameter keepsStart: True if its weights are those that the training began with.
  func model(
    startedFrom start: StartingPoint, classes: [String], history: TrainingHistory,
    provenance: ModelProvenance, keepsStart: Bool
  ) throws(Failure) -> ExpressionModel {
    var information = ModelInformation(classes: classes)
    information.preprocessing = start.preparation.preprocessing
    information.others = [
      (
        "history",
        try JSONValue { list in
          list.array { list in for record in history.epochs { list.object { record.writeTimeless(to: &$0) } }
          }
        }
      ),
      ("provenance", try JSONValue { provenance.write(to: &$0) }),
    ]
    // They are of the weights, which are the same, and of their input.
    if keepsStart, let kept = start.model?.information,
      kept.preprocessing ?? Preprocessing() == information.preprocessing
    {
      information.temperatures = kept.temperatures
      if let calibration = kept["calibration"] { information.others.append(("calibration", calibration)) }
    }
    if let license = start.model?.information["license"] { information.others.append(("license", license)) }
    var model = start.model ?? ExpressionModel(graph: graph, classes: classes, information: information)
    model.graph = graph
    model.classes = classes
    model.information = information
    model.trainingState = trainingState
    return model
  }
}

extension JSONValue {
  fileprivate init(_ write: (inout JSONWriter) -> Void) throws(Failure) {
    var writer = JSONWriter()
    write(&writer)
    self = try JSONValue(JSONText(parsing: writer.bytes))
  }
}

extension EpochRecord {
  /// The record without the measured times.
  fileprivate func writeTimeless(to writer: inout JSONWriter) {
    writer.field("epoch", epoch)
    for (key, value) in [
      ("loss", loss), ("accuracy", accuracy), ("val_loss", validationLoss),
      ("val_accuracy", validationAccuracy),
      ("learning_rate", learningRate),
    ] as [(String, Double?)] {
      writer.key(key)
      if let value { writer.value(value) } else { writer.null() }
    }
    guard let stageStart else { return }
    writer.field("from_epoch", stageStart.epoch)
    writer.key("from_val_accuracy")
    if let accuracy = stageStart.validationAccuracy { writer.value(accuracy) } else { writer.null() }
  }
}
