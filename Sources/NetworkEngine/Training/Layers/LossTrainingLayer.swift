import SystemIO

/// The loss: a loop over our own memory.
struct LossTrainingLayer: TrainingLayers {
  let context: TrainingContext

  /// The gradient of the network's output, in 32 bits.
  /// - Parameters:
  ///   - output: The node whose results the loss is of.
  ///   - values: How many it has for a picture.
  func loss(_ output: Int, _ values: Int, _ objective: TrainingObjective) throws(Failure) -> Gradient {
    guard let value = tape.values[output] else {
      throw Failure(.failed, step: "planning", cause: "the network has no output")
    }
    let rows = try plan.row(value, .float32, "loss")
    let outgoing = try plan.value(.plain([plan.count, values]), .float32)
    let (from, to) = (rows.slot, outgoing.slot)
    plan.append(
      "loss",
      .loop { plan, context in
        switch objective {
        case .classification: plan.crossEntropy(plan.floats(from), plan.floats(to), values, &context)
        case .detection(let loss):
          plan.detectionLoss(
            loss, plan.floats(from), plan.floats(to), cells: values / DetectionLoss.cellValues, &context)
        }
      },
      touching: [from, to])
    return try shaped(Gradient(value: outgoing, isExclusive: true), like: value)
  }

  private func shaped(_ gradient: Gradient, like value: Value) throws(Failure) -> Gradient {
    guard value.dimensions.count == 4 else { return gradient }
    let layout =
      value.channelsLast
      ? try TensorLayout.channelsLast(value.dimensions) : try TensorLayout.plain(value.dimensions)
    return Gradient(value: try plan.alias(gradient.value.slot, layout, .float32), isExclusive: true)
  }
}
