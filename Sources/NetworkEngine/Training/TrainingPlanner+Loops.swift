import COneDNN
import Glibc
import SystemIO

// What oneDNN does not do: dropout, and the loss. Plain loops over our own memory.
extension TrainingPlanner {
  /// Each value is kept with probability 1 - `rate` and divided by that, as in Keras. What is dropped depends on the
  /// step's seed, the layer and the value's place alone, so nothing is kept for the way back.
  func dropout(_ index: Int, _ rate: Float) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let source = try input(index)
    // A layer that is called twice drops differently each time.
    let mask = DropoutMask(rate: rate, stream: UInt64(index))
    let isInPlace = canOverwrite(node.inputs[0])
    let result = isInPlace ? source : try plan.value(source.layout, source.type)
    let (from, to, type, threads) = (source.slot, result.slot, source.type, threads)
    plan.append(
      node.name,
      .loop { plan, context in
        mask.apply(
          seed: context.seed, from: plan.bytes(from), to: plan.bytes(to), byteCount: plan.byteCount(from),
          type, threads)
      }, touching: [from, to])
    // Of rectified values, those that are not 0 were neither dropped nor cut off: one look decides both.
    let isRectified = isInPlace && pendingRelu[node.inputs[0]] == 0
    if isRectified { pendingRelu[node.inputs[0]] = nil }
    tape[index] = { [self] (gradient: Gradient) throws(Failure) in
      let known = try arranged(gradient, in: result.layout, result.type, node.name)
      let made = try room(for: known)
      let (from, to, values) = (known.value.slot, made.slot, result.slot)
      plan.append(
        node.name + " (backward)",
        .loop { plan, context in
          if isRectified {
            mask.pass(
              where: plan.bytes(values), from: plan.bytes(from), to: plan.bytes(to),
              byteCount: plan.byteCount(from), type, threads)
          } else {
            mask.apply(
              seed: context.seed, from: plan.bytes(from), to: plan.bytes(to),
              byteCount: plan.byteCount(from), type, threads)
          }
        }, touching: [from, to, values])
      try contribute(Gradient(value: made, isExclusive: true), toInputOf: index)
    }
    return result
  }

  /// True if a node's result is not needed once its only reader has read it, by its own gradient least of all. (A
  /// rectifier's looks at it, but where a value was dropped there is no gradient left.)
  private func canOverwrite(_ index: Int) -> Bool {
    let node = graph.nodes[index]
    guard node.readers == 1 else { return false }
    switch node.kind {
    case .input, .softmax: return false
    case .flatten: return canOverwrite(node.inputs[0])
    default: return true
    }
  }

  /// Softmax and cross-entropy in one, in 32 bits: the gradient of the logits is (p·Σt - t)·weight / count.
  func loss(_ logits: Int, _ classes: Int) throws(Failure) -> Gradient {
    guard let value = values[logits] else {
      throw Failure(.failed, step: "planning", cause: "the network has no output")
    }
    let rows = try row(value, .float32, "loss")
    let made = try plan.value(.plain([count, classes]), .float32)
    let (from, to) = (rows.slot, made.slot)
    plan.append(
      "loss",
      .loop { plan, context in plan.crossEntropy(plan.floats(from), plan.floats(to), classes, &context) },
      touching: [from, to])
    return try shapedLoss(Gradient(value: made, isExclusive: true), like: value)
  }

  private func shapedLoss(_ gradient: Gradient, like value: Value) throws(Failure) -> Gradient {
    guard value.dimensions.count == 4 else { return gradient }
    let layout =
      value.channelsLast
      ? try TensorLayout.channelsLast(value.dimensions) : try TensorLayout.plain(value.dimensions)
    return Gradient(value: try plan.alias(gradient.value.slot, layout, .float32), isExclusive: true)
  }
}

extension TrainingPlan {
  fileprivate func crossEntropy(
    _ logits: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>, _ classes: Int,
    _ context: inout Context
  ) {
    var total = 0.0
    var correct = 0
    for picture in 0..<count {
      let row = logits + picture * classes
      let target = targets.values.baseAddress! + picture * classes
      let probability = probabilities.values.baseAddress! + picture * classes
      var (best, wanted) = (0, 0)
      for i in 1..<max(classes, 1) {
        if row[i] > row[best] { best = i }
        if target[i] > target[wanted] { wanted = i }
      }
      if best == wanted { correct += 1 }
      let largest = row[best]
      var sum: Float = 0
      for i in 0..<classes {
        probability[i] = expf(row[i] - largest)
        sum += probability[i]
      }
      let logarithm = logf(sum)
      var loss: Float = 0
      var mass: Float = 0
      for i in 0..<classes {
        probability[i] /= sum
        if target[i] != 0 { loss -= target[i] * (row[i] - largest - logarithm) }
        mass += target[i]
      }
      let weight = exampleWeights.values[picture]
      // A row that is not a number must not pass for a good one: the comparisons above are all false for it.
      if sum.isFinite { total += Double(loss * weight) } else { total = .nan }
      let factor = weight / Float(count)
      for i in 0..<classes {
        gradient[picture * classes + i] = (probability[i] * mass - target[i]) * factor
      }
    }
    context.loss = total / Double(count)
    context.correct = correct
  }
}
