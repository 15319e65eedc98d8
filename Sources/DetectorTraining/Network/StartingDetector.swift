import FaceNetwork
import NetworkModel
import PictureData
import SystemIO

/// A trained detector whose weights another training begins with.
package struct StartingDetector: Sendable, Equatable {
  /// The numbers of filters and residuals that it has.
  package let architecture: DetectorArchitecture
  /// The file's ``SHA256`` in hexadecimal digits.
  package let sha256: String
  /// What is odd about the file, in words.
  package let warnings: [String]
  private let layers: [Layer]

  /// Reads a detector that was trained here.
  /// - Throws: ``Failure`` (`badInput`) naming the file if it is not a detector, or if its network is
  ///   not one of ``DetectorArchitecture``.
  package init(path: String) throws(Failure) {
    let side = CanvasSettings().side
    let file = try ModelFile(path: path, freeSize: Window.Pair(side, side))
    func refuse(_ cause: String) -> Failure {
      Failure(.badInput, step: "cannot start from this detector", subject: path, cause: cause)
    }
    guard file.information[DetectorDescription.key] != nil else {
      throw refuse("its fm.json does not describe a detector: fm-train detector writes such files")
    }
    guard let architecture = DetectorArchitecture(of: file.graph),
      let fresh = try? architecture.graph(side: side, seed: 0),
      fresh.layers.hasSameShape(as: file.graph.layers)
    else { throw refuse("its layers are not those of a network that fm-train detector makes") }
    guard let sha256 = file.sha256 else { throw refuse("it has no digest") }
    (self.architecture, self.sha256, warnings) = (architecture, sha256, file.warnings)
    layers = file.graph.layers
  }

  /// Gives a network of the same architecture these weights.
  func setWeights(of graph: inout ModelGraph) {
    precondition(graph.layers.hasSameShape(as: layers))
    for (index, layer) in layers.enumerated() {
      for (place, weight) in layer.weights.enumerated() {
        graph.setValues(weight.values, ofLayer: index, weight: place)
      }
    }
  }

  package static func == (left: Self, right: Self) -> Bool { left.sha256 == right.sha256 }
}

extension DetectorArchitecture {
  /// The numbers that a network would have if it were one of these; nil if it has too few layers.
  fileprivate init?(of graph: ModelGraph) {
    var filters: [Int] = []
    var sums = 0
    for layer in graph.layers {
      switch layer.operation {
      case .convolution(let count, _, _, _, _): filters.append(count)
      case .arithmetic(.add): sums += 1
      default: break
      }
    }
    // The second filters' residual and that of the depthwise convolution are always there.
    guard filters.count >= 4, sums >= 2 else { return nil }
    self.init()
    self.filters = [filters[0], filters[1], filters[3]]
    residuals = sums - 2
  }
}

extension [Layer] {
  /// Whether both do the same with weights of the same shapes.
  fileprivate func hasSameShape(as others: [Layer]) -> Bool {
    elementsEqual(others) { left, right in
      left.operation == right.operation && left.inputs == right.inputs
        && left.weights.map(\.shape) == right.weights.map(\.shape)
    }
  }
}
