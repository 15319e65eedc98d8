import FaceCascade
import Foundation
import FrameStream
import Testing

private let installedCascades = CascadeLocations().all()

/// Random pictures and options, every cascade of opencv-data: OpenCV's rectangles and neighbour counts.
///
/// Skipped without Python's OpenCV 4 (see ``Oracle``) or without opencv-data. FM_CASES sets the number of cases of
/// each cascade (default 100), FM_SEED the first seed.
@Suite(.enabled(if: Oracle.isPresent && !installedCascades.isEmpty), .serialized)
struct RandomRectanglesTests {
  static let count = Int(ProcessInfo.processInfo.environment["FM_CASES"] ?? "") ?? 100
  static let seed = UInt64(ProcessInfo.processInfo.environment["FM_SEED"] ?? "") ?? 0

  @Test(arguments: installedCascades) func sameRectangles(path: String) throws {
    let cascade = try Cascade(contentsOf: path)
    let oracle = try #require(Oracle.shared)
    for index in 0..<Self.count {
      var random = Seeded(
        Self.seed &+ UInt64(index) &* 1_000_003 &+ UInt64(path.utf8.reduce(0) { $0 + Int($1) }))
      let width = Int.random(in: cascade.windowWidth - 2...cascade.windowWidth + 140, using: &random)
      let height = Int.random(in: cascade.windowHeight - 2...cascade.windowHeight + 110, using: &random)
      let picture = RandomPicture(width: width, height: height, using: &random)
      let options = Self.options(width, height, &random)
      let level: SIMDLevel = index % 4 == 3 ? .plain : .preferred
      let detector = try CascadeDetector(cascade, options: options, threads: 1 + index % 3, level: level)
      let found = try picture.bytes.withUnsafeBufferPointer {
        try detector.detect(PlaneView($0.baseAddress!, width: width, height: height, stride: width))
      }
      let expected = try oracle.rectangles(
        Oracle.Question(
          cascade: path, width: width, height: height, picture: Data(picture.bytes),
          scale: options.scaleFactor,
          neighbors: options.minNeighbors, minimum: [options.minSize.width, options.minSize.height],
          maximum: [options.maxSize.width, options.maxSize.height]))
      #expect(sorted(found) == sorted(expected), "case \(index): \(width)x\(height) \(options) \(level)")
    }
  }

  private static func options(_ width: Int, _ height: Int, _ random: inout Seeded) -> DetectionOptions {
    func size() -> ObjectSize {
      let side = Int.random(in: 0...width, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return ObjectSize(side)
      case 1: return ObjectSize(width: side, height: Int.random(in: 0...height, using: &random))
      default: return ObjectSize(0)
      }
    }
    return DetectionOptions(
      scaleFactor: [1.1, 1.1, 1.2, 1.05, 1.37, 2][Int.random(in: 0..<6, using: &random)],
      minNeighbors: [0, 0, 3, 1, 2][Int.random(in: 0..<5, using: &random)], minSize: size(), maxSize: size())
  }

  private func sorted(_ detections: [Detection]) -> [[Int]] {
    detections.map { [$0.x, $0.y, $0.width, $0.height, $0.neighbors] }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}
