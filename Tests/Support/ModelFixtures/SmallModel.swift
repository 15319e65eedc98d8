import KerasWriting
import NetworkModel
import SeededNoise

/// A model of a few weights of every kind, drawn from a seed.
package enum SmallModel {
  package static func make(seed: UInt64 = 7) throws -> ModelFile {
    var noise = Noise(seed)
    var graph = try ModelGraph(
      name: "small", inputShape: [6, 6, 1],
      sequence: [
        ("scale", .affine(scale: [1 / 255], offset: [0])),
        (
          "first",
          .convolution(
            filters: 3, window: Window(kernel: .init(3, 3)), groups: 1, bias: true, .relu(slope: 0))
        ),
        ("normal", .batchNormalization(epsilon: 0.001, momentum: 0.99, center: true, scale: true)),
        ("flat", .flatten(pixelsFirst: false)), ("last", .dense(units: 3, bias: true, .softmax)),
      ])
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights {
        let isVariance = weight.name.hasSuffix("variance")
        let values = noise.values(weight.shape.reduce(1, *), scale: 0.7)
        try graph.setWeight(
          weight.name, ofLayer: index, to: isVariance ? values.map { 0.5 + abs($0) } : values)
      }
    }
    return ModelFile(graph: graph)
  }
}

extension ModelFile {
  /// The file's bytes.
  package func bytes() throws -> [UInt8] { try encoded().withBytes { Array($0) } }
}
