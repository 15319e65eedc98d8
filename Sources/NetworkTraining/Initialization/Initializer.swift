import FrameStream
import NetworkModel
import PictureData
import SystemIO

/// How weights are initialized: the variance scaling family of keras.initializers.
package struct Initializer: Sendable, Equatable {
  enum Fan { case input, output, both }
  enum Distribution { case uniform, normal }

  /// Keras's name for it.
  package let name: String
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
  package static let glorotUniform = Initializer("glorot_uniform", 1, .both, .uniform)
  /// For networks of rectified units (He et al., arXiv:1502.01852).
  package static let heNormal = Initializer("he_normal", 2, .input, .normal)

  /// All that a recipe may name.
  package static let all = [
    glorotUniform, Initializer("glorot_normal", 1, .both, .normal), heNormal,
    Initializer("he_uniform", 2, .input, .uniform), Initializer("lecun_normal", 1, .input, .normal),
    Initializer("lecun_uniform", 1, .input, .uniform),
  ]

  /// The initializer that Keras calls `name`, in either of its spellings (`he_normal`, `HeNormal`).
  package init?(named name: String) {
    let plain = name.lowercased().filter { $0 != "_" }
    guard let found = Self.all.first(where: { $0.name.filter { $0 != "_" } == plain }) else { return nil }
    self = found
  }

  /// What a Keras configuration names, by a name or with its settings (`VarianceScaling`); nil for another one.
  package init?(keras json: JSONValue) {
    guard let name = json["class_name"]?.string ?? json.string else { return nil }
    if let known = Initializer(named: name) {
      self = known
      return
    }
    guard name.lowercased().filter({ $0 != "_" }) == "variancescaling" else { return nil }
    let settings = json["config"]
    let fan: Fan
    switch settings?["mode"]?.string ?? "fan_in" {
    case "fan_in": fan = .input
    case "fan_out": fan = .output
    case "fan_avg": fan = .both
    default: return nil
    }
    let distribution: Distribution
    switch settings?["distribution"]?.string ?? "truncated_normal" {
    case "uniform": distribution = .uniform
    case "normal", "truncated_normal": distribution = .normal
    default: return nil
    }
    self.init(name, settings?["scale"]?.double ?? 1, fan, distribution)
  }

  /// Values for a kernel of Keras's layout: [height, width, inputs, outputs] or [inputs, outputs].
  func values(shape: [Int], _ generator: inout SeededGenerator) -> [Float] {
    // Keras's compute_fans.
    let field = shape.dropLast(2).reduce(1, *)
    let inputs = field * (shape.count > 1 ? shape[shape.count - 2] : 1)
    let outputs = field * (shape.last ?? 1)
    let fan =
      switch self.fan {
      case .input: Double(inputs)
      case .output: Double(outputs)
      case .both: Double(inputs + outputs) / 2
      }
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
  ///   - initializer: For kernels; nil for what each layer's configuration says, otherwise Glorot's.
  ///   - seed: The same seed gives the same weights.
  ///   - only: The one layer to do this to; nil for all.
  /// - Throws: ``Failure`` (`badInput`) naming a layer whose configuration asks for an initializer that is not known.
  package mutating func initializeWeights(
    _ initializer: Initializer?, seed: UInt64, ofLayer only: Int? = nil
  ) throws(Failure) {
    var drawn: [String: [[Float]]] = [:]
    for index in layers.indices where only == nil || only == index {
      let layer = layers[index]
      if case .normalization = layer.operation { continue }
      let path = layer.weightsPath + "\n" + layer.name
      var generator = SeededGenerator(seed: seed, stream: UInt64(drawn.count))
      var values = drawn[path] ?? []
      if drawn[path] == nil {
        for weight in layer.weights {
          values.append(try layer.freshValues(of: weight, initializer, &generator))
        }
      }
      if !layer.weights.isEmpty { drawn[path] = values }
      for (weight, values) in zip(layer.weights, values) {
        try setWeight(weight.name, ofLayer: index, to: values)
      }
    }
  }
}

extension Layer {
  /// New values for a weight.
  fileprivate func freshValues(
    of weight: Weight, _ given: Initializer?, _ generator: inout SeededGenerator
  ) throws(Failure) -> [Float] {
    let asked = setting(of: weight.name, "initializer")
    if weight.name.hasSuffix("kernel") {
      if let initializer = given ?? asked.flatMap({ Initializer(keras: $0) }) {
        return initializer.values(shape: weight.shape, &generator)
      }
      if let asked {
        throw unknown(asked, of: weight, hint: ": give --initializer to draw all kernels otherwise")
      }
      return Initializer.glorotUniform.values(shape: weight.shape, &generator)
    }
    let isOne = weight.name == "gamma" || weight.name == "moving_variance"
    if let asked, let name = asked["class_name"]?.string ?? asked.string,
      !(isOne ? ["ones", "one"] : ["zeros", "zero"]).contains(name.lowercased())
    {
      throw unknown(asked, of: weight, hint: "")
    }
    return [Float](repeating: isOne ? 1 : 0, count: weight.shape.reduce(1, *))
  }

  private func unknown(_ initializer: JSONValue, of weight: Weight, hint: String) -> Failure {
    let asked = initializer["class_name"]?.string ?? initializer.string ?? "without a name"
    return Failure(
      .badInput, step: "drawing weights", subject: "layer \(name)",
      cause: "the initializer of its \(weight.name), \(asked), is not supported\(hint)")
  }
}
