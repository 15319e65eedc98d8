import FaceInput
import FrameStream
import ModelFixtures
import NetworkModel
import SeededNoise
import SystemIO
import Testing

@testable import ExpressionNet

/// The mean of a face and its mirror image.
struct ViewsTests {
  private static let width = 40
  private static let height = 30
  private static let pixels: [UInt8] = {
    var noise = Noise(5)
    return noise.bytes(width * height)
  }()
  private static let boxes = (0..<9).map {
    PixelRectangle(x: 4 * $0 - 3, y: 2 * $0 - 1, width: 5 + 2 * $0, height: 6 + $0)
  }

  private func model(standardize: Bool) throws -> ExpressionModel {
    var model = try ExpressionModel(graph: SmallModel.make().graph, classes: ["a", "b", "c"])
    model.information.preprocessing = Preprocessing(
      scale: standardize ? 60 : 1, margin: 0.1, standardize: standardize)
    return model
  }

  private func classify(
    _ model: ExpressionModel, _ views: PictureViews, batch: Int = 16, _ pixels: [UInt8] = pixels,
    _ boxes: [PixelRectangle] = boxes
  ) throws -> [[Float]] {
    var options = ExpressionClassifier.Options()
    (options.views, options.maximumBatch, options.threads) = (views, batch, 1)
    let classifier = try ExpressionClassifier(model, options)
    return try pixels.withUnsafeBufferPointer { pixels in
      let plane = PlaneView(
        pixels.baseAddress!, width: Self.width, height: Self.height, stride: Self.width)
      let rows = try classifier.classify(gray: plane, colorRange: .pc, boxes: boxes)
      // The same faces once more are not computed, and are the same.
      let computed = classifier.computedCount
      if batch >= boxes.count {
        #expect(try classifier.classify(gray: plane, colorRange: .pc, boxes: boxes) == rows)
        #expect(classifier.computedCount == computed && computed == boxes.count)
      }
      return rows
    }
  }

  @Test(arguments: [false, true]) func flipIsTheMeanOfBoth(_ standardize: Bool) throws {
    let model = try model(standardize: standardize)
    let flip = try classify(model, .flip)
    // The whole picture turned round, and every box where it is then.
    let mirrored = (0..<Self.height).flatMap { row in
      Self.pixels[(row * Self.width)..<((row + 1) * Self.width)].reversed()
    }
    let boxes = Self.boxes.map { box in
      PixelRectangle(x: Self.width - box.x - box.width, y: box.y, width: box.width, height: box.height)
    }
    let (one, other) = (try classify(model, .single), try classify(model, .single, mirrored, boxes))
    for (mean, (a, b)) in zip(flip, zip(one, other)) {
      // What is sampled from the right may be rounded otherwise than from the left.
      #expect(mean.distance(to: zip(a, b).map { ($0 + $1) / 2 }) < 5e-3)
    }
    // A network without symmetry: the two differ by far more.
    #expect(zip(one, other).contains { $0.distance(to: $1) > 0.05 })
    #expect(ExpressionClassifier.Options().views == .flip)
  }

  @Test func batchesMakeNoDifference() throws {
    let model = try model(standardize: true)
    let rows = try classify(model, .flip)
    for batch in [1, 2, 4, 9] { #expect(try classify(model, .flip, batch: batch) == rows) }
  }

  @Test func theTemperatureIsThatOfTheViews() throws {
    var model = try model(standardize: false)
    func temperature(_ views: PictureViews) throws -> Double? {
      var options = ExpressionClassifier.Options()
      options.views = views
      return try ExpressionClassifier(model, options).temperature?.value
    }
    model.information.temperatures = [.single: 2, .flip: 1.5]
    #expect(try temperature(.single) == 2 && temperature(.flip) == 1.5)
    #expect(model.information.temperatureNote(for: .flip) == nil)
    #expect(model.information.temperatureLines == "Temperature: 1.5\nTemperature, views single: 2.0\n")
    model.information.temperatures = [.single: 2]
    #expect(try temperature(.flip) == 2)
    #expect(model.information.temperatureNote(for: .flip)?.contains("--views single") == true)
    #expect(model.information.temperatureLines == "Temperature: 2.0\n")
    let failure = #expect(throws: Failure.self) { try temperature(.tenCrop) }
    #expect(failure?.kind == .usage)
  }
}
