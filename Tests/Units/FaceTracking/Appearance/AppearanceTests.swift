import FrameStream
import SeededNoise
import Testing

@testable import FaceTracking

/// Likeness of faces, and cuts between scenes.
struct AppearanceTests {
  private let width = 64

  /// A picture of smooth blobs.
  private func picture(_ seed: UInt64, light: Double = 1, noise: Double = 0) -> [UInt8] {
    var random = Noise(seed)
    let blobs = (0..<12).map { _ in
      (random.below(width), random.below(width), Double(4 + random.below(9)), Double(random.value()))
    }
    var grain = Noise(seed &+ 99)
    return (0..<width * width).map { index in
      var value = 128.0
      for (x, y, size, power) in blobs {
        let dx = Double(index % width - x) / size
        let dy = Double(index / width - y) / size
        value += 90 * power / (1 + dx * dx + dy * dy)
      }
      return UInt8(max(0, min(255, value * light + noise * Double(grain.value()))))
    }
  }

  private func appearance(_ pixels: [UInt8], x: Int = 8, y: Int = 8) throws -> FaceAppearance {
    try pixels.withUnsafeBufferPointer { pixels in
      let plane = PlaneView(pixels.baseAddress!, width: width, height: width, stride: width)
      return try FaceAppearance.Describer().describe(
        plane, .pc, PixelRectangle(x: x, y: y, width: 48, height: 48))
    }
  }

  @Test func sameFaceIsLikerThanAnother() throws {
    for seed: UInt64 in 1...8 {
      let face = try appearance(picture(seed))
      let again = try appearance(picture(seed, light: 0.7, noise: 4), x: 9, y: 7)
      let other = try appearance(picture(seed + 100))
      #expect(face.evidence(again) > 0, "\(seed)")
      #expect(face.evidence(again) > face.evidence(other) + 1, "\(seed)")
      #expect(abs(face.evidence(face) - face.mixed(with: face).evidence(face)) < 1e-3)
    }
  }

  @Test func plainPictureSaysNothingThatIsNoNumber() throws {
    let plain = try appearance([UInt8](repeating: 7, count: width * width))
    #expect(plain.evidence(plain).isFinite && plain.mixed(with: plain).evidence(plain).isFinite)
  }

  @Test func anotherPictureIsACutAndMotionIsNone() {
    var cuts = SceneCuts()
    var found: [Int] = []
    /// A stripe that moves a pixel a frame, brighter or darker; another scene from frame 20 on.
    for frame in 0..<40 {
      let pixels = (0..<width * width).map { index -> UInt8 in
        let x = index % width
        let y = index / width
        if frame >= 20 { return y < 32 ? 230 : 20 }
        return abs(x - frame) < 12 ? 200 : UInt8(60 + frame)
      }
      pixels.withUnsafeBufferPointer {
        if cuts.isCut(PlaneView($0.baseAddress!, width: width, height: width, stride: width)) {
          found.append(frame)
        }
      }
    }
    #expect(found == [20])
  }

  @Test func tinyPicturesHaveNoCuts() {
    var cuts = SceneCuts()
    for value: UInt8 in [0, 255] {
      [value].withUnsafeBufferPointer {
        let isCut = cuts.isCut(PlaneView($0.baseAddress!, width: 1, height: 1, stride: 1))
        #expect(!isCut)
      }
    }
  }
}
