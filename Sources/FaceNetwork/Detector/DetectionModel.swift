import NetworkEngine
import NetworkModel
import SystemIO

/// A file with a detection network whose family is known.
package struct DetectionModel: Sendable {
  /// The file.
  package let path: String
  /// Its contents.
  package let file: ONNXModel
  /// What its outputs mean.
  package let family: DetectorFamily
  /// The only size of its input; nil if it runs on pictures of any size.
  package let fixedSize: InputSize?
  /// Its layers, at one of the sizes that it runs at.
  package let example: ONNXNetwork

  /// A size that no two strides have the same number of cells for, nor one stride in both directions.
  private static let trial = InputSize(width: 224, height: 160)

  /// Reads a file and recognizes its family.
  /// - Throws: ``Failure`` (`badInput`) if it is no ONNX file, or its outputs are those of no family, with the outputs.
  package init(path: String) throws(Failure) {
    self.path = path
    file = try ONNXModel(path: path)
    let (size, network) = try Self.sized(file, path)
    fixedSize = size
    example = network
    let used = size ?? Self.trial
    let outputs = network.shapes
    guard
      let found = DetectorFamily.recognize(outputs, used, channels: file.input.channels)
    else {
      throw Failure(
        .badInput, step: "no face detector", subject: path,
        cause:
          "its input of \(file.input.channels) channels and its outputs (\(Self.list(outputs))) are those of no head"
          + " known: \(DetectorFamily.all.map(\.name).joined(separator: ", "))")
    }
    family = found.family
  }

  /// The network at a size that shows what it is, and the only size that it takes; nil for any size.
  private static func sized(_ file: ONNXModel, _ path: String) throws(Failure) -> (InputSize?, ONNXNetwork) {
    do throws(Failure) {
      return (nil, try file.network(height: trial.height, width: trial.width))
    } catch {
      guard let height = file.input.height, let width = file.input.width else { throw error.within(path) }
      do throws(Failure) {
        return (InputSize(width: width, height: height), try file.network(height: height, width: width))
      } catch {
        throw error.within(path)
      }
    }
  }

  /// Outputs as a message names them: `cls_8 [1, 560, 1]`, the first of many.
  private static func list(_ outputs: [OutputShape]) -> String {
    let names = outputs.prefix(12).map { "\($0.name.prefix(60)) \($0.axes)" }.joined(separator: ", ")
    return outputs.count > 12 ? names + " and \(outputs.count - 12) more" : names
  }

  /// The network for an input of this size, and its head.
  /// - Throws: ``Failure`` if its layers do not fit the size, or its outputs no longer do.
  func network(_ size: InputSize) throws(Failure) -> (graph: ModelGraph, head: any DetectionHead) {
    do throws(Failure) {
      let network = try file.network(height: size.height, width: size.width)
      guard let head = family.head(network.shapes, size) else {
        throw Failure(
          .badInput, step: "detection",
          cause: "its outputs do not fit an input of \(size.width)x\(size.height)")
      }
      return (network.graph, head)
    } catch {
      throw error.within(path)
    }
  }
}

extension ONNXNetwork {
  /// Its outputs as heads are recognized by.
  var shapes: [OutputShape] {
    zip(outputs, graph.outputs).map { OutputShape($0.name, $0.shape, isRaw: graph.isRaw($1)) }
  }
}

extension ModelGraph {
  /// True if a layer's result is what convolutions gave, only rearranged.
  func isRaw(_ layer: Int) -> Bool {
    var index = layer
    // Each layer comes after those that feed it.
    while layers.indices.contains(index) {
      switch layers[index].operation {
      case .convolution, .depthwiseConvolution, .separableConvolution, .batchNormalization: return true
      case .identity, .dropout, .flatten, .reshape, .transpose, .concatenate, .slice:
        guard let input = layers[index].inputs.first else { return false }
        index = input
      default: return false
      }
    }
    return false
  }
}

extension NetworkResults: OutputValues {}
