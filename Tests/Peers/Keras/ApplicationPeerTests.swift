import Foundation
import NetworkEngine
import NetworkModel
import SystemIO
import Testing

/// Keras's own architectures (`keras.applications`) with random weights against Keras: equal, and how long a face takes in
/// both. FM_APPLICATIONS names others, separated by commas. Skipped where there is no Keras.
@Suite(.serialized, .enabled(if: Keras.isInstalled, "no Python with Keras; FM_PYTHON names one"))
struct ApplicationPeerTests {
  static let names =
    ProcessInfo.processInfo.environment["FM_APPLICATIONS"]?.split(separator: ",").map(String.init)
    ?? ["EfficientNetB0", "EfficientNetV2B0", "MobileNetV3Small", "NASNetMobile", "ConvNeXtTiny"]

  @Test(arguments: names)
  func equalsKeras(_ name: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = Keras.folder.appendingPathComponent("applications.py").path
    try Keras.run([script, "make", folder.path, name])
    let path = folder.appendingPathComponent(name)
    let file = try ModelFile(path: path.path + ".keras")
    let input = try Keras.floats(path.appendingPathExtension("input"))
    let expected = try Keras.floats(path.appendingPathExtension("output"))
    let network = try Network(file.graph)
    let result = try network.predict(input)
    let difference = zip(result, expected).reduce(0) { max($0, $1.0.isFinite ? abs($1.0 - $1.1) : .infinity) }
    #expect(difference < 1e-4, "\(name): \(difference)")
    // In turns, for other programs take their part of the time.
    var (own, keras) = (Double.infinity, Double.infinity)
    for _ in 0..<2 {
      keras = min(
        keras,
        Double(try Keras.run([script, "time", folder.path, name]).split(separator: "\n").last ?? "") ?? 0)
      let picture = Array(input.prefix(network.inputCount))
      for _ in 0..<20 {
        let start = ContinuousClock.now
        _ = try network.predict(picture)
        own = min(own, (ContinuousClock.now - start) / .milliseconds(1))
      }
    }
    func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
    print(
      """
      \(name): \(file.graph.parameterCount) parameters, largest difference \(difference), \(rounded(own)) ms a face, \
      Keras \(rounded(keras)) ms
      """)
  }
}
