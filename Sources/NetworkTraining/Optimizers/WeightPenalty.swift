import FrameStream
import NetworkEngine
import NetworkModel

/// What a layer's own regularizer adds to the gradient of one of its weights, as Keras's L1 and L2 do: l1·sign(w)
/// and 2·l2·w.
package struct WeightPenalty: Sendable, Equatable {
  /// The weight's index in the network's flat arrays.
  package var offset: Int
  /// The number of its values.
  package var count: Int
  /// The factor of the absolute values.
  package var l1: Float
  /// The factor of the squares.
  package var l2: Float

  /// A penalty on the weight at `offset`.
  package init(offset: Int, count: Int, l1: Float = 0, l2: Float = 0) {
    self.offset = offset
    self.count = count
    self.l1 = l1
    self.l2 = l2
  }

  /// The factors of a regularizer in Keras's configuration; nil for one that is neither L1 nor L2 nor both.
  package static func factors(_ json: JSONValue) -> (l1: Float, l2: Float)? {
    guard let name = json["class_name"]?.string ?? json.string else { return nil }
    func factor(_ key: String, else standard: Float) -> Float? {
      guard let value = json["config"]?[key], !value.isNull else { return standard }
      return value.double.map { Float($0) }
    }
    switch name.lowercased().filter({ $0 != "_" }) {
    case "l1": return factor("l1", else: 0.01).map { ($0, 0) }
    case "l2": return factor("l2", else: 0.01).map { (0, $0) }
    case "l1l2":
      guard let l1 = factor("l1", else: 0), let l2 = factor("l2", else: 0) else { return nil }
      return (l1, l2)
    default: return nil
    }
  }
}

extension ModelGraph {
  /// The penalties that the layers' configurations ask for.
  /// - Parameter parameters: Those of this graph in training.
  package func penalties(of parameters: [TrainingNetwork.Parameter]) -> [WeightPenalty] {
    parameters.compactMap { parameter in
      let layer = layers.first {
        ($0.name == parameter.layer || $0.weightsPath == parameter.layer)
          && $0.weight(parameter.name)?.shape == parameter.shape
      }
      guard let json = layer?.setting(of: parameter.name, "regularizer"),
        let (l1, l2) = WeightPenalty.factors(json), l1 != 0 || l2 != 0
      else { return nil }
      return WeightPenalty(offset: parameter.offset, count: parameter.count, l1: l1, l2: l2)
    }
  }
}
