import SystemIO

extension ModelFile {
  /// Reads a classifier in any format that is known: a Keras model (as ``init(path:weights:keepingTrainingState:)``), or
  /// an ONNX network, which names no classes.
  /// - Throws: ``Failure`` (`badInput`) naming the file and the layer, member or node that is wrong.
  package init(network path: String, weights: String? = nil) throws(Failure) {
    let isNamed = FilePath.fileExtension(path) == "onnx"
    guard weights == nil || isNamed else {
      self = try ModelFile(path: path, weights: weights)
      return
    }
    guard weights == nil else {
      throw Failure(
        .usage, step: "reading the model", subject: path, cause: "an ONNX network has its weights with it")
    }
    let beginning = WholeFile.Beginning(2056) { (bytes) throws(Failure) in
      if !isNamed, !ForeignFile.isONNX(bytes) { try KerasFile.check(beginning: bytes) }
    }
    let contents = try FileContents.read(path, beginning: beginning)
    do throws(Failure) {
      if isNamed || contents.withBytes({ ForeignFile.isONNX($0) }) {
        try self.init(ONNXModel(contents, folder: ONNXModel.folder(of: path)))
      } else {
        try self.init(contents, isNamedKeras: path.hasSuffix(".keras"), false)
        sha256 = contents.withBytes { SHA256.hexadecimal($0) }
      }
    } catch {
      throw error.within(path)
    }
  }

  /// An ONNX network that gives one row of values.
  /// - Throws: ``Failure`` (`badInput`) if it has several outputs, or its picture may have any size.
  package init(_ model: ONNXModel) throws(Failure) {
    guard model.outputs.count == 1 else {
      throw Failure(
        .badInput, step: "reading ONNX",
        cause: "the network has \(model.outputs.count) outputs ("
          + model.outputs.prefix(8).joined(separator: ", ") + "), not one row of probabilities")
    }
    guard model.input.height != nil, model.input.width != nil else {
      throw Failure(
        .badInput, step: "reading ONNX",
        cause: "the file leaves the size of the picture free: it does not say how large a face must be")
    }
    var graph = try model.network().graph
    let sides = graph.outputShape
    if sides.count > 1, sides.max() == sides.reduce(1, *) {
      // [batch, classes, 1, 1].
      graph = try graph.ending(in: .reshape([sides.reduce(1, *)]), name: model.outputs[0])
    }
    self.init(graph: graph)
    sha256 = model.sha256
    warnings = graph.warnings
  }
}

extension ModelGraph {
  /// The same graph with one more layer on its output.
  fileprivate func ending(in operation: Operation, name: String) throws(Failure) -> ModelGraph {
    var (graph, parameters) = (self, 0)
    graph.output = try graph.append(
      Layer(name: name, kind: "Output", operation: operation, inputs: [output], weightsPath: "output"),
      parameters: &parameters)
    return graph
  }
}
