import ExpressionNet
import Foundation
import FrameStream
import Testing

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

  @Test(arguments: [
    "akanksha_emotion_detection_model.keras", "amansagar88_facial_expression_model.keras",
    "dinkar_emotion_model.h5", "fer2013_mini_XCEPTION.102-0.66.hdf5",
  ])
  func probabilitiesEqualKeras(_ name: String) throws {
    let lines = try Self.lines().filter { $0.model == name }
    #expect(lines.count == 14)
    let model = try ExpressionModel(path: Reference.keras.appendingPathComponent("models/\(name)").path)
    var options = ExpressionClassifier.Options()
    options.inputScale = lines[0].inputScale
    options.inputOffset = lines[0].inputOffset
    let classifier = try ExpressionClassifier(model, options)
    var worst: Float = 0
    for line in lines {
      let picture = try GrayPNG(Reference.keras.appendingPathComponent("pictures/\(line.picture)"))
      let results = try picture.pixels.withUnsafeBufferPointer {
        try classifier.classify(
          gray: PlaneView(
            $0.baseAddress!, width: picture.width, height: picture.height, stride: picture.width),
          colorRange: .pc,
          boxes: [FaceBox](
            repeating: FaceBox(x: 0, y: 0, width: picture.width, height: picture.height),
            count: 1 + line.picture.utf8.count % 3))
      }
      for result in results { worst = max(worst, result.distance(to: line.probabilities)) }
    }
    #expect(worst < 1e-4, "largest difference \(worst)")
  }
}
