/// What a network is trained for, by the loss of its output.
package enum TrainingObjective: Sendable, Equatable {
  /// One class of several for each picture: softmax and categorical cross-entropy, and the divergence from teachers if
  /// there are any.
  case classification(Distillation?)
  /// Objects in a picture, told by each cell of a map.
  case detection(DetectionLoss)

  /// How teachers count in the loss; nil if there are none.
  var distillation: Distillation? {
    if case .classification(let distillation) = self { distillation } else { nil }
  }

  /// What the network must end in.
  var ending: TrainingGraph.Ending {
    switch self {
    case .classification: .classes
    case .detection: .map(values: DetectionLoss.cellValues)
    }
  }
}
