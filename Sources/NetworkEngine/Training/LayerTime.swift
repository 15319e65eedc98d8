/// How long a layer took in training steps, and how long its multiplications take at least.
package struct LayerTime: Sendable, Equatable {
  /// The layer's name.
  package let layer: String
  /// Whether this is the part that computes gradients.
  package let isBackward: Bool
  /// Seconds that it took.
  package var seconds = 0.0
  /// Seconds for its multiplications and additions at the rate of a product of large matrices on this machine, taken one
  /// by one as the layer is defined; 0 if it has none. An algorithm that needs fewer can be faster.
  package var floor = 0.0

  /// A layer of no time yet.
  package init(layer: String, isBackward: Bool) {
    self.layer = layer
    self.isBackward = isBackward
  }
}

/// Adds up times by layer, in the order in which the layers first came.
struct LayerTimes {
  private(set) var all: [LayerTime] = []
  private var places: [String: Int] = [:]

  mutating func add(_ step: String, isBackward: Bool, seconds: Double, floor: Double) {
    // "conv2d (reorder)" is a part of the layer conv2d.
    let layer = step.firstRange(of: " (").map { String(step[..<$0.lowerBound]) } ?? step
    let key = "\(isBackward) \(layer)"
    let place = places[key] ?? all.count
    if place == all.count {
      places[key] = place
      all.append(LayerTime(layer: layer, isBackward: isBackward))
    }
    all[place].seconds += seconds
    all[place].floor += floor
  }
}

extension TrainingNode {
  /// Multiplications and additions for one picture that are done in pairs: of the result, and of the gradients that are
  /// computed.
  func products(inputs: [TrainingNode]) -> (forward: Int, backward: Int) {
    let forward =
      switch kind {
      case .convolution(let shape):
        self.shape.reduce(1, *) * shape.window.kernel.height * shape.window.kernel.width * shape.channels
          / shape.groups
      case .dense(let units): units * (inputs.first?.shape.reduce(1, *) ?? 0)
      default: 0
      }
    let gradients = needsGradient ? 1 + (inputs.first?.needsGradient == true ? 1 : 0) : 0
    return (forward, forward * gradients)
  }
}
