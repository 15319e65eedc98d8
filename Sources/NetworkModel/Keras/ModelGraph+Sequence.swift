import SystemIO

extension ModelGraph {
  /// A chain of layers, for models made here. Weights have their shapes and no values yet.
  package init(name: String, inputShape: [Int], sequence: [(name: String, operation: Operation)])
    throws(Failure)
  {
    var layers = [Layer(name: "input", kind: "InputLayer", operation: .input, inputs: [], weightsPath: "")]
    var paths = WeightNames(path: "")
    for (index, (name, operation)) in sequence.enumerated() {
      let kind = operation.kerasClass ?? "Activation"
      layers.append(
        Layer(name: name, kind: kind, operation: operation, inputs: [index], weightsPath: paths.next(kind)))
    }
    try self.init(name: name, layers: layers, output: sequence.count, inputShape: inputShape)
  }
}
