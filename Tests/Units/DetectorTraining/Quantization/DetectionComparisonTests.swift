import FaceNetwork
import FrameStream
import Testing

@testable import DetectorTraining

/// What is the same object, and how far apart.
struct DetectionComparisonTests {
  private func face(_ x: Int, _ y: Int, _ side: Int, _ score: Float) -> NetworkDetector.Face {
    let box = PixelRectangle(x: x, y: y, width: side, height: side)
    return .init(box: box, score: score, points: nil, crop: box)
  }

  @Test func objectsAreMatchedOnce() {
    var comparison = DetectionComparison()
    #expect(comparison.difference.kept == 1 && comparison.difference.added == 0)
    // One stays, one moves by a tenth of its side, one is lost; one is new, and one a second box on the first.
    comparison.add(
      [face(2, 0, 20, 0.8), face(0, 0, 20, 0.9), face(100, 0, 20, 0.5), face(300, 0, 20, 0.7)],
      to: [face(0, 0, 20, 0.9), face(98, 0, 20, 0.75), face(200, 0, 20, 0.7)])
    comparison.add([], to: [face(0, 0, 10, 0.9)])
    let difference = comparison.difference
    #expect(difference.kept == 0.5 && difference.added == 0.5)
    #expect(difference.box.median == 0 && abs(difference.box.most - 0.1) < 1e-6)
    #expect(difference.score.median == 0 && abs(difference.score.most - 0.25) < 1e-6)
  }
}
