import FrameStream
import NetworkModel
import SystemIO

extension ModelFile {
  /// Writes a `.keras` archive that Keras 3 opens (and that this library reads): config.json, metadata.json,
  /// model.weights.h5 and fm.json. The file appears under its name when it is whole.
  ///
  /// A model that was read from a `.keras` archive keeps its configuration word for word; any other gets one made
  /// from its graph. The same model gives the same bytes.
  /// - Throws: ``Failure`` naming the file, or a layer whose weights do not fit its shape.
  package func write(to path: String) throws(Failure) {
    let contents = try encoded()
    let replacement = try FileReplacement(path: path)
    do throws(Failure) {
      try contents.withBytes { (bytes) throws(Failure) in try replacement.descriptor.write(bytes) }
      try replacement.commit()
    } catch {
      replacement.discard()
      throw error.subject.isEmpty ? error.within(path) : error
    }
  }

  /// The archive's bytes, as ``write(to:)`` writes them.
  /// - Throws: ``Failure`` naming a layer whose weights do not fit its shape.
  package func encoded() throws(Failure) -> FileContents {
    let text: [UInt8]
    var paths = graph.layers.map(\.weightsPath)
    if let configuration {
      text = Self.text(of: configuration, compilation: trainingState.compilation)
    } else {
      let made = KerasConfiguration(graph, compilation: trainingState.compilation)
      text = made.bytes
      paths = made.weightPaths
    }
    let model = self
    let weights = try HDF5Library.run { () throws(Failure) in try model.weights(paths) }
    var metadata = JSONWriter()
    metadata.object {
      $0.field("keras_version", "3.10.0")
      $0.field("date_saved", "1980-01-01@00:00:00")
    }
    return try ZipWriter.archive([
      ("metadata.json", FileContents(metadata.bytes)), ("config.json", FileContents(text)),
      ("model.weights.h5", weights), ("fm.json", FileContents(information.encoded())),
    ])
  }

  /// A configuration as it was read, with the present `compile_config`.
  private static func text(of source: JSONValue, compilation: JSONValue?) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { object in
      for (key, value) in source.object?.fields ?? [] where key != "compile_config" {
        object.field(key, value)
      }
      object.field("compile_config", compilation)
    }
    return writer.bytes
  }

  private func weights(_ paths: [String]) throws(Failure) -> FileContents {
    let writer = try HDF5Writer()
    var written: Set<String> = []
    for (layer, path) in zip(graph.layers, paths)
    where !layer.weights.isEmpty && written.insert(path).inserted {
      try writer.group(path + "/vars")
      for (index, weight) in layer.weights.enumerated() {
        guard weight.values.count == weight.shape.reduce(1, *) else {
          throw Failure(
            .failed, step: "writing weights", subject: "layer \(layer.name)",
            cause: "\(weight.name) has \(weight.values.count) values for its shape \(weight.shape)")
        }
        let name = "\(path)/vars/\(index)"
        if weight.name == "count" {
          try writer.write(name, [], weight.values.map { Int64(exactly: $0.rounded()) ?? 0 }, isLong: false)
        } else if weightFormat == .float16, weight.isKernel, let halves = Binary16.exactly(weight.values) {
          try writer.write(name, weight.shape, binary16: halves)
        } else {
          try writer.write(name, weight.shape, weight.values)
        }
      }
    }
    if !trainingState.optimizer.isEmpty { try writer.group("optimizer/vars") }
    for (index, variable) in trainingState.optimizer.enumerated() {
      let name = "optimizer/vars/\(index)"
      switch variable.values {
      case .floats(let values): try writer.write(name, variable.shape, values)
      case .integers(let values, let isLong):
        try writer.write(name, variable.shape, values, isLong: isLong)
      }
    }
    return try writer.contents()
  }
}
