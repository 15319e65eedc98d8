import Glibc

extension TrainingPlan {
  /// Softmax and cross-entropy in one, in 32 bits: the gradient of the logits is (p·Σt - t)·weight / count, and with
  /// teachers that of the divergence from them as well.
  func crossEntropy(
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
      let factor = weight / Float(count)
      let slope = gradient + picture * classes
      let part = 1 - (distillation?.weight ?? 0)
      for i in 0..<classes { slope[i] = (probability[i] * mass - target[i]) * factor * part }
      if let distillation {
        let teachers = teachers.values.baseAddress! + picture * classes
        let divergence = distillation.add(
          row, largest: largest, teachers: teachers, classes: classes, factor: factor, to: slope)
        loss = part * loss + distillation.weight * divergence
      }
      // A row that is not a number must not pass for a good one: the comparisons above are all false for it.
      if sum.isFinite { total += Double(loss * weight) } else { total = .nan }
    }
    context.loss = total / Double(count)
    context.correct = correct
  }
}
