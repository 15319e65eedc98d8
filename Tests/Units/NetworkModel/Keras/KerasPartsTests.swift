import Foundation
import ModelFixtures
import SystemIO
import Testing

@testable import KerasWriting
@testable import NetworkModel

/// A network and its weights in two files.
struct KerasPartsTests {
  /// A folder with the parts of a small model.
  private static func withParts(_ body: (_ folder: String, ModelFile) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fm-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try SmallModel.make()
    let bytes = try model.bytes()
    let archive = try ZipArchive(FileContents(bytes))
    func write(_ name: String, _ contents: FileContents) throws {
      try contents.withBytes { Data($0) }.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    try write("whole.keras", FileContents(bytes))
    try write("network.json", archive.member("config.json", limit: 1 << 20))
    try write("new.weights.h5", archive.member("model.weights.h5", limit: 1 << 20))
    // Keras 2's weights: groups at the root, named in attributes.
    let older = try HDF5Library.run { () throws(Failure) in
      let writer = try HDF5Writer()
      var names: [String] = []
      for layer in model.graph.layers where !layer.weights.isEmpty {
        names.append(layer.name)
        try writer.group("\(layer.name)/\(layer.name)")
        let paths = layer.weights.map { "\(layer.name)/\($0.name):0" }
        for (weight, path) in zip(layer.weights, paths) {
          try writer.write("\(layer.name)/\(path)", weight.shape, weight.values)
        }
        writer.setAttribute("weight_names", of: layer.name, paths, isList: true)
      }
      writer.setAttribute("layer_names", of: "/", names, isList: true)
      return try writer.contents()
    }
    try write("older.h5", older)
    try body(folder, model)
  }

  @Test func eitherKindOfWeightsFitsEitherNetwork() throws {
    try Self.withParts { folder, model in
      for network in ["network.json", "whole.keras"] {
        for weights in ["new.weights.h5", "older.h5", "whole.keras"] {
          let file = try ModelFile(path: "\(folder)/\(network)", weights: "\(folder)/\(weights)")
          #expect(
            file.graph.layers.map { $0.weights.map(\.values) }
              == model.graph.layers.map { $0.weights.map(\.values) }, "\(network) \(weights)")
        }
      }
    }
  }

  @Test func aPartAloneIsTold() throws {
    try Self.withParts { folder, _ in
      for (name, word) in [
        ("network.json", "--weights"), ("new.weights.h5", "model.to_json()"), ("older.h5", "model.to_json()"),
      ] {
        #expect {
          _ = try ModelFile(path: "\(folder)/\(name)")
        } throws: {
          ($0 as? Failure).map { $0.subject == "\(folder)/\(name)" && $0.cause.contains(word) } ?? false
        }
      }
      // Exchanged, and weights of nothing.
      for (network, weights) in [("older.h5", "network.json"), ("network.json", "network.json")] {
        #expect(throws: Failure.self) {
          _ = try ModelFile(path: "\(folder)/\(network)", weights: "\(folder)/\(weights)")
        }
      }
    }
  }
}
