import SystemIO

/// An ONNX file: a network for pictures, whose layers are made for a size by ``network(height:width:)``.
///
/// The format: https://onnx.ai/onnx/repo-docs/IR.html; the operators: https://onnx.ai/onnx/operators.
package struct ONNXModel: Sendable {
  /// Where a file's network has the channels of a picture.
  package enum Layout: Sendable {
    /// [batch, channels, height, width].
    case channelsFirst
    /// [batch, height, width, channels].
    case channelsLast
  }

  /// The picture that the network takes, as the file declares it.
  package struct Input: Sendable, Equatable {
    package let name: String
    /// The sides, the batch's first; nil for those that are free.
    package let shape: [Int?]
    package let layout: Layout
    package let channels: Int
    /// Rows of the picture; nil if they are free.
    package let height: Int?
    /// Columns of the picture; nil if they are free.
    package let width: Int?
  }

  /// The one picture that it takes.
  package let input: Input
  /// Names of what it gives, in the file's order.
  package let outputs: [String]
  /// The version of ONNX's operators that the file is written for.
  package let operatorSet: Int
  /// What wrote the file: `pytorch 1.13`; empty if it does not say.
  package let producer: String
  /// The ``SHA256`` of the file in hexadecimal digits.
  package let sha256: String
  let contents: FileContents
  /// Where files with weights would lie; nil for a model in memory.
  let folder: String?
  /// Where the text of its calibration lies; nil if it has none.
  let calibrationRange: Range<Int>?

  /// Versions of ONNX's operators that are read.
  package static let operatorSets = 7...23

  /// - Throws: ``Failure`` (`badInput`) naming the file, if it is no ONNX network for pictures, damaged or too large;
  ///   (`inputOutput`) if it cannot be read.
  package init(path: String) throws(Failure) {
    let contents = try FileContents.read(path)
    do throws(Failure) {
      try self.init(contents, folder: Self.folder(of: path))
    } catch {
      throw error.within(path)
    }
  }

  /// The folder that a file lies in.
  static func folder(of path: String) -> String {
    FilePath.folder(of: path).map { $0.isEmpty ? "/" : $0 } ?? "."
  }

  /// The same from bytes in memory.
  package init(bytes: [UInt8]) throws(Failure) { try self.init(FileContents(bytes), folder: nil) }

  init(_ contents: FileContents, folder: String?) throws(Failure) {
    (self.contents, self.folder) = (contents, folder)
    let file = try ONNXFile(contents)
    guard let version = file.operatorSet, Self.operatorSets.contains(version) else {
      throw Failure(
        .badInput, step: "reading ONNX",
        cause: "written for version \(file.operatorSet ?? 0) of the operators; those from "
          + "\(Self.operatorSets.lowerBound) to \(Self.operatorSets.upperBound) are supported")
    }
    operatorSet = version
    producer = file.producer
    outputs = file.outputs.map(\.name)
    guard !outputs.isEmpty, Set(outputs).count == outputs.count else {
      throw Failure(
        .badInput, step: "reading ONNX", cause: "the network has no outputs, or two of the same name")
    }
    input = try Self.picture(file)
    calibrationRange = file.notes[Self.calibrationKey]
    sha256 = contents.withBytes { SHA256.hexadecimal($0) }
  }

  /// The one input that is no weight.
  private static func picture(_ file: ONNXFile) throws(Failure) -> Input {
    let inputs = file.inputs.filter { file.tensors[$0.name] == nil }
    guard inputs.count == 1, let own = inputs.first else {
      throw Failure(
        .badInput, step: "reading ONNX",
        cause:
          "the network takes \(inputs.count) inputs (\(inputs.prefix(8).map(\.name).joined(separator: ", ")))"
          + ", not one picture")
    }
    func refusal(_ cause: String) -> Failure {
      Failure(.badInput, step: "reading ONNX", subject: "input \(own.name)", cause: cause)
    }
    guard [1, 10].contains(own.type) else {
      throw refusal(
        "its elements are of the type \(ONNXTensorData.typeName(own.type)): only FLOAT and FLOAT16 are supported"
      )
    }
    guard let shape = own.shape, shape.count == 4 else {
      throw refusal("it is no picture [batch, channels, height, width]")
    }
    func isChannels(_ side: Int?) -> Bool { side.map { (1...4).contains($0) } ?? false }
    let layout: Layout =
      !isChannels(shape[1]) && isChannels(shape[3]) ? .channelsLast : .channelsFirst
    let channels = layout == .channelsFirst ? shape[1] : shape[3]
    guard let channels else { throw refusal("the number of its channels is free") }
    let (height, width) = layout == .channelsFirst ? (shape[2], shape[3]) : (shape[1], shape[2])
    return Input(
      name: own.name, shape: shape, layout: layout, channels: channels, height: height, width: width)
  }

  /// The network for pictures of one size.
  /// - Parameters:
  ///   - height: Rows; nil for as many as the file declares. Others than those are tried, too: some files declare a
  ///     size that their network does not depend on.
  ///   - width: Columns, in the same way.
  /// - Throws: ``Failure`` (`badInput`) naming the node that is not supported, or does not fit the size; (`usage`) if the
  ///   file declares no size and none is given.
  package func network(height: Int? = nil, width: Int? = nil) throws(Failure) -> ONNXNetwork {
    guard let height = height ?? input.height, let width = width ?? input.width else {
      throw Failure(.usage, step: "reading ONNX", cause: "the file leaves the size of the picture free")
    }
    let sides = [height, width, input.channels]
    let layers = try ONNXLayers(name: "", input: input.name, shape: sides)
    let picture =
      input.layout == .channelsFirst
      ? ONNXComputed(
        layer: 0, shape: [1, input.channels, height, width], order: ONNXLayers.pictureOrder)
      : ONNXComputed(layer: 0, shape: [1, height, width, input.channels], order: [1, 2, 3])
    var reader = ONNXGraphReader(
      try ONNXFile(contents), ONNXExternalData(folder: folder), operatorSet: operatorSet, layers,
      input: input.name, picture)
    let results = try reader.read()
    var graph = layers.graph
    graph.outputs = results.map(\.layer)
    return ONNXNetwork(graph: graph, outputs: results.map(\.output))
  }
}

/// An ONNX network for one picture size.
package struct ONNXNetwork: Sendable {
  /// What it gives.
  package struct Output: Sendable, Equatable {
    package let name: String
    /// The sides in ONNX's own order, the batch's included, which is 1.
    package let shape: [Int]
  }

  /// The layers. The picture lies as rows of pixels with their channels side by side, whatever the file's order is;
  /// results lie in ONNX's own order of axes.
  package let graph: ModelGraph
  /// What the graph's outputs are, in the file's order.
  package let outputs: [Output]
}
