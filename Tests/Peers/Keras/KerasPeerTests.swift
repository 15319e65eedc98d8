import ExpressionNet
import Foundation
import KerasWriting
import NetworkEngine
import Testing

/// Models that Keras makes at test time against what Keras computes with them. Skipped where there is no Keras.
@Suite(.serialized, .enabled(if: Keras.isInstalled, "no Python with Keras; FM_PYTHON names one"))
struct KerasPeerTests {
  static let names = ["design", "residual", "xception", "branches", "nested", "plain"]

  private func distance(_ model: ExpressionModel, _ name: String) throws -> Float {
    let folder = try Keras.models.get()
    let input = try Keras.floats(folder.appendingPathComponent(name + ".input"))
    let expected = try Keras.floats(folder.appendingPathComponent(name + ".output"))
    let result = try Network(model.graph).predict(input)
    #expect(result.count == expected.count)
    return zip(result, expected).reduce(0) { max($0, $1.0.isFinite ? abs($1.0 - $1.1) : .infinity) }
  }

  private func model(_ name: String, _ suffix: String, keepingTrainingState: Bool = false) throws
    -> ExpressionModel
  {
    let path = try Keras.models.get().appendingPathComponent(name + suffix).path
    let classes = ["plain": 3, "xception": 8, "branches": 8][name].map { (0..<$0).map { "class \($0)" } }
    return try ExpressionModel(path: path, classes: classes, keepingTrainingState: keepingTrainingState)
  }

  @Test(arguments: names, [".keras", ".h5", ".packed.h5"])
  func probabilitiesEqualKeras(_ name: String, _ suffix: String) throws {
    let difference = try distance(model(name, suffix), name)
    #expect(difference < 1e-4, "largest difference \(difference)")
  }

  /// Graphs of all kinds in 8-bit integers, calibrated on their own inputs: close to what Keras computes.
  @Test(arguments: names)
  func integersAreCloseToKeras(_ name: String) throws {
    let folder = try Keras.models.get()
    let input = try Keras.floats(folder.appendingPathComponent(name + ".input"))
    let expected = try Keras.floats(folder.appendingPathComponent(name + ".output"))
    let model = try model(name, ".keras")
    let calibrator = try Calibrator(model.graph)
    try calibrator.observe(input)
    let network = try Network(model.graph, precision: .int8, calibration: calibrator.calibration)
    let result = try network.predict(input)
    let difference = zip(result, expected).reduce(0) { max($0, $1.0.isFinite ? abs($1.0 - $1.1) : .infinity) }
    // Random weights, ranges from three pictures: coarse, but a wrong scale would show.
    #expect(difference < 0.3, "largest difference \(difference)")
  }

  /// What we write, Keras opens, with the same outputs: its own configuration kept, one made from the graph, and
  /// one for a file of the old format.
  @Test func kerasReadsWhatWeWrite() throws {
    let folder = try Keras.models.get()
    let kinds = ["kept", "made", "legacy"]
    for name in Self.names {
      for kind in kinds {
        var model = try model(name, kind == "legacy" ? ".h5" : ".keras", keepingTrainingState: kind != "made")
        if kind == "made" {
          model = ExpressionModel(graph: model.graph, classes: model.classes)
        }
        let path = folder.appendingPathComponent("\(name).\(kind).keras").path
        try model.file.write(to: path)
        let again = try ExpressionModel(path: path)
        #expect(again.classes == model.classes)
        #expect(try distance(again, name) < 1e-4)
      }
    }
    let script = Keras.folder.appendingPathComponent("check_models.py").path
    let files = Self.names.flatMap { name in kinds.map { "\(name).\($0).keras" } }
    let output = try Keras.run([script, folder.path] + files)
    let lines = output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.map { $0[0] } == files)
    for line in lines { #expect(Float(line[1])! < 1e-5, "\(line)") }
    let optimizers = Dictionary(uniqueKeysWithValues: lines.map { ($0[0], Array($0.dropFirst(2))) })
    // The first was compiled with Adam and trained a step: iterations, learning rate, two values a weight.
    #expect(optimizers["design.kept.keras"] == ["Adam", "26", "1"])
    #expect(optimizers["design.legacy.keras"] == ["Adam", "26", "1"])
    // Compiled by an older Keras: iterations, two values for each of six weights, and a schedule's learning rate is none.
    #expect(optimizers["plain.legacy.keras"] == ["RMSprop", "13", "0"])
  }
}
