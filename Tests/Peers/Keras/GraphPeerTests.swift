import Foundation
import KerasWriting
import NetworkEngine
import NetworkModel
import SystemIO
import Testing

/// Random Functional models against Keras: all supported layers, arithmetic with constants, broadcasting, shared layers and
/// nested models. Each answers as Keras does, or is refused by name. FM_GRAPHS is how many are made (40), FM_GRAPH_FOLDER
/// names a folder of models made before. Skipped where there is no Keras.
@Suite(.serialized, .enabled(if: Keras.isInstalled, "no Python with Keras; FM_PYTHON names one"))
struct GraphPeerTests {
  private static let environment = ProcessInfo.processInfo.environment

  private static func folder() throws -> (URL, isOurs: Bool) {
    if let given = environment["FM_GRAPH_FOLDER"] { return (URL(fileURLWithPath: given), false) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let script = Keras.folder.appendingPathComponent("make_graphs.py").path
    let wanted = environment["FM_GRAPHS"].flatMap { Int($0) } ?? 40
    // Some at a time: a process of Keras that ends itself takes only those with it.
    for first in stride(from: 0, to: wanted, by: 20) {
      _ = try? Keras.run([script, folder.path, "\(first)", "\(min(20, wanted - first))"])
    }
    return (folder, true)
  }

  /// The largest difference, in parts of the largest expected value.
  private func distance(_ result: [Float], _ expected: [Float]) -> Float {
    guard result.count == expected.count else { return .infinity }
    let largest = expected.reduce(1e-3) { max($0, abs($1)) }
    return zip(result, expected).reduce(0) { max($0, $1.0.isFinite ? abs($1.0 - $1.1) : .infinity) } / largest
  }

  @Test func everyGraphEqualsKerasOrIsRefused() throws {
    let (folder, isOurs) = try Self.folder()
    defer { if isOurs { try? FileManager.default.removeItem(at: folder) } }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".output") }.map { String($0.dropLast(7)) }.sorted()
    #expect(!names.isEmpty)
    var (equal, trained, refused): (Int, Int, [String]) = (0, 0, [])
    var (largest, largestGradient): (Float, Float) = (0, 0)
    for name in names {
      let path = folder.appendingPathComponent(name)
      let file: ModelFile
      do throws(Failure) {
        file = try ModelFile(path: path.path + ".keras")
      } catch {
        refused.append("\(name): \(error.subject): \(error.cause)")
        #expect(error.kind == .badInput && error.subject.contains("layer"), "\(name): \(error)")
        continue
      }
      let input = try Keras.floats(path.appendingPathExtension("input"))
      let expected = try Keras.floats(path.appendingPathExtension("output"))
      do {
        let difference = try distance(Network(file.graph, threads: 2).predict(input), expected)
        #expect(difference < 1e-4, "\(name): \(difference)")
        largest = max(largest, difference)
        equal += difference < 1e-4 ? 1 : 0
        try checkWhatIsWritten(file, name, input, expected)
        if let difference = try gradientDifference(file, path, input) {
          #expect(difference < 2e-3, "\(name): gradients differ by \(difference)")
          largestGradient = max(largestGradient, difference)
          trained += 1
        }
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
    // One seed in some is meant to be refused.
    #expect(refused.count * 10 <= names.count, "\(refused)")
    print(
      """
      \(names.count) random graphs: \(equal) equal to Keras (largest relative difference \(largest)), \(refused.count) \
      refused; gradients of \(trained) equal (\(largestGradient))
      \(refused.joined(separator: "\n"))
      """)
  }

  /// A configuration made from the graph means the same network.
  private func checkWhatIsWritten(_ file: ModelFile, _ name: String, _ input: [Float], _ expected: [Float])
    throws
  {
    let bytes = try ModelFile(graph: file.graph).encoded().withBytes { Array($0) }
    let again = try ModelFile(bytes: bytes)
    let difference = try distance(Network(again.graph, threads: 2).predict(input), expected)
    #expect(difference < 1e-4, "\(name), written again: \(difference)")
  }

  /// How far the gradients of one step are from Keras's; nil if there are none to compare.
  private func gradientDifference(_ file: ModelFile, _ path: URL, _ input: [Float]) throws -> Float? {
    guard FileManager.default.fileExists(atPath: path.path + ".gradients") else { return nil }
    let expected = try Keras.floats(path.appendingPathExtension("gradients"))
    let targets = try Keras.floats(path.appendingPathExtension("targets"))
    let network = try TrainingNetwork(file.graph, .init(threads: 2))
    let count = input.count / network.inputCount
    _ = try network.step(count: count, seed: 1) { pictures, wanted, _ in
      _ = pictures.update(fromContentsOf: input)
      _ = wanted.update(fromContentsOf: targets)
    }
    let found = try network.withGradients { gradients in
      network.parameters.flatMap { Array(gradients[$0.offset..<($0.offset + $0.count)]) }
    }
    let difference = distance(found, expected)
    if difference > 1e-3, Self.environment["FM_GRAPH_FOLDER"] != nil {
      var start = 0
      for parameter in network.parameters {
        let range = start..<(start + parameter.count)
        start += parameter.count
        print(
          path.lastPathComponent, parameter.layer, parameter.name,
          distance(Array(found[range]), Array(expected[range])))
      }
    }
    return difference
  }
}
