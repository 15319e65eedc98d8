import FrameStream
import SystemIO

/// A model file as read: the graph with its weights, and `fm.json`.
struct KerasFile {
  var graph: ModelGraph
  var information = ModelInformation()

  private static let zip: [UInt8] = [0x50, 0x4B]
  private static let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// - Parameter isNamedKeras: True if the file's name says that it is a `.keras` archive.
  init(_ contents: FileContents, isNamedKeras: Bool) throws(Failure) {
    if contents.starts(with: Self.hdf5) {
      guard !isNamedKeras else {
        throw Failure(
          .badInput, step: "reading the model",
          cause:
            "an HDF5 file, not the zip archive that its name promises (a whole model of Keras 2 is named .h5)"
        )
      }
      throw Failure(.badInput, step: "reading the model", cause: "HDF5 model files are not supported")
    }
    guard contents.starts(with: Self.zip) else {
      let cause = contents.count == 0 ? "the file is empty" : "neither a .keras archive nor an HDF5 file"
      throw Failure(.badInput, step: "reading the model", cause: cause)
    }
    try self.init(archive: ZipArchive(contents))
  }

  /// Keras 3's archive, and that of Keras 2.12 and later: config.json and model.weights.h5.
  private init(archive: ZipArchive) throws(Failure) {
    let configuration = try archive.member("config.json", limit: ModelLimits.text)
    do throws(Failure) {
      graph = try KerasGraphReader.read(JSONValue(parsing: configuration.bytes))
    } catch {
      throw error.within("config.json")
    }
    if archive.contains("fm.json") {
      let member = try archive.member("fm.json", limit: ModelLimits.text)
      do throws(Failure) {
        information = try ModelInformation(parsing: member.bytes)
      } catch {
        throw error.within("fm.json")
      }
    }
    // Weights, up to three values of optimizer state for each, in eight bytes at most, and HDF5's own structure.
    let limit = min(ModelLimits.file, (64 << 20) + graph.parameterCount * 32)
    let weights = try archive.member("model.weights.h5", limit: limit)
    do throws(Failure) {
      graph = try HDF5File.withLibrary { () throws(Failure) in
        var filled = graph
        try KerasWeights(file: HDF5File(weights)).load(into: &filled)
        return filled
      }
    } catch {
      throw error.within("model.weights.h5")
    }
  }
}
