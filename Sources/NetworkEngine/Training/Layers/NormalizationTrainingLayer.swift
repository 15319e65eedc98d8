import COneDNN
import SystemIO

/// Batch normalization.
struct NormalizationTrainingLayer: TrainingLayers {
  let context: TrainingContext

  /// With the mean and the (biased) variance of the batch; the moving ones follow, as Keras moves them:
  /// moving·momentum + batch·(1 - momentum).
  func batchNormalization(_ index: Int, _ epsilon: Float, _ momentum: Float) throws(Failure) -> Value {
    let node = graph.nodes[index]
    var source = try tape.input(index)
    if node.shape.count == 1 { source = try plan.row(source, source.type, node.name) }
    let channels = source.dimensions[1]
    let vector = try TensorLayout.plain([channels])
    let entries = parameters.store.table.entries[node.identity] ?? [:]
    let (gamma, beta) = (entries["gamma"], entries["beta"])
    var flags: UInt32 = 0
    if gamma != nil { flags |= dnnl_use_scale.rawValue }
    if beta != nil { flags |= dnnl_use_shift.rawValue }
    if node.relu != nil { flags |= dnnl_fuse_norm_relu.rawValue }
    func primitive(_ direction: Primitive.Direction) throws(Failure) -> Primitive {
      try Primitive.batchNormalization(epsilon: epsilon, flags: flags, direction, source.layout, engine)
    }
    let forward = try primitive(.training)
    let result = try plan.value(source.layout, source.type)
    let mean = try plan.value(vector, .float32)
    let variance = try plan.value(vector, .float32)
    var values = [
      (Argument.source, source), (Argument.destination, result), (Argument.mean, mean),
      (Argument.variance, variance),
    ]
    var factors: [(Int, TrainingPlan.Operand)] = []
    if let gamma { factors.append((Argument.scale, try parameters.weight(gamma, vector))) }
    if let beta { factors.append((Argument.shift, try parameters.weight(beta, vector))) }
    var workspace: Value?
    if let layout = forward.layout(dnnl_query_workspace_md) {
      let value = try plan.value(layout, .uint8)
      values.append((Argument.workspace, value))
      workspace = value
    }
    try plan.append(node.name, forward, values, others: factors)
    moveStatistics(node, mean, variance, channels, momentum)

    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try tape.arranged(gradient, in: source.layout, source.type, node.name)
      let outgoing = try tape.room(for: incoming)
      var values = [
        (Argument.source, source), (Argument.destinationGradient, incoming.value),
        (Argument.sourceGradient, outgoing), (Argument.mean, mean), (Argument.variance, variance),
      ]
      if let workspace { values.append((Argument.workspace, workspace)) }
      // oneDNN 2 wants the shift too, though the gradients do not depend on it; oneDNN 3 refuses it.
      var others = factors.filter {
        $0.0 != Argument.shift || cdnnl_batch_normalization_backward_takes_shift() != 0
      }
      var targets: [TrainingParameters.GradientTarget] = []
      for (argument, entry) in [(Argument.scaleGradient, gamma), (Argument.shiftGradient, beta)] {
        guard let entry else { continue }
        let target = try parameters.gradient(entry, vector, in: vector, node.name)
        others.append((argument, target.operand))
        targets.append(target)
      }
      try plan.append(node.name + " (backward)", primitive(.backward(forward)), values, others: others)
      for target in targets { try parameters.finish(target) }
      if tape.needsGradient(index) {
        try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
      }
    }
    return result
  }

  private func moveStatistics(
    _ node: TrainingNode, _ mean: Value, _ variance: Value, _ channels: Int, _ momentum: Float
  ) {
    let offsets = parameters.store.table.statisticOffsets[node.identity] ?? [:]
    for (value, name) in [(mean, "moving_mean"), (variance, "moving_variance")] {
      guard let offset = offsets[name], let base = parameters.store.statistics.values.baseAddress else {
        continue
      }
      let moving = base + offset
      plan.append(
        node.name + " (statistics)",
        .loop { plan, _ in
          let batch = plan.floats(value.slot)
          for channel in 0..<channels {
            moving[channel] = moving[channel] * momentum + batch[channel] * (1 - momentum)
          }
        }, touching: [value.slot])
    }
  }
}
