import Glibc
import NetworkModel

/// How a network's outputs become one probability for each class.
package struct OutputReading: Sendable, Equatable {
  /// What the outputs are, as far as the end of the network shows.
  package enum Kind: Sendable, Equatable {
    /// Of a softmax: they are probabilities.
    case probabilities
    /// Of a sigmoid: each is a probability by itself.
    case sigmoid
    /// Unbounded values, which a softmax turns into probabilities (`from_logits=True`).
    case logits
    /// Of other arithmetic: they are taken as they are.
    case unknown
  }

  /// What the outputs are.
  package let kind: Kind
  /// The network's outputs.
  package let outputCount: Int

  /// Reads it from the layers that the network ends with.
  package init(_ graph: ModelGraph) {
    kind = graph.outputKind
    outputCount = graph.outputShape.reduce(1, *)
  }

  /// True for one output that says how probable the second of two classes is.
  private var isSingle: Bool { outputCount == 1 && (kind == .sigmoid || kind == .logits) }

  /// The number of classes: the outputs, or two for a single sigmoid.
  package var classCount: Int { isSingle ? 2 : outputCount }

  /// What is done to outputs that are not probabilities already; nil for nothing.
  package var warning: String? {
    switch (kind, isSingle) {
    case (.probabilities, _): nil
    case (.logits, false): "the network ends without a softmax: its outputs are put through one"
    case (.logits, true):
      "the network has one output without a sigmoid: put through one, it is the probability of the second class"
    case (.sigmoid, true): "the network has one output, a sigmoid: it is the probability of the second class"
    case (.sigmoid, false):
      "the network ends in a sigmoid: each output is a probability by itself, and they need not add up to 1"
    case (.unknown, _):
      "the network ends in neither a softmax nor a sigmoid: its outputs are taken for probabilities"
    }
  }

  /// Appends the probabilities that rows of outputs mean: a row of ``classCount`` values for each.
  package func append(_ outputs: UnsafeBufferPointer<Float>, to probabilities: inout [Float]) {
    if isSingle {
      for output in outputs {
        let second = kind == .logits ? 1 / (1 + exp(-output)) : output
        probabilities.append(1 - second)
        probabilities.append(second)
      }
      return
    }
    let first = probabilities.count
    probabilities.append(contentsOf: outputs)
    guard kind == .logits, outputCount > 0 else { return }
    probabilities.withUnsafeMutableBufferPointer { all in
      for start in stride(from: first, to: all.count, by: outputCount) {
        Self.softmax(UnsafeMutableBufferPointer(rebasing: all[start..<(start + outputCount)]))
      }
    }
  }

  /// In 64 bits, so that a row does not depend on how it came into memory. NaN makes the whole row NaN.
  private static func softmax(_ row: UnsafeMutableBufferPointer<Float>) {
    let largest = row.reduce(-Float.infinity) { max($0, $1) }
    let sum = row.reduce(0.0) { $0 + exp(Double($1 - largest)) }
    for index in row.indices { row[index] = Float(exp(Double(row[index] - largest)) / sum) }
  }
}

extension ModelGraph {
  /// What comes out of the network, as far as it follows from the layers' kinds.
  fileprivate var outputKind: OutputReading.Kind {
    // Each layer comes after those that feed it.
    var kinds: [OutputReading.Kind] = []
    for layer in layers {
      kinds.append(OutputReading.Kind(of: layer.operation, inputs: layer.inputs.map { kinds[$0] }))
    }
    return kinds.indices.contains(output) ? kinds[output] : .unknown
  }
}

extension OutputReading.Kind {
  /// What an operation gives, by what it is given.
  fileprivate init(of operation: Operation, inputs: [Self]) {
    switch operation {
    case .input: self = .unknown
    case .identity, .dropout, .flatten, .averagePooling, .globalAveragePooling, .activation(.linear),
      .reshape,
      .transpose:
      // The mean of distributions is one.
      self = inputs.first ?? .unknown
    case .activation(let activation), .convolution(_, _, _, _, let activation),
      .depthwiseConvolution(_, _, _, let activation), .separableConvolution(_, _, _, _, let activation),
      .dense(_, _, let activation):
      switch activation {
      case .softmax: self = .probabilities
      case .sigmoid, .hardSigmoid: self = .sigmoid
      default: self = .logits
      }
    case .batchNormalization: self = .logits
    default: self = inputs.allSatisfy { $0 == .logits } ? .logits : .unknown
    }
  }
}
