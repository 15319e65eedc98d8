import FrameStream
import SystemIO

/// Reads a model file: a `.keras` archive, or a whole-model HDF5 file.
enum KerasFile {
  static let zip: [UInt8] = [0x50, 0x4B]

  /// - Parameters:
  ///   - isNamedKeras: True if the file's name says that it is a `.keras` archive.
  ///   - freeSize: The size of the picture if an archive leaves it free; nil to refuse such a file.
  static func read(
    _ contents: FileContents, isNamedKeras: Bool, keepingTrainingState: Bool, freeSize: Window.Pair?
  ) throws(Failure) -> ModelFile {
    if isHDF5(contents) {
      guard !isNamedKeras else {
        throw Failure(
          .badInput, step: "reading the model",
          cause:
            "an HDF5 file, not the zip archive that its name promises (a whole model of Keras 2 is named .h5)"
        )
      }
      if let cause = ForeignFile.truncation(ofHDF5: contents) { throw refusal(cause) }
      let hdf5 = try HDF5File(contents)
      var file = ModelFile(graph: try legacy(hdf5))
      if keepingTrainingState { try file.takeTrainingState(hdf5) }
      return file
    }
    try contents.withBytes { (bytes) throws(Failure) in try check(beginning: bytes) }
    if let cause = ForeignFile.truncation(ofArchive: contents) { throw refusal(cause) }
    return try archive(ZipArchive(contents), keepingTrainingState, freeSize)
  }

  /// True for an HDF5 file, which may begin with something of its maker's.
  static func isHDF5(_ contents: FileContents) -> Bool {
    !contents.starts(with: zip) && HDF5File.start(of: contents) != nil
  }

  private static func refusal(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading the model", cause: cause)
  }

  /// Looked at before a file is read whole.
  static let beginning = WholeFile.Beginning(2056) { (bytes) throws(Failure) in try check(beginning: bytes) }

  static func check(beginning bytes: UnsafeRawBufferPointer) throws(Failure) {
    guard !bytes.starts(with: zip), HDF5File.start(of: bytes) == nil else { return }
    if KerasParts.isText(bytes) { throw KerasParts.networkAlone }
    throw refusal(ForeignFile.cause(bytes))
  }

  /// A whole model of Keras 2 (or of 3 in the old format): the configuration is the attribute `model_config`.
  private static func legacy(_ file: HDF5File) throws(Failure) -> ModelGraph {
    guard let text = try file.string("/", attribute: "model_config") else {
      throw Failure(
        .badInput, step: "reading the model",
        cause: try KerasParts.hasWeights(file)
          ? KerasParts.weightsAlone : "an HDF5 file that is not a Keras model (no attribute model_config)")
    }
    var (graph, groups): (ModelGraph, [LegacyWeights.Group])
    do throws(Failure) {
      (graph, groups) = try KerasGraphReader.read(JSONValue(JSONText(parsing: Array(text.utf8))))
    } catch {
      throw error.within("model_config")
    }
    try LegacyWeights(file: file, groups: groups).load(into: &graph)
    return graph
  }

  /// Keras 3's archive, and that of Keras 2.12 and later: config.json and model.weights.h5.
  private static func archive(
    _ archive: ZipArchive, _ keepingTrainingState: Bool, _ freeSize: Window.Pair?
  ) throws(Failure) -> ModelFile {
    if !archive.contains("config.json"), let cause = ForeignFile.cause(ofArchive: archive.names) {
      throw refusal(cause)
    }
    let configuration = try archive.member("config.json", limit: ModelLimits.text)
    var file: ModelFile
    do throws(Failure) {
      let json = try configuration.withBytes { (bytes) throws(Failure) in try JSONValue(parsing: bytes) }
      file = ModelFile(graph: try KerasGraphReader.read(json, freeSize: freeSize).graph)
      // Keras 2's variant of the archive names no modules, or older ones.
      if json["module"]?.string?.hasPrefix("keras") == true, try isKeras3(archive) {
        file.configuration = json
      }
      if file.configuration != nil {
        file.trainingState.compilation = json["compile_config"]
      } else if keepingTrainingState, let compilation = json["compile_config"], !compilation.isNull {
        file.translate(compilation)
        file.warnOfNewOptimizerState()
      }
    } catch {
      throw error.within("config.json")
    }
    if archive.contains("fm.json") {
      let member = try archive.member("fm.json", limit: ModelLimits.text)
      do throws(Failure) {
        file.information = try member.withBytes { (bytes) throws(Failure) in
          try ModelInformation(parsing: bytes)
        }
      } catch {
        throw error.within("fm.json")
      }
    }
    // Weights, up to three values of optimizer state for each, in eight bytes at most, and HDF5's own structure.
    let limit = min(ModelLimits.file, (64 << 20) + file.graph.parameterCount * 32)
    let weights = try archive.member("model.weights.h5", limit: limit)
    do throws(Failure) {
      let reader = KerasWeights(file: try HDF5File(weights))
      try reader.load(into: &file.graph)
      file.weightFormat = try reader.format(file.graph)
      // What was quantized is not any more.
      if file.graph.layers.contains(where: { $0.quantization != nil }) { file.configuration = nil }
      if keepingTrainingState, file.configuration != nil {
        file.trainingState.optimizer = try reader.optimizer(file.graph)
      }
    } catch {
      throw error.within("model.weights.h5")
    }
    return file
  }

  /// True if metadata.json says that Keras 3 wrote the archive.
  private static func isKeras3(_ archive: ZipArchive) throws(Failure) -> Bool {
    guard archive.contains("metadata.json") else { return false }
    let metadata = try archive.member("metadata.json", limit: ModelLimits.text)
    let json = metadata.withBytes { try? JSONValue(parsing: $0) }
    let version = json?["keras_version"]?.string ?? ""
    return (version.split(separator: ".").first.flatMap { Int($0) } ?? 0) >= 3
  }
}

extension ModelFile {
  /// What a whole-model HDF5 file says of training: the attribute `training_config` and the group `optimizer_weights`.
  fileprivate mutating func takeTrainingState(_ file: HDF5File) throws(Failure) {
    guard let text = try file.string("/", attribute: "training_config"),
      let json = try? JSONValue(JSONText(parsing: Array(text.utf8))), !json.isNull
    else { return }
    translate(json)
    let group = "optimizer_weights"
    guard trainingState.compilation != nil, try file.kind(group) == .group else { return }
    // Keras 2 has other variables in another order; and those of nested models, which are flat here, come in that
    // of the models.
    let isKeras3 = try file.string("/", attribute: "keras_version")?.hasPrefix("3.") == true
    guard isKeras3, !graph.layers.contains(where: { $0.name.contains("/") }) else {
      return warnOfNewOptimizerState()
    }
    let names = try file.list(group, attribute: "weight_names")
    trainingState.optimizer = try file.variables(names.map { "\(group)/\($0)" }, of: graph)
  }

  /// Takes over how Keras 2 compiled the model, or notes why not.
  fileprivate mutating func translate(_ compilation: JSONValue) {
    do throws(Failure) {
      trainingState.compilation = try Keras2CompileConfiguration(compilation).translated()
    } catch {
      warnings.append(
        "the compile configuration is dropped: no equivalent in Keras 3 is known for \(error.cause)")
    }
  }

  fileprivate mutating func warnOfNewOptimizerState() {
    if trainingState.compilation != nil {
      warnings.append("the optimizer's state in this file cannot be used: the optimizer starts from zero")
    }
  }
}

extension ModelFile {
  /// - Parameters:
  ///   - path: A `.keras` archive, a whole-model HDF5 file, or a network as JSON.
  ///   - weights: A file of weights for the network: HDF5 as Keras's `save_weights` writes it, or a whole model. Nil
  ///     takes the model file's own.
  ///   - keepingTrainingState: True to read the optimizer's variables too (for writing the file again, or training).
  ///   - freeSize: The size of the picture if the file leaves it free; nil to refuse such a file.
  /// - Throws: ``Failure`` (`badInput`) naming the file and the layer or member that is wrong.
  package init(
    path: String, weights: String? = nil, keepingTrainingState: Bool = false, freeSize: Window.Pair? = nil
  ) throws(Failure) {
    if let weights {
      let network = try FileContents.read(path)
      self = try KerasParts(network: path, network, weights: weights, FileContents.read(weights)).read()
      warnings += graph.warnings
      sha256 = network.withBytes { SHA256.hexadecimal($0) }
      return
    }
    let contents = try FileContents.read(path, beginning: KerasFile.beginning)
    do throws(Failure) {
      try self.init(
        contents, isNamedKeras: path.hasSuffix(".keras"), keepingTrainingState, freeSize: freeSize)
    } catch {
      throw error.within(path)
    }
    sha256 = contents.withBytes { SHA256.hexadecimal($0) }
  }

  /// The same from bytes in memory.
  package init(bytes: [UInt8], keepingTrainingState: Bool = false) throws(Failure) {
    try self.init(FileContents(bytes), isNamedKeras: false, keepingTrainingState)
  }

  init(
    _ contents: FileContents, isNamedKeras: Bool, _ keepingTrainingState: Bool, freeSize: Window.Pair? = nil
  ) throws(Failure) {
    self = try KerasFile.read(
      contents, isNamedKeras: isNamedKeras, keepingTrainingState: keepingTrainingState, freeSize: freeSize)
    warnings += graph.warnings
  }
}

extension ModelGraph {
  /// One line for each layer with weights that are not numbers.
  var warnings: [String] {
    layers.compactMap { layer in
      let count = layer.weights.reduce(0) { $0 + $1.values.reduce(0) { $0 + ($1.isFinite ? 0 : 1) } }
      return count == 0 ? nil : "layer \(layer.name): \(count) of its weights are not finite numbers"
    }
  }
}
