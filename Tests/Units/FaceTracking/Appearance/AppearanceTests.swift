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

  /// What a stream of pictures shows, at 25 frames a second: the frames with a change.
  private func changes(_ frames: Int, _ pixel: (_ frame: Int, _ x: Int, _ y: Int) -> UInt8) -> [Int:
    SceneChange]
  {
    var cuts = SceneCuts()
    var found: [Int: SceneChange] = [:]
    for frame in 0..<frames {
      let pixels = (0..<width * width).map { pixel(frame, $0 % width, $0 / width) }
      pixels.withUnsafeBufferPointer {
        let plane = PlaneView($0.baseAddress!, width: width, height: width, stride: width)
        let change = cuts.look(plane, at: Double(frame) / 25)
        if change != .none { found[frame] = change }
      }
    }
    return found
  }

  /// A stripe that moves a pixel a frame, brighter or darker.
  private func stripe(_ frame: Int, _ x: Int, _ y: Int) -> UInt8 {
    abs(x - frame) < 12 ? 200 : UInt8(60 + frame)
  }

  @Test func anotherPictureIsACutAndMotionIsNone() {
    let found = changes(40) { $0 >= 20 ? ($2 < 32 ? 230 : 20) : stripe($0, $1, $2) }
    #expect(found == [20: .cut])
  }

  @Test func aFlashIsOverAndACutIsNot() {
    #expect(changes(40) { $0 == 20 ? 255 : stripe($0, $1, $2) } == [20: .cut, 21: .flashOver])
    // White for three frames, then fading.
    let long = changes(40) { (20..<23).contains($0) ? 255 : stripe($0, $1, $2) }
    #expect(long == [20: .cut, 23: .flashOver])
    // Another scene between two flashes is a cut; the old one is back after a second, that is another.
    let back = changes(60) { (20..<45).contains($0) ? ($2 < 32 ? 230 : 20) : stripe($0 % 30, $1, $2) }
    #expect(back == [20: .cut, 45: .cut])
    // A cut soon after a flash is seen.
    let both = changes(40) { $0 == 20 ? 255 : $0 > 23 ? ($2 < 32 ? 230 : 20) : stripe($0, $1, $2) }
    #expect(both == [20: .cut, 21: .flashOver, 24: .cut])
  }

  @Test func tinyPicturesHaveNoCuts() {
    var cuts = SceneCuts()
    for value: UInt8 in [0, 255] {
      [value].withUnsafeBufferPointer {
        let plane = PlaneView($0.baseAddress!, width: 1, height: 1, stride: 1)
        let change = cuts.look(plane, at: Double(value))
        #expect(change == .none)
      }
    }
  }
}
