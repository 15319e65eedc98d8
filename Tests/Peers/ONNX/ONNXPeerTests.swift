import Checkout
import Foundation
import NetworkEngine
import NetworkModel
import ONNXParts
import SeededNoise
import SystemIO
import Testing

/// ONNX networks against ONNX Runtime: every supported operator in small graphs, and published detectors if they are
/// there. FM_PYTHON names a Python with onnxruntime; skipped where there is none.
@Suite(.serialized, .enabled(if: ONNXRuntime.isInstalled, "no Python with onnxruntime; FM_PYTHON names one"))
struct ONNXPeerTests {
  /// The largest difference, in parts of the largest expected value.
  private func distance(_ result: [Float], _ expected: [Float]) -> Float {
    guard result.count == expected.count else { return .infinity }
    let largest = expected.reduce(1) { max($0, abs($1)) }
    return zip(result, expected).reduce(0) { max($0, $1.0.isFinite ? abs($1.0 - $1.1) : .infinity) } / largest
  }

  /// All results of a network, one after the other, and their shapes.
  private func answer(
    _ model: ONNXModel, _ size: (height: Int, width: Int), _ picture: [Float], batch: Int = 1
  )
    throws -> (values: [Float], shapes: [[Int]])
  {
    let network = try model.network(height: size.height, width: size.width)
    let engine = try Network(network.graph, threads: 1)
    var values: [Float] = []
    try engine.predict { (input) throws(Failure) in
      _ = input.update(fromContentsOf: picture)
    } results: { (results) throws(Failure) in
      for index in 0..<results.count { values += results[index] }
    }
    return (values, network.outputs.map(\.shape))
  }

  /// Channels first as channels last.
  private func turned(_ picture: [Float], _ shape: [Int]) -> [Float] {
    let (channels, pixels) = (shape[1], shape[2] * shape[3])
    return (0..<pixels).flatMap { pixel in (0..<channels).map { picture[$0 * pixels + pixel] } }
  }

  @Test func everyOperatorAnswersAsONNXRuntimeDoes() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let cases = OperatorCases().all
    #expect(Set(cases.map(\.name)).count == cases.count)
    var noise = Noise(23)
    var pictures: [String: [Float]] = [:]
    for each in cases {
      let path = folder.appendingPathComponent(each.name)
      let picture = noise.values(each.shape.reduce(1, *), scale: 1.5)
      pictures[each.name] = picture
      try Data(each.file).write(to: path.appendingPathExtension("onnx"))
      try picture.withUnsafeBytes { try Data($0).write(to: path.appendingPathExtension("input")) }
      try each.shape.map(String.init).joined(separator: " ").write(
        to: path.appendingPathExtension("shape"), atomically: true, encoding: .utf8)
    }
    try ONNXRuntime.run(folder)
    var (equal, largest): (Int, Float) = (0, 0)
    for each in cases {
      let path = folder.appendingPathComponent(each.name)
      if let error = try? String(contentsOf: path.appendingPathExtension("error"), encoding: .utf8) {
        Issue.record("\(each.name): ONNX Runtime: \(error)")
        continue
      }
      let expected = try Data(contentsOf: path.appendingPathExtension("output")).withUnsafeBytes {
        Array($0.bindMemory(to: Float.self))
      }
      let shapes = try String(contentsOf: path.appendingPathExtension("shapes"), encoding: .utf8)
        .split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
      do {
        let model = try ONNXModel(bytes: each.file)
        let isFirst = model.input.layout == .channelsFirst
        let picture = isFirst ? turned(pictures[each.name]!, each.shape) : pictures[each.name]!
        let size = isFirst ? (each.shape[2], each.shape[3]) : (each.shape[1], each.shape[2])
        let result = try answer(model, size, picture)
        let difference = distance(result.values, expected)
        #expect(difference < 1e-5, "\(each.name): \(difference)")
        #expect(result.shapes == shapes, "\(each.name)")
        largest = max(largest, difference)
        equal += 1
      } catch {
        Issue.record("\(each.name): \(error)")
      }
    }
    print(
      "\(equal) of \(cases.count) small graphs equal to ONNX Runtime (largest relative difference \(largest))"
    )
  }

  private static let models = Checkout.shared.appendingPathComponent("models")
  private static let detectors = [
    "yunet_n_dynamic", "yunet_n_640_640", "yunet_s_dynamic", "centerface", "prototype_faces",
  ]
  private static let hasDetectors = detectors.allSatisfy {
    FileManager.default.fileExists(atPath: models.appendingPathComponent($0 + ".onnx").path)
  }

  /// Raw outputs on noise, those of two sizes where the size is free.
  @Test(.enabled(if: hasDetectors, "the detectors are not beside the repository"), arguments: detectors)
  func detectorsAnswerAsONNXRuntimeDoes(_ name: String) throws {
    let path = Self.models.appendingPathComponent(name + ".onnx")
    let model = try ONNXModel(path: path.path)
    let sizes =
      model.input.height.flatMap { height in model.input.width.map { [(height, $0)] } } ?? [
        (96, 160), (64, 224),
      ]
    for (height, width) in sizes {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fm-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let batch = model.input.shape[0] ?? 1
      var noise = Noise(29)
      let shape = [batch, model.input.channels, height, width]
      let one = noise.values(shape.dropFirst().reduce(1, *), scale: 127).map { $0 + 128 }
      let picture = Array(repeatElement(one, count: batch).joined())
      let own = folder.appendingPathComponent(name)
      try FileManager.default.copyItem(at: path, to: own.appendingPathExtension("onnx"))
      try picture.withUnsafeBytes { try Data($0).write(to: own.appendingPathExtension("input")) }
      try shape.map(String.init).joined(separator: " ").write(
        to: own.appendingPathExtension("shape"), atomically: true, encoding: .utf8)
      try ONNXRuntime.run(folder)
      let all = try Data(contentsOf: own.appendingPathExtension("output")).withUnsafeBytes {
        Array($0.bindMemory(to: Float.self))
      }
      let result = try answer(model, (height, width), turned(one, shape))
      // Of a batch of equal pictures the first one of each output.
      var (expected, start): ([Float], Int) = ([], 0)
      for shape in result.shapes {
        let count = shape.reduce(1, *)
        guard start + count * batch <= all.count else { break }
        expected += all[start..<(start + count)]
        start += count * batch
      }
      #expect(start == all.count)
      let difference = distance(result.values, expected)
      #expect(difference < 1e-4, "\(difference)")
      print("\(name) \(width)x\(height): largest relative difference \(difference)")
    }
  }
}
