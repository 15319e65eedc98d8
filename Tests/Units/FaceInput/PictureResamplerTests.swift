import FrameStream
import SeededNoise
import SystemIO
import Testing

@testable import FaceInput

/// Resampling against OpenCV's and TensorFlow's answers, and against a plain version.
struct PictureResamplerTests {
  private func resample(
    _ pixels: [UInt8], width: Int, _ part: PixelRectangle, to size: (width: Int, height: Int)
  )
    throws -> [UInt8]
  {
    let resampler = PictureResampler(width: size.width, height: size.height)
    var output = [UInt8](repeating: 0, count: size.width * size.height)
    try pixels.withUnsafeBufferPointer { pixels in
      let plane = PlaneView(pixels.baseAddress!, width: width, height: pixels.count / width, stride: width)
      try output.withUnsafeMutableBufferPointer {
        try resampler.resample(plane, part, range: .pc, into: $0.baseAddress!)
      }
    }
    return output
  }

  @Test func enlargingIsBilinearWithHalfPixelCenters() throws {
    // OpenCV: resize([[0, 100]], (4, 1), INTER_LINEAR) = 0 25 75 100.
    let part = PixelRectangle(x: 0, y: 0, width: 2, height: 1)
    #expect(try resample([0, 100], width: 2, part, to: (4, 1)) == [0, 25, 75, 100])
  }

  /// tf.image.resize(…, method="bilinear", antialias=True), rounded.
  @Test func shrinkingIsLowPassFilteredAsTensorFlowDoes() throws {
    let line: [UInt8] = [0, 10, 20, 40, 80, 160, 200, 240]
    let whole = PixelRectangle(x: 0, y: 0, width: 8, height: 1)
    #expect(try resample(line, width: 8, whole, to: (2, 1)) == [29, 152])
    #expect(try resample(line, width: 8, whole, to: (5, 1)) == [4, 21, 63, 156, 224])
    let field = (0..<63).map { index in
      let (x, y) = (index % 7, index / 7)
      return UInt8((7 * x * x + 13 * y * y + 5 * x * y) % 256)
    }
    let all = PixelRectangle(x: 0, y: 0, width: 7, height: 9)
    #expect(
      try resample(field, width: 7, all, to: (3, 4)) == [
        29, 95, 147, 120, 133, 124, 147, 122, 128, 149, 140, 124,
      ])
    // One side grows, the other shrinks.
    #expect(
      try resample(field, width: 7, all, to: (9, 2)) == [
        71, 83, 87, 95, 131, 127, 131, 135, 136, 135, 159, 152, 130, 137, 117, 126, 131, 118,
      ])
  }

  @Test func edgesAreRepeatedOutsideThePicture() throws {
    let pixels: [UInt8] = [10, 20, 30, 40]
    let around = PixelRectangle(x: -1, y: -1, width: 4, height: 4)
    #expect(
      try resample(pixels, width: 2, around, to: (4, 4)) == [
        10, 10, 20, 20, 10, 10, 20, 20, 30, 30, 40, 40, 30, 30, 40, 40,
      ])
    let far = PixelRectangle(x: 900, y: 900, width: 7, height: 7)
    #expect(try resample(pixels, width: 2, far, to: (1, 1)) == [40])
  }

  /// Parts inside, across and outside a picture equal those of a picture that was made so large beforehand.
  @Test func partsEqualThoseOfAnExtendedPicture() throws {
    var random = Noise(5)
    for _ in 0..<300 {
      let (width, height) = (random.below(20) + 1, random.below(20) + 1)
      let pixels = random.bytes(width * height)
      let part = PixelRectangle(
        x: random.below(60) - 30, y: random.below(60) - 30, width: random.below(40) + 1,
        height: random.below(40) + 1)
      let size = (width: random.below(12) + 1, height: random.below(12) + 1)
      let extended = (0..<(part.width * part.height)).map { index in
        let (x, y) = (part.x + index % part.width, part.y + index / part.width)
        return pixels[min(max(y, 0), height - 1) * width + min(max(x, 0), width - 1)]
      }
      let inside = PixelRectangle(x: 0, y: 0, width: part.width, height: part.height)
      let expected = try resample(extended, width: part.width, inside, to: size)
      let result = try resample(pixels, width: width, part, to: size)
      // Sums in another order may round the other way.
      #expect(zip(result, expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 }, "\(part) to \(size)")
    }
  }

  /// A box of 16 million pixels over a small picture costs no more than the picture.
  @Test func workIsBoundedByThePicture() throws {
    var taps = ResamplingTaps()
    taps.plan(48, over: 1 << 24, from: -(1 << 23), within: 20)
    #expect(taps.weights.count <= 48 * 20)
    for index in 0..<48 {
      let sum = taps.weights[taps.starts[index]..<taps.starts[index + 1]].reduce(0, +)
      #expect(abs(sum - 1) < 1e-5)
    }
    let huge = PixelRectangle(x: -(1 << 23), y: -(1 << 23), width: 1 << 24, height: 1 << 24)
    let result = try resample([0, 100, 0, 100], width: 2, huge, to: (3, 1))
    #expect(result.first == 0 && result.last == 100)
  }
}
