import Glibc

/// How the learning rate moves while a network is trained, by Keras's formulas.
package struct LearningRateSchedule: Sendable, Equatable {
  /// The kinds of schedules.
  package enum Shape: String, Sendable, CaseIterable {
    /// The peak rate all the time.
    case constant
    /// From the peak down to 0 along half a cosine (keras.optimizers.schedules.CosineDecay, alpha 0).
    case cosine
    /// Multiplied by ``LearningRateSchedule/factor`` every ``LearningRateSchedule/stepEpochs`` epochs
    /// (ExponentialDecay with staircase).
    case step
    /// Multiplied by ``LearningRateSchedule/factor`` when the watched loss stops improving (ReduceLROnPlateau).
    case plateau
  }

  /// The kind.
  package var shape = Shape.constant
  /// The highest rate.
  package var peak = 0.001
  /// Epochs in which the rate rises linearly from 0 to the peak, before the shape begins (CosineDecay's
  /// warmup_steps).
  package var warmUpEpochs = 0.0
  /// Epochs between two steps of the step shape.
  package var stepEpochs = 10
  /// Decay factor of the step and plateau shapes.
  package var factor = 0.1
  /// Epochs without improvement after which the plateau shape lowers the rate.
  package var patience = 10

  /// A constant rate of 0.001.
  package init() {}

  /// The rate of one step.
  /// - Parameters:
  ///   - step: The number of steps before it, from the beginning of the training.
  ///   - stepsPerEpoch: Steps of one epoch.
  ///   - epochs: Epochs of the whole training.
  ///   - plateau: What the epochs so far have shown; only the plateau shape looks at it.
  package func rate(atStep step: Int, stepsPerEpoch: Int, epochs: Int, plateau: PlateauState) -> Double {
    let warmUp = (warmUpEpochs * Double(stepsPerEpoch)).rounded()
    if Double(step) < warmUp { return peak * Double(step) / warmUp }
    switch shape {
    case .constant: return peak
    case .plateau: return peak * plateau.scale
    case .step:
      let fallen = (step - Int(warmUp)) / max(stepsPerEpoch * stepEpochs, 1)
      return peak * pow(factor, Double(fallen))
    case .cosine:
      let total = max(Double(stepsPerEpoch * epochs) - warmUp, 1)
      let done = min(Double(step) - warmUp, total) / total
      return peak * 0.5 * (1 + cos(Double.pi * done))
    }
  }
}

/// What ReduceLROnPlateau remembers between epochs.
package struct PlateauState: Sendable, Equatable {
  /// What the peak rate is multiplied with.
  package var scale = 1.0
  /// The lowest watched loss so far.
  package var best = Double.infinity
  /// Epochs since then.
  package var epochsWithoutImprovement = 0

  /// The state before the first epoch.
  package init() {}

  /// Adds an epoch's watched loss (the validation loss, if there is one).
  /// - Parameter minimumChange: How much less the loss must be to count as better (Keras's min_delta).
  package mutating func add(loss: Double, patience: Int, factor: Double, minimumChange: Double = 1e-4) {
    if loss < best - minimumChange {
      best = loss
      epochsWithoutImprovement = 0
      return
    }
    epochsWithoutImprovement += 1
    if epochsWithoutImprovement >= patience {
      scale *= factor
      epochsWithoutImprovement = 0
    }
  }
}
