import SystemIO

/// Batch normalization, whose sums oneDNN adds up by the number of threads: a loop of our own.
struct NormalizationTrainingLayer: TrainingLayers {
  let context: TrainingContext

  /// With the mean and the (biased) variance of the batch; the moving ones follow, as Keras moves them:
  /// moving·momentum + batch·(1 - momentum).
  func batchNormalization(_ index: Int, _ epsilon: Float, _ momentum: Float) throws(Failure) -> Value {
    let node = graph.nodes[index]
    var source = try tape.input(index)
    if node.shape.count == 1 { source = try plan.row(source, source.type, node.name) }
    if source.layout.channelsTogether(source.type) == nil {
      source = try plan.value(
        source, in: .channelsLast(source.dimensions, source.type), source.type, node.name)
    }
    guard
      let normalization = BatchNormalization(
        source.layout, source.type, epsilon: epsilon, rectifies: node.relu != nil)
    else { throw Failure(.failed, step: "planning", cause: "no batch normalization of \(source.type)") }
    let width = normalization.width
    let result = try plan.value(source.layout, source.type)
    let known = try plan.value(.plain([BatchNormalization.Statistics.rows, width]), .float32)
    let sums = try plan.value(.plain([normalization.sumCount]), .float32)
    let entries = parameters.store.table.entries[node.identity] ?? [:]
    let (gamma, beta) = (entries["gamma"], entries["beta"])
    let weights = parameters.store.weights.values.baseAddress!
    let (scale, shift) = (gamma.map { weights + $0.offset }, beta.map { weights + $0.offset })
    let threads = context.threads
    plan.append(
      node.name,
      .loop { plan, _ in
        normalization.run(
          plan.bytes(source.slot), plan.bytes(result.slot),
          BatchNormalization.Statistics(plan.floats(known.slot), width: width), sums: plan.floats(sums.slot),
          scale: scale, shift: shift, threads)
      }, touching: [source.slot, result.slot, known.slot, sums.slot])
    moveStatistics(node, normalization, known.slot, momentum)

    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try tape.arranged(gradient, in: source.layout, source.type, node.name)
      let outgoing = tape.needsGradient(index) ? try tape.room(for: incoming) : nil
      let sums = try plan.value(.plain([normalization.sumCount]), .float32)
      let vector = try TensorLayout.plain([normalization.channels])
      func target(_ entry: ParameterTable.Entry?) throws(Failure) -> TrainingParameters.GradientTarget? {
        guard let entry else { return nil }
        return try parameters.gradient(entry, vector, in: vector, node.name)
      }
      let (scale, shift) = (try target(gamma), try target(beta))
      let arriving = incoming.value.slot
      plan.append(
        node.name + " (backward)",
        .loop { plan, _ in
          normalization.gradients(
            plan.bytes(source.slot), plan.bytes(arriving), outgoing.map { plan.bytes($0.slot) },
            BatchNormalization.Statistics(plan.floats(known.slot), width: width),
            sums: plan.floats(sums.slot), scale: scale?.floats(plan), shift: shift?.floats(plan), threads)
        },
        touching: [source.slot, arriving, known.slot, sums.slot]
          + [outgoing?.slot, scale?.operand.slot, shift?.operand.slot].compactMap(\.self))
      for target in [scale, shift].compactMap(\.self) { try parameters.finish(target) }
      guard let outgoing else { return }
      try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index)
    }
    return result
  }

  private func moveStatistics(
    _ node: TrainingNode, _ normalization: BatchNormalization, _ known: Int, _ momentum: Float
  ) {
    let offsets = parameters.store.table.statisticOffsets[node.identity] ?? [:]
    guard let base = parameters.store.statistics.values.baseAddress, let mean = offsets["moving_mean"],
      let variance = offsets["moving_variance"]
    else { return }
    plan.append(
      node.name + " (statistics)",
      .loop { plan, _ in
        let batch = BatchNormalization.Statistics(plan.floats(known), width: normalization.width)
        for (moving, batch) in [(base + mean, batch.mean), (base + variance, batch.variance)] {
          for channel in 0..<normalization.channels {
            moving[channel] = moving[channel] * momentum + batch[channel] * (1 - momentum)
          }
        }
      }, touching: [known])
  }
}
