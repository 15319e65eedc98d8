import KerasWriting
import ModelFixtures
import NetworkModel
import SystemIO
import Testing

@testable import ExpressionNet

/// The names of a model's classes: those that are given, the file's, or the seven of FER-2013.
struct ExpressionModelTests {
  private static func bytes(units: Int = 3, _ classes: [String]?) throws -> [UInt8] {
    var graph = try ModelGraph(
      name: "small", inputShape: [4], sequence: [("last", .dense(units: units, bias: false, .softmax))])
    try graph.setWeight("kernel", ofLayer: 1, to: (0..<(4 * units)).map(Float.init))
    return try ModelFile(graph: graph, information: ModelInformation(classes: classes)).bytes()
  }

  private static func failure(_ bytes: [UInt8], classes: [String]? = nil) -> Failure? {
    do {
      _ = try ExpressionModel(bytes: bytes, classes: classes)
      return nil
    } catch {
      return error
    }
  }

  @Test func classNames() throws {
    let bytes = try Self.bytes(["c0", "c1", "c2"])
    #expect(try ExpressionModel(bytes: bytes).classes == ["c0", "c1", "c2"])
    #expect(try ExpressionModel(bytes: bytes, classes: ["x", "y", "z"]).classes == ["x", "y", "z"])
    #expect(Self.failure(bytes, classes: ["x"])?.kind == .badInput)
    #expect(Self.failure(bytes, classes: ["x", "x", "y"])?.kind == .usage)
    let unnamed = try Self.bytes(nil)
    #expect(Self.failure(unnamed)?.description.contains("--classes") == true)
    let described = try ExpressionModel(bytes: unnamed, requiringClassNames: false)
    #expect(described.classes.isEmpty && described.graph.outputShape == [3])
    #expect(try ExpressionModel(bytes: bytes, requiringClassNames: false).classes == ["c0", "c1", "c2"])
    #expect(try ExpressionModel(bytes: Self.bytes(units: 7, nil)).classes == ExpressionModel.standardClasses)
    #expect(try Self.failure(Self.bytes(["a", "b"]))?.description.contains("fm.json") == true)
  }

  @Test func describesLikeASummary() throws {
    let window = Window(kernel: .init(3, 3))
    let graph = try ModelGraph(
      name: "small", inputShape: [8, 9, 1],
      sequence: [
        ("first", .convolution(filters: 4, window: window, groups: 1, bias: true, .relu())),
        ("a\u{1B}[31m\nb", .flatten(pixelsFirst: false)), ("last", .dense(units: 3, bias: true, .softmax)),
      ])
    let text = graph.description
    #expect(text.contains("\nfirst     Conv2D      6x7x4           40          1,512\n"), "\(text)")
    #expect(text.contains("\nParameters: 547\nMultiply-adds: 2,016 for one picture\n"), "\(text)")
    // A name stays on its line and moves no cursor.
    #expect(text.contains("\na\u{FFFD}[31m b  Flatten"), "\(text)")
  }

  /// Class names that were given become the file's; a guess is reported, and does not.
  @Test func classNamesAreWritten() throws {
    let model = try ExpressionModel(bytes: Self.bytes(nil), classes: ["x", "y", "z"])
    #expect(try ExpressionModel(bytes: model.file.bytes()).classes == ["x", "y", "z"])
    #expect(!model.hasGuessedClasses && model.warnings.isEmpty)
    var seven = try ExpressionModel(bytes: Self.bytes(units: 7, nil))
    #expect(
      seven.hasGuessedClasses && seven.warnings.count == 1 && seven.warnings[0].contains("--classes fer2013"))
    #expect(try ModelFile(bytes: seven.file.bytes()).information.classes == nil)
    seven.classes = seven.classes
    #expect(!seven.hasGuessedClasses)
    #expect(try ModelFile(bytes: seven.file.bytes()).information.classes == ExpressionModel.standardClasses)
  }
}
