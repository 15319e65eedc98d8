import NetworkEngine
import NetworkModel
import SystemIO

/// A file with a detection network whose family is known.
package struct DetectionModel: Sendable {
  /// Where the layers come from.
  package enum Source: Sendable {
    /// A file whose outputs show what it is.
    case onnx(ONNXModel)
    /// A file that says what it is, for pictures of any size.
    case keras(ModelFile, DetectorDescription)
  }

  /// The file.
  package let path: String
  /// Its contents.
  package let source: Source
  /// What its outputs mean.
  package let family: DetectorFamily
  /// The only size of its input; nil if it runs on pictures of any size.
  package let fixedSize: InputSize?
  /// Its layers, at one of the sizes that it runs at.
  package let example: ModelGraph
  /// Its outputs at that size.
  package let outputs: [OutputShape]

  /// A size that no two strides have the same number of cells for, nor one stride in both directions.
  private static let trial = InputSize(width: 224, height: 160)

  /// The ``SHA256`` of the file in hexadecimal digits; nil for a network in memory.
  package var sha256: String? {
    switch source {
    case .onnx(let file): file.sha256
    case .keras(let file, _): file.sha256
    }
  }

  /// What the file says of its calibration for 8-bit integers; nil if nothing.
  /// - Throws: ``Failure`` (`badInput`) naming the file if it is not understood.
  package func calibration() throws(Failure) -> NetworkModel.Calibration? {
    do throws(Failure) {
      switch source {
      case .onnx(let file): return try file.calibration()
      case .keras(let file, _): return try file.calibration()
      }
    } catch {
      throw error.within(path)
    }
  }

  /// Reads a file and recognizes its family: an ONNX network by its outputs, a Keras file (by its name) by its `fm.json`.
  /// - Throws: ``Failure`` (`badInput`) if it is neither, or its outputs are those of no family, with the outputs.
  package init(path: String) throws(Failure) {
    if ["keras", "h5", "hdf5"].contains(FilePath.fileExtension(path).lowercased()) {
      let size = Window.Pair(Self.trial.height, Self.trial.width)
      let file = try ModelFile(path: path, freeSize: size)
      do throws(Failure) {
        try self.init(file, path: path)
      } catch {
        throw error.within(path)
      }
      return
    }
    try self.init(ONNXModel(path: path), path: path)
  }

  /// A detector in an ONNX file.
  private init(_ file: ONNXModel, path: String) throws(Failure) {
    self.path = path
    source = .onnx(file)
    let (size, network) = try Self.sized(file, path)
    fixedSize = size
    example = network.graph
    outputs = network.shapes
    guard
      let found = DetectorFamily.recognize(outputs, size ?? Self.trial, channels: file.input.channels)
    else {
      throw Failure(
        .badInput, step: "no face detector", subject: path,
        cause:
          "its input of \(file.input.channels) channels and its outputs (\(Self.list(outputs))) are those of no head"
          + " known: \(DetectorFamily.all.map(\.name).joined(separator: ", "))")
    }
    family = found.family
  }

  /// A detector in a Keras file, or one in memory.
  /// - Parameter path: What messages call it.
  /// - Throws: ``Failure`` (`badInput`) if its `fm.json` does not say that it is a detector, or its layers do not fit that.
  package init(_ file: ModelFile, path: String) throws(Failure) {
    self.path = path
    guard let json = file.information[DetectorDescription.key] else {
      throw Failure(
        .badInput, step: "no face detector",
        cause: "its fm.json has no key \"\(DetectorDescription.key)\": fm-train detector writes such files")
    }
    let description = try DetectorDescription(json)
    let sides = file.graph.inputShape
    guard sides.count == 3, !file.graph.channelsFirst, sides[2] == 1 else {
      throw Failure(.badInput, step: "no face detector", cause: "its input \(sides) is no gray picture")
    }
    let preprocessing = file.information.preprocessing ?? Preprocessing()
    let encoding = PictureEncoding(
      .gray, scale: preprocessing.scale, offset: preprocessing.offset, border: 128)
    source = .keras(file, description)
    family = DetectorFamily(description, encoding: encoding)
    fixedSize = file.graph.hasFreeSize ? nil : InputSize(width: sides[1], height: sides[0])
    let used = fixedSize ?? Self.trial
    example =
      file.graph.hasFreeSize ? try file.graph.resized(height: used.height, width: used.width) : file.graph
    outputs = example.pictureOutputs
    guard family.head(outputs, used) != nil else {
      throw Failure(
        .badInput, step: "no face detector",
        cause: "its outputs (\(Self.list(outputs))) are not the map that its fm.json says")
    }
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
      let (graph, shapes) = try layers(size)
      guard let head = family.head(shapes, size) else {
        throw Failure(
          .badInput, step: "detection",
          cause: "its outputs do not fit an input of \(size.width)x\(size.height)")
      }
      return (graph, head)
    } catch {
      throw error.within(path)
    }
  }

  private func layers(_ size: InputSize) throws(Failure) -> (ModelGraph, [OutputShape]) {
    switch source {
    case .onnx(let file):
      let network = try file.network(height: size.height, width: size.width)
      return (network.graph, network.shapes)
    case .keras(let file, _):
      let graph =
        file.graph.hasFreeSize ? try file.graph.resized(height: size.height, width: size.width) : file.graph
      return (graph, graph.pictureOutputs)
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
  /// A Keras network's output as heads are recognized by.
  fileprivate var pictureOutputs: [OutputShape] {
    outputs.map { OutputShape(layers[$0].name, [1] + layers[$0].shape, isRaw: isRaw($0)) }
  }

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
