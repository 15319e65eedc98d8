import FrameStream
import SystemIO

extension KerasLayerReader {
  func activation() throws(Failure) -> Activation {
    switch kind {
    case "ReLU":
      let given = configuration["max_value"].flatMap { $0.isNull ? nil : $0 }
      let maximum = given == nil ? nil : Float(try number("max_value", else: 0))
      let slope = Float(try number("negative_slope", else: 0))
      let threshold = Float(try number("threshold", else: 0))
      return threshold == 0
        ? .relu(slope: slope, maximum: maximum)
        : .thresholdedRelu(slope: slope, maximum: maximum, threshold: threshold)
    case "LeakyReLU":
      let key = configuration["negative_slope"] != nil ? "negative_slope" : "alpha"
      return .relu(slope: Float(try number(key, else: 0.3)))
    case "ELU": return .elu(alpha: Float(try number("alpha", else: 1)))
    case "Softmax": return .softmax
    default: return try named(configuration["activation"] ?? .null)
    }
  }

  /// An activation by name, as an object around a name, or as a layer.
  private func named(_ value: JSONValue) throws(Failure) -> Activation {
    if value.isNull { return .linear }
    guard let name = value.string else {
      if case .foreign(let foreign) = KerasModule(value) {
        throw refuse("activation \(foreign) is none of Keras's, and not supported")
      }
      if let inner = value["config"]?.string { return try named(.string(inner)) }
      guard let kind = value["class_name"]?.string else { throw refuse("its activation has no name") }
      guard ["ReLU", "LeakyReLU", "ELU", "Softmax"].contains(kind) else {
        throw refuse("activation \(kind) is not supported")
      }
      if kind == "Softmax", let axis = value["config"]?["axis"], !axis.isNull, axis.int != -1 {
        throw refuse("a softmax inside it along another axis than the last is not supported")
      }
      return try KerasLayerReader(kind: kind, configuration: value["config"] ?? .null).activation()
    }
    guard let activation = Activation(kerasName: name) else {
      throw refuse("activation \(name) is not supported")
    }
    return activation
  }
}

extension Activation {
  /// Keras's names for activations without parameters; the first of two names is the one that is written.
  private static let kerasNames: [(name: String, activation: Activation)] = [
    ("linear", .linear), ("relu", .relu()), ("relu6", .relu(maximum: 6)), ("leaky_relu", .relu(slope: 0.2)),
    ("elu", .elu(alpha: 1)), ("selu", .selu), ("sigmoid", .sigmoid), ("hard_sigmoid", .hardSigmoid),
    ("tanh", .tanh), ("silu", .silu), ("swish", .silu), ("hard_silu", .hardSilu), ("hard_swish", .hardSilu),
    ("softplus", .softplus), ("exponential", .exponential), ("gelu", .gelu(approximate: false)),
    ("mish", .mish), ("softmax", .softmax), ("log_softmax", .logSoftmax), ("celu", .celu(alpha: 1)),
    ("softsign", .softsign), ("soft_shrink", .softShrink(threshold: 0.5)),
    ("hard_shrink", .hardShrink(threshold: 0.5)), ("tanh_shrink", .tanhShrink), ("hard_tanh", .hardTanh),
    ("log_sigmoid", .logSigmoid), ("squareplus", .squareplus(b: 4)), ("sparse_plus", .sparsePlus),
    ("sparse_sigmoid", .sparseSigmoid),
  ]

  init?(kerasName name: String) {
    guard let entry = Self.kerasNames.first(where: { $0.name == name }) else { return nil }
    self = entry.activation
  }

  /// Keras's name for it; nil if it has parameters that no name says.
  package var kerasName: String? {
    // Keras has no name for the approximation.
    if case .gelu = self { return "gelu" }
    return Self.kerasNames.first { $0.activation == self }?.name
  }
}
