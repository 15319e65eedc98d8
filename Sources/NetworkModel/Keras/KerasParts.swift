import FrameStream
import SystemIO

/// A model in two files: a network without weights, as Keras's `to_json` gives it, and the weights that `save_weights`
/// writes, of either version. A whole model may stand for each of them.
struct KerasParts {
  private let networkPath, weightsPath: String
  private let network, weights: FileContents

  init(network path: String, _ network: FileContents, weights weightsPath: String, _ weights: FileContents) {
    (networkPath, self.weightsPath) = (path, weightsPath)
    (self.network, self.weights) = (network, weights)
  }

  /// The model.
  /// - Throws: ``Failure`` (`badInput`) naming the file and what is wrong with it.
  func read() throws(Failure) -> ModelFile {
    var file: ModelFile
    let groups: [LegacyWeights.Group]
    do throws(Failure) {
      let (json, information) = try configuration()
      let read = try KerasGraphReader.read(json)
      (file, groups) = (ModelFile(graph: read.graph, information: information), read.groups)
    } catch {
      throw error.within(networkPath)
    }
    do throws(Failure) {
      let hdf5 = try HDF5File(weightsFile())
      if try Self.hasOldWeights(hdf5) {
        try LegacyWeights(file: hdf5, groups: groups).load(into: &file.graph)
      } else {
        let reader = KerasWeights(file: hdf5)
        try reader.load(into: &file.graph)
        file.weightFormat = try reader.format(file.graph)
      }
    } catch {
      throw error.within(weightsPath)
    }
    return file
  }

  /// The network's configuration, and what an archive says besides.
  private func configuration() throws(Failure) -> (JSONValue, ModelInformation) {
    if network.starts(with: KerasFile.zip) {
      let archive = try ZipArchive(network)
      let text = try archive.member("config.json", limit: ModelLimits.text)
      var information = ModelInformation()
      if archive.contains("fm.json") {
        let member = try archive.member("fm.json", limit: ModelLimits.text)
        information = try member.withBytes { (bytes) throws(Failure) in try ModelInformation(parsing: bytes) }
      }
      return (try text.withBytes { (bytes) throws(Failure) in try JSONValue(parsing: bytes) }, information)
    }
    if KerasFile.isHDF5(network) {
      let file = try HDF5File(network)
      guard let text = try file.string("/", attribute: "model_config") else {
        throw Failure(
          .badInput, step: "reading the network",
          cause: try Self.hasWeights(file)
            ? "the file holds weights; give the network here, and this file with --weights"
            : "an HDF5 file that is not a Keras model (no attribute model_config)")
      }
      return (try JSONValue(JSONText(parsing: Array(text.utf8))), ModelInformation())
    }
    guard network.withBytes(Self.isText), network.count <= ModelLimits.text else {
      throw Failure(
        .badInput, step: "reading the network",
        cause: "neither JSON (model.to_json()) nor a .keras archive nor an HDF5 file")
    }
    return (
      try network.withBytes { (bytes) throws(Failure) in try JSONValue(parsing: bytes) }, ModelInformation()
    )
  }

  private func weightsFile() throws(Failure) -> FileContents {
    func refusal(_ cause: String) -> Failure {
      Failure(.badInput, step: "reading the weights", cause: cause)
    }
    if KerasFile.isHDF5(weights) {
      if let cause = ForeignFile.truncation(ofHDF5: weights) { throw refusal(cause) }
      return weights
    }
    guard weights.starts(with: KerasFile.zip) else { throw refusal(weights.withBytes(ForeignFile.cause)) }
    if let cause = ForeignFile.truncation(ofArchive: weights) { throw refusal(cause) }
    return try ZipArchive(weights).member("model.weights.h5", limit: ModelLimits.file)
  }

  /// True for weights in a group for each layer of the outermost model, as Keras 2 wrote them.
  private static func hasOldWeights(_ file: HDF5File) throws(Failure) -> Bool {
    if try file.kind("model_weights") == .group { return true }
    for attribute in ["layer_names", "layer_names0"] {
      if try file.strings("/", attribute: attribute) != nil { return true }
    }
    return false
  }

  /// True for a file of weights, of either version of Keras.
  static func hasWeights(_ file: HDF5File) throws(Failure) -> Bool {
    if try hasOldWeights(file) { return true }
    for group in ["layers", "_layer_checkpoint_dependencies"] where try file.kind(group) == .group {
      return true
    }
    return false
  }

  /// True for what begins like a JSON object.
  static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
  }

  /// What is wrong with weights without a network, and the ways out.
  static let weightsAlone = """
    it holds weights without the network they belong to: give the network's file as the model (what model.to_json() \
    gives, in a file) and this one with --weights, or save the whole model: model.save("name.keras")
    """

  /// What is wrong with a network without weights, and the ways out.
  static let networkAlone = Failure(
    .badInput, step: "reading the model",
    cause: """
      it holds a network without its weights: give those with --weights (what model.save_weights() writes), or save \
      the whole model: model.save("name.keras")
      """)
}
