import FaceInput
import Foundation
import FrameStream
import ModelFixtures
import SeededNoise
import Testing

@testable import ExpressionNet
@testable import KerasWriting
@testable import NetworkEngine
@testable import NetworkModel

/// Keras's own probabilities for published models. Skipped where the reference data are not there.
@Suite(.enabled(if: Reference.hasGolden, "the reference data are not beside the repository"))
struct GoldenTests {
  private struct Line: Decodable {
    var model: String
    var picture: String
    var inputScale: Float
    var inputOffset: Float
    var probabilities: [Float]
  }

  private static func lines() throws -> [Line] {
    let text = try String(
      contentsOf: Reference.keras.appendingPathComponent("probabilities.ndjson"), encoding: .utf8)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try text.split(separator: "\n").map { try decoder.decode(Line.self, from: Data($0.utf8)) }
  }

  static let models = [
    "akanksha_emotion_detection_model.keras", "amansagar88_facial_expression_model.keras",
    "dinkar_emotion_model.h5", "fer2013_mini_XCEPTION.102-0.66.hdf5",
  ]

  private static func lines(_ name: String) throws -> [Line] {
    let lines = try lines().filter { $0.model == name }
    #expect(lines.count == 14)
    return lines
  }

  private static func model(_ name: String) throws -> ExpressionModel {
    try ExpressionModel(path: Reference.keras.appendingPathComponent("models/\(name)").path)
  }

  /// The largest difference from Keras's probabilities, and for how many pictures the likeliest class is another.
  private func compare(_ model: ExpressionModel, _ lines: [Line], _ precision: Precision) throws -> (
    worst: Float, otherClass: Int
  ) {
    var options = ExpressionClassifier.Options()
    options.inputScale = lines[0].inputScale
    options.inputOffset = lines[0].inputOffset
    options.precision = PrecisionChoice(rawValue: precision.rawValue) ?? .auto
    options.views = .single
    let classifier = try ExpressionClassifier(model, options)
    var (worst, otherClass): (Float, Int) = (0, 0)
    for line in lines {
      let picture = try GrayPNG(Reference.keras.appendingPathComponent("pictures/\(line.picture)"))
      let results = try picture.pixels.withUnsafeBufferPointer {
        try classifier.classify(
          gray: PlaneView(
            $0.baseAddress!, width: picture.width, height: picture.height, stride: picture.width),
          colorRange: .pc,
          boxes: [PixelRectangle](
            repeating: PixelRectangle(x: 0, y: 0, width: picture.width, height: picture.height),
            count: 1 + line.picture.utf8.count % 3))
      }
      for result in results { worst = max(worst, result.distance(to: line.probabilities)) }
      let best = line.probabilities.max()
      if line.probabilities.firstIndex(of: best!) != results[0].firstIndex(of: results[0].max()!) {
        otherClass += 1
      }
    }
    return (worst, otherClass)
  }

  @Test(arguments: models) func probabilitiesEqualKeras(_ name: String) throws {
    let (worst, otherClass) = try compare(Self.model(name), Self.lines(name), .f32)
    #expect(worst < 1e-4, "largest difference \(worst)")
    #expect(otherClass == 0)
  }

  /// The same networks as ONNX files.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: onnx.path)), arguments: models)
  func probabilitiesOfONNXNetworksEqualKeras(_ name: String) throws {
    let file = (name as NSString).deletingPathExtension + ".onnx"
    let model = try ExpressionModel(
      path: Self.onnx.appendingPathComponent(file).path,
      classes: ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"], readingONNX: true)
    let (worst, otherClass) = try compare(model, Self.lines(name), .f32)
    #expect(worst < 1e-4, "largest difference \(worst)")
    #expect(otherClass == 0)
  }

  private static let onnx = Reference.shared.appendingPathComponent("models/expression")

  /// What is written is the same model.
  @Test(arguments: models) func writtenBackTheyAreTheSame(_ name: String) throws {
    let written = try Self.model(name).file.encoded().withBytes { try ExpressionModel(bytes: Array($0)) }
    let (worst, _) = try compare(written, Self.lines(name), .f32)
    #expect(worst < 1e-4, "largest difference \(worst)")
  }

  @Test(.enabled(if: (try? ProcessorAbilities.here().hasBFloat16) ?? false), arguments: models)
  func bfloat16IsClose(_ name: String) throws {
    let (worst, otherClass) = try compare(Self.model(name), Self.lines(name), .bf16)
    #expect(worst < 2e-2, "largest difference \(worst)")
    // 99 in 100 of 14 pictures.
    #expect(otherClass == 0)
  }
}
