extension ModelGraph {
  /// One row of a model's description.
  package struct Row: Sendable, Equatable {
    /// The layer's name.
    package var name: String
    /// Keras's class.
    package var kind: String
    /// The result's shape without the batch.
    package var shape: [Int]
    /// How many values its weights hold.
    package var parameters: Int
    /// Multiplications with addition for one picture.
    package var multiplyAdds: Int
    /// Names of the layers that feed it.
    package var inputs: [String]
  }

  /// Every layer with shape, parameters and cost, as Keras's `summary()` lists them; a layer that is called twice
  /// counts its parameters once.
  package var rows: [Row] {
    var seen: Set<String> = []
    return layers.map { layer in
      let isNew = seen.insert(layer.identity).inserted
      return Row(
        name: layer.name, kind: layer.kind, shape: layer.shape, parameters: isNew ? layer.parameterCount : 0,
        multiplyAdds: multiplyAdds(of: layer), inputs: layer.inputs.map { layers[$0].name })
    }
  }

  /// Multiplications with addition for one picture: convolutions and dense layers.
  package var multiplyAdds: Int { layers.reduce(0) { $0 + multiplyAdds(of: $1) } }

  /// Each kernel value is used once for each pixel of the result; a dense one once.
  private func multiplyAdds(of layer: Layer) -> Int {
    let pixels: Int
    switch layer.operation {
    case .convolution, .depthwiseConvolution, .separableConvolution:
      let (height, width, _) = picture(layer.shape)
      pixels = height * width
    case .dense: pixels = 1
    default: return 0
    }
    // No product or sum overflows: weights and pixels are below ``ModelLimits/parameters`` and `activations`.
    return layer.weights.reduce(0) { sum, weight in
      weight.name.hasSuffix("kernel") ? sum + weight.shape.reduce(pixels, *) : sum
    }
  }
}
