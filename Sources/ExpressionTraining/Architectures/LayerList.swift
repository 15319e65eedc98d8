import NetworkModel

/// The layers of a network that is made here, each after those that feed it, with Keras's own names.
struct LayerList {
  /// The input comes first. Weights have no shapes yet.
  private(set) var layers = [
    Layer(name: "input", kind: "InputLayer", operation: .input, inputs: [], weightsPath: "")
  ]
  private var used: [String: Int] = [:]
  private var paths = WeightNames(path: "")

  /// The layer that was added last.
  var last: Int { layers.count - 1 }

  /// Adds a layer.
  /// - Parameters:
  ///   - base: Keras's name for its kind: conv2d for conv2d, conv2d_1, conv2d_2…
  ///   - inputs: The layers that feed it; nil for the last one.
  mutating func add(_ base: String, _ operation: Operation, to inputs: [Int]? = nil) {
    let count = used[base, default: 0]
    used[base] = count + 1
    let kind = operation.kerasClass ?? "Activation"
    layers.append(
      Layer(
        name: count == 0 ? base : "\(base)_\(count)", kind: kind, operation: operation,
        inputs: inputs ?? [last], weightsPath: paths.next(kind)))
  }
}
