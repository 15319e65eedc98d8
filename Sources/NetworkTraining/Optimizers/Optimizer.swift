import NetworkEngine
import SystemIO

/// Moves weights along their gradients, exactly as Keras 3's optimizers do.
///
/// It works on the flat arrays of a ``TrainingNetwork`` and keeps its own state in flat arrays beside them.
package final class Optimizer {
  /// The algorithm and its constants.
  package let configuration: OptimizerConfiguration
  /// The weights that are moved: their names and their positions in the network's flat arrays.
  package let parameters: [TrainingNetwork.Parameter]
  /// Steps made so far.
  package internal(set) var iterations = 0
  /// The learning rate of the last step.
  package internal(set) var learningRate: Float = 0
  /// Adam's first moments, or SGD's momentum; laid out as the weights. Empty if the algorithm keeps none.
  var first: [Float]
  /// Adam's second moments.
  var second: [Float]
  /// Averaged weights, from the first step on.
  var average: [Float]
  /// The terms that layers' own regularizers add to the gradients.
  package var penalties: [WeightPenalty] = []
  let threads: Int

  /// - Parameters:
  ///   - parameters: Those of the network whose weights are to be moved.
  ///   - threads: The most that work on one step; the result does not depend on it.
  package init(
    _ configuration: OptimizerConfiguration, parameters: [TrainingNetwork.Parameter], threads: Int = 1
  ) {
    self.configuration = configuration
    self.parameters = parameters
    self.threads = threads
    let count = parameters.map { $0.offset + $0.count }.max() ?? 0
    first = [Float](repeating: 0, count: configuration.slotCount > 0 ? count : 0)
    second = [Float](repeating: 0, count: configuration.slotCount > 1 ? count : 0)
    average = [Float](repeating: 0, count: configuration.averageMomentum == nil ? 0 : count)
  }

  /// Makes one step. Gradients are clipped in place.
  /// - Parameters:
  ///   - weights, gradients: The network's flat arrays.
  ///   - learningRate: This step's.
  package func step(
    weights: UnsafeMutableBufferPointer<Float>, gradients: UnsafeMutableBufferPointer<Float>,
    learningRate: Float
  ) {
    guard let weight = weights.baseAddress, let gradient = gradients.baseAddress else { return }
    self.learningRate = learningRate
    iterations += 1
    addPenalty(weight, gradient)
    clip(gradient)
    decay(weight, learningRate)
    let rule = configuration.algorithm.rule(configuration, learningRate, iterations)
    let count = parameters.map { $0.offset + $0.count }.max() ?? 0
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        // An empty array has an address too.
        let state = (
          first.isEmpty ? nil : first.baseAddress, second.isEmpty ? nil : second.baseAddress
        )
        parallel(count, threads) { rule.update(weight, gradient, state.0, state.1, $0) }
      }
    }
    updateAverage(weight)
  }

  /// The averaged weights, laid out as the weights; nil unless the configuration asks for them and a step was made.
  package var averagedWeights: [Float]? { average.isEmpty || iterations == 0 ? nil : average }

  private func updateAverage(_ weight: UnsafeMutablePointer<Float>) {
    guard let momentum = configuration.averageMomentum else { return }
    // Keras: the average begins as the weights are after the first step.
    let rule = ExponentialMovingAverage(momentum: iterations == 1 ? 0 : Double(momentum))
    average.withUnsafeMutableBufferPointer { average in
      guard let base = average.baseAddress else { return }
      parallel(average.count, threads) { rule.update(base, weight, $0) }
    }
  }
}

// MARK: - Before the update

extension Optimizer {
  private static func isKernel(_ parameter: TrainingNetwork.Parameter) -> Bool {
    parameter.name.hasSuffix("kernel")
  }

  private func addPenalty(_ weight: UnsafeMutablePointer<Float>, _ gradient: UnsafeMutablePointer<Float>) {
    for penalty in penalties {
      let (l1, l2) = (penalty.l1, 2 * penalty.l2)
      for i in penalty.offset..<(penalty.offset + penalty.count) {
        let sign: Float = weight[i] > 0 ? 1 : weight[i] < 0 ? -1 : 0
        gradient[i] += l2 * weight[i] + l1 * sign
      }
    }
    let l2 = configuration.l2
    guard l2 != 0 else { return }
    for parameter in parameters where Self.isKernel(parameter) {
      for i in parameter.offset..<(parameter.offset + parameter.count) { gradient[i] += l2 * weight[i] }
    }
  }

  private func decay(_ weight: UnsafeMutablePointer<Float>, _ learningRate: Float) {
    let factor = configuration.weightDecay * learningRate
    guard factor != 0 else { return }
    for parameter in parameters where !configuration.decaysKernelsOnly || Self.isKernel(parameter) {
      for i in parameter.offset..<(parameter.offset + parameter.count) { weight[i] -= weight[i] * factor }
    }
  }

  private func clip(_ gradient: UnsafeMutablePointer<Float>) {
    switch configuration.clipping {
    case nil: return
    case .value(let limit):
      for parameter in parameters {
        for i in parameter.offset..<(parameter.offset + parameter.count) {
          gradient[i] = min(max(gradient[i], -limit), limit)
        }
      }
    case .norm(let limit):
      for parameter in parameters {
        scale(parameter, gradient, to: limit, from: squares(parameter, gradient).squareRoot())
      }
    case .globalNorm(let limit):
      let norm = parameters.reduce(0) { $0 + squares($1, gradient) }.squareRoot()
      for parameter in parameters { scale(parameter, gradient, to: limit, from: norm) }
    }
  }

  private func squares(_ parameter: TrainingNetwork.Parameter, _ gradient: UnsafePointer<Float>) -> Double {
    var lanes = SIMD8<Double>.zero
    var sum = 0.0
    let end = parameter.offset + parameter.count
    var i = parameter.offset
    while i + 8 <= end {
      let part = UnsafeRawPointer(gradient + i).loadUnaligned(as: SIMD8<Float>.self)
      let wide = SIMD8<Double>(part)
      lanes += wide * wide
      i += 8
    }
    while i < end {
      sum += Double(gradient[i]) * Double(gradient[i])
      i += 1
    }
    return sum + lanes.sum()
  }

  private func scale(
    _ parameter: TrainingNetwork.Parameter, _ gradient: UnsafeMutablePointer<Float>, to limit: Float,
    from norm: Double
  ) {
    guard norm > Double(limit) else { return }
    let factor = Float(Double(limit) / norm)
    for i in parameter.offset..<(parameter.offset + parameter.count) { gradient[i] *= factor }
  }
}
