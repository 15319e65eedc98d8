/// What a network is trained for, by the loss of its output.
package enum TrainingObjective: Sendable, Equatable {
  /// One class of several for each picture: softmax and categorical cross-entropy.
  case classification
  /// Objects in a picture, told by each cell of a map.
  case detection(DetectionLoss)

  /// What the network must end in.
  var ending: TrainingGraph.Ending {
    switch self {
    case .classification: .classes
    case .detection: .map(values: DetectionLoss.cellValues)
    }
  }
}
