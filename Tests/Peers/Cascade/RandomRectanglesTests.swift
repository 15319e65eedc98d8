import CascadePictures
import FaceCascade
import Foundation
import SeededNoise
import SystemIO
import Testing

private let installedCascades = CascadeLocations().all()

extension CascadePeers {
  /// Random pictures and options, every cascade of opencv-data: OpenCV's rectangles and neighbor counts.
  ///
  /// Skipped without opencv-data. FM_CASES sets the number of cases of each cascade (default 100), FM_SEED the first
  /// seed.
  @Suite(.enabled(if: !installedCascades.isEmpty)) struct RandomRectanglesTests {
    static let count = Int(ProcessInfo.processInfo.environment["FM_CASES"] ?? "") ?? 100
    static let seed = UInt64(ProcessInfo.processInfo.environment["FM_SEED"] ?? "") ?? 0

    private static func noise(_ index: Int, _ path: String) -> Noise {
      Noise(seed &+ UInt64(index) &* 1_000_003 &+ UInt64(path.utf8.reduce(0) { $0 + Int($1) }))
    }

    @Test(arguments: installedCascades) func sameRectangles(path: String) throws {
      let cascade = try Cascade(contentsOf: path)
      let oracle = try #require(Oracle.shared)
      for index in 0..<Self.count {
        var noise = Self.noise(index, path)
        let width = Int.random(in: cascade.windowWidth - 2...cascade.windowWidth + 140, using: &noise)
        let height = Int.random(in: cascade.windowHeight - 2...cascade.windowHeight + 110, using: &noise)
        let picture = Picture(width: width, height: height, using: &noise)
        let options = Self.options(width, height, &noise)
        let level: SIMDLevel = index % 4 == 3 ? .plain : .preferred
        let detector = try CascadeDetector(cascade, options: options, threads: 1 + index % 3, level: level)
        let found = try picture.objects(detector)
        let expected = try oracle.rectangles(in: picture, path, options)
        #expect(sorted(found) == sorted(expected), "case \(index): \(width)x\(height) \(options) \(level)")
      }
    }

    /// Pictures of many strips.
    @Test(arguments: installedCascades) func sameRectanglesInLargePictures(path: String) throws {
      let cascade = try Cascade(contentsOf: path)
      let oracle = try #require(Oracle.shared)
      var noise = Self.noise(0xFFFF, path)
      let (width, height) = (1300 + noise.below(100), 900 + noise.below(100))
      let picture = Picture(width: width, height: height, using: &noise)
      let options = DetectionOptions(scaleFactor: 1.25, minNeighbors: noise.below(2))
      let expected = try oracle.rectangles(in: picture, path, options)
      for level in [SIMDLevel.preferred, .simd128] {
        let detector = try CascadeDetector(cascade, options: options, threads: 2, level: level)
        #expect(
          sorted(try picture.objects(detector)) == sorted(expected), "\(width)x\(height) \(options) \(level)")
      }
    }

    private static func options(_ width: Int, _ height: Int, _ noise: inout Noise) -> DetectionOptions {
      func size() -> ObjectSize {
        let side = Int.random(in: 0...width, using: &noise)
        switch Int.random(in: 0..<4, using: &noise) {
        case 0: return ObjectSize(side)
        case 1: return ObjectSize(width: side, height: Int.random(in: 0...height, using: &noise))
        default: return ObjectSize(0)
        }
      }
      return DetectionOptions(
        scaleFactor: [1.1, 1.1, 1.2, 1.05, 1.37, 2][Int.random(in: 0..<6, using: &noise)],
        minNeighbors: [0, 0, 3, 1, 2][Int.random(in: 0..<5, using: &noise)], minSize: size(), maxSize: size())
    }
  }
}
