import Glibc

/// The loss of a map of cells that say whether an object is there, how far its center is in cells (across, down), and the
/// logarithm of its size: four values a cell.
///
/// A target is a cell's four values: 1 for an object, 0 for none, -1 for a cell that does not count; and what the other three
/// are to be. With n cells of objects in the batch, the loss is
///
///     Σ a·(1 - p)^γ·(-ln p) + Σ b·p^γ·(-ln(1 - p)), both / (n + 1)       (Lin et al., "Focal Loss", 2017)
///     + boxWeight·Σ smooth(d) / (n + 1),  smooth(d) = d² below ½, else |d| - ¼    (Girshick, "Fast R-CNN", 2015)
///
/// where p is the sigmoid of the first value and d runs over the other three's distances, that of the size times
/// ``sizeWeight``.
package struct DetectionLoss: Sendable, Equatable {
  /// γ: how little cells count that are right already.
  package var focus: Float = 1.5
  /// a: how much cells with an object count.
  package var objectWeight: Float = 0.6
  /// b: how much the others do.
  package var emptyWeight: Float = 0.4
  /// How much boxes count beside that.
  package var boxWeight: Float = 0.3
  /// How much more a size's logarithm counts than a cell's distance.
  package var sizeWeight: Float = 3

  /// Values of a cell.
  package static let cellValues = 4

  /// The weights that the shipped detector was trained with.
  package init() {}

  /// The loss of a cell's first value, and its derivative.
  func objectness(_ logit: Float, isObject: Bool) -> (probability: Float, loss: Float, slope: Float) {
    // With the sign turned, both are the same function.
    let turned = isObject ? logit : -logit
    let weight = isObject ? objectWeight : emptyWeight
    let decay = expf(-abs(turned))
    // Of being right: q; 1 - q without cancellation.
    let right = turned >= 0 ? 1 / (1 + decay) : decay / (1 + decay)
    let wrong = turned >= 0 ? decay / (1 + decay) : 1 / (1 + decay)
    let surprise = log1pf(decay) + max(-turned, 0)
    let share = weight * powf(wrong, focus)
    let slope = -share * (focus * right * surprise + wrong)
    return (isObject ? right : wrong, share * surprise, isObject ? slope : -slope)
  }

  /// The loss of a distance, and its derivative.
  func box(_ distance: Float, weight: Float) -> (loss: Float, slope: Float) {
    let d = distance * weight
    if abs(d) < 0.5 { return (d * d, 2 * d * weight) }
    return (abs(d) - 0.25, d < 0 ? -weight : weight)
  }
}

extension TrainingPlan {
  /// The loss of maps, and its gradient. ``probabilities`` become, for each cell, the probability of an object, the two
  /// parts of its loss before they are divided, and 0.
  func detectionLoss(
    _ loss: DetectionLoss, _ output: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>,
    cells: Int, _ context: inout Context
  ) {
    guard let targets = targets.values.baseAddress, let results = probabilities.values.baseAddress else {
      return
    }
    var (objects, found) = (0, 0)
    for cell in 0..<(count * cells) where targets[4 * cell] > 0 { objects += 1 }
    let share = 1 / Float(objects + 1)
    var (total, boxes) = (0.0, 0.0)
    for picture in 0..<count {
      let weight = exampleWeights.values[picture]
      let factor = weight * share
      for cell in (picture * cells)..<((picture + 1) * cells) {
        let (target, value) = (targets + 4 * cell, output + 4 * cell)
        let (slopes, result) = (gradient + 4 * cell, results + 4 * cell)
        let isObject = target[0] > 0
        let own = loss.objectness(value[0], isObject: isObject)
        (result[0], result[1], result[2], result[3]) = (own.probability, 0, 0, 0)
        (slopes[0], slopes[1], slopes[2], slopes[3]) = (0, 0, 0, 0)
        // What is not a number must not pass for a cell that does not count.
        if !value[0].isFinite { total = .nan }
        guard target[0] >= 0 else { continue }
        result[1] = own.loss
        slopes[0] = own.slope * factor
        total += Double(own.loss * weight)
        guard isObject else { continue }
        if own.probability > 0.5 { found += 1 }
        for part in 1...3 {
          let box = loss.box(value[part] - target[part], weight: part == 3 ? loss.sizeWeight : 1)
          result[2] += box.loss
          slopes[part] = box.slope * factor * loss.boxWeight
        }
        boxes += Double(result[2] * weight)
      }
    }
    let divisor = Double(objects + 1)
    context.boxLoss = boxes / divisor
    context.loss = total / divisor + Double(loss.boxWeight) * context.boxLoss
    context.correct = found
    context.targets = objects
  }
}
