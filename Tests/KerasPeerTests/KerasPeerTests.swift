import ExpressionNet
import Foundation
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

  private func model(_ name: String, _ suffix: String) throws -> ExpressionModel {
    let path = try Keras.models.get().appendingPathComponent(name + suffix).path
    let classes = ["plain": 3, "xception": 8, "branches": 8][name].map { (0..<$0).map { "class \($0)" } }
    return try ExpressionModel(path: path, classes: classes)
  }

  @Test(arguments: names, [".keras", ".h5"])
  func probabilitiesEqualKeras(_ name: String, _ suffix: String) throws {
    let difference = try distance(model(name, suffix), name)
    #expect(difference < 1e-4, "largest difference \(difference)")
  }
}
