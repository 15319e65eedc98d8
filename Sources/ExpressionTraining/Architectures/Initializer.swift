import ExpressionNet
import FrameStream
import SystemIO

/// How weights are drawn before training: the variance scaling family of keras.initializers.
public struct Initializer: Sendable, Equatable {
  enum Fan { case input, both }
  enum Distribution { case uniform, normal }

  /// Keras's name for it.
  public let name: String
  let scale: Double
  let fan: Fan
  let distribution: Distribution

  private init(_ name: String, _ scale: Double, _ fan: Fan, _ distribution: Distribution) {
    self.name = name
    self.scale = scale
    self.fan = fan
    self.distribution = distribution
  }

  /// Keras's own choice for kernels (Glorot and Bengio, 2010).
  public static let glorotUniform = Initializer("glorot_uniform", 1, .both, .uniform)
  /// For networks of rectified units (He et al., arXiv:1502.01852).
  public static let heNormal = Initializer("he_normal", 2, .input, .normal)

  public static let all = [
    glorotUniform, Initializer("glorot_normal", 1, .both, .normal), heNormal,
    Initializer("he_uniform", 2, .input, .uniform), Initializer("lecun_normal", 1, .input, .normal),
    Initializer("lecun_uniform", 1, .input, .uniform),
  ]

  /// The initializer that Keras calls `name`, in either of its spellings (`he_normal`, `HeNormal`).
  public init?(named name: String) {
    let plain = name.lowercased().filter { $0 != "_" }
    guard let found = Self.all.first(where: { $0.name.filter { $0 != "_" } == plain }) else { return nil }
    self = found
  }

  /// Values for a kernel of Keras's layout: [height, width, inputs, outputs] or [inputs, outputs].
  func values(shape: [Int], _ generator: inout SeededGenerator) -> [Float] {
    // Keras's compute_fans.
    let field = shape.dropLast(2).reduce(1, *)
    let inputs = field * (shape.count > 1 ? shape[shape.count - 2] : 1)
    let outputs = field * (shape.last ?? 1)
    let fan = fan == .input ? Double(inputs) : Double(inputs + outputs) / 2
    let variance = scale / max(fan, 1)
    let count = shape.reduce(1, *)
    switch distribution {
    case .uniform:
      let limit = (3 * variance).squareRoot()
      return (0..<count).map { _ in Float((2 * generator.uniform() - 1) * limit) }
    case .normal:
      // A normal distribution cut at two deviations has this deviation.
      let deviation = variance.squareRoot() / 0.879_625_661_034_239_78
      return (0..<count).map { _ in Float(generator.truncatedNormal() * deviation) }
    }
  }
}

extension ModelGraph {
  /// Gives all weights new values as Keras does: kernels by their initializer, biases, beta and moving means 0,
  /// gamma and moving variances 1. Statistics that were adapted to data (Normalization) stay.
  /// - Parameters:
  ///   - initializer: For kernels; nil for what each layer's configuration says, else Glorot's.
  ///   - seed: The same seed gives the same weights.
  public mutating func initializeWeights(_ initializer: Initializer?, seed: UInt64) throws(Failure) {
    var drawn: [String: [[Float]]] = [:]
    for index in layers.indices {
      let layer = layers[index]
      if case .normalization = layer.operation { continue }
      let place = layer.weightsPath + "\n" + layer.name
      var generator = SeededGenerator(seed: seed, stream: UInt64(drawn.count))
      let values =
        drawn[place]
        ?? layer.weights.map { weight in
          let count = weight.shape.reduce(1, *)
          switch weight.name {
          case "gamma", "moving_variance": return [Float](repeating: 1, count: count)
          case _ where weight.name.hasSuffix("kernel"):
            let own = initializer ?? layer.initializer(of: weight.name) ?? .glorotUniform
            return own.values(shape: weight.shape, &generator)
          default: return [Float](repeating: 0, count: count)
          }
        }
      if !layer.weights.isEmpty { drawn[place] = values }
      for (weight, values) in zip(layer.weights, values) {
        try setWeight(weight.name, ofLayer: index, to: values)
      }
    }
  }
}

extension Layer {
  /// The initializer that the layer's Keras configuration asks for.
  func initializer(of weight: String) -> Initializer? {
    guard let found = configuration?["\(weight)_initializer"] ?? configuration?["kernel_initializer"] else {
      return nil
    }
    return (found["class_name"]?.string ?? found.string).flatMap { Initializer(named: $0) }
  }
}
