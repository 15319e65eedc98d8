import FrameStream
import NetworkModel
import SystemIO
import Testing

@testable import FaceInput

/// Faces of pictures whose pixels are not square, against the same faces with square ones.
struct PixelShapeTests {
  /// Those of DVDs (PAL and NTSC, 16:9 and 4:3), HDV, and two that are only found in tests.
  static let shapes = [64.0 / 45, 16.0 / 15, 32.0 / 27, 8.0 / 9, 4.0 / 3, 2, 0.5]

  @Test(arguments: shapes) func theAreaStaysAndPixelsBecomeSquare(_ shape: Double) {
    let box = PixelRectangle(x: 301, y: 200, width: 160, height: 160)
    let part = box.displayed(withPixels: shape, as: 1)
    #expect(abs(Double(part.width) * shape - Double(part.height)) <= 2, "\(part)")
    let area = Double(part.width * part.height) * shape
    #expect(abs(area / (160 * 160 * shape) - 1) < 0.02, "\(part)")
    #expect(
      abs(Double(2 * part.x + part.width) - 762) <= 2 && abs(Double(2 * part.y + part.height) - 560) <= 2)
    let wide = box.displayed(withPixels: shape, as: 2)
    #expect(abs(Double(wide.width) * shape - 2 * Double(wide.height)) <= 3, "\(wide)")
  }

  @Test func squarePixelsChangeNothing() {
    let box = PixelRectangle(x: -5, y: 7, width: 31, height: 57)
    #expect(box.displayed(withPixels: 1, as: 1) == box)
  }

  /// Smooth, and different in both directions.
  private func picture(_ shape: Double) -> (bytes: [UInt8], width: Int, height: Int) {
    let width = Int((240 / shape).rounded())
    var bytes: [UInt8] = []
    for y in 0..<240 {
      for x in 0..<width {
        let across = ((Double(x) + 0.5) * 240 / Double(width) - 120) / 240
        let down = (Double(y) - 119.5) / 240
        bytes.append(UInt8(128 + 200 * across * across - 90 * down + 60 * across * down))
      }
    }
    return (bytes, width, 240)
  }

  private func crop(_ shape: Double, side: Double) throws -> [Float] {
    let (bytes, width, height) = picture(shape)
    let cropper = try FaceCropper([24, 24, 1], channelsFirst: false, Preprocessing())
    var output = [Float](repeating: 0, count: 24 * 24)
    // What a cascade finds: a square of stored pixels, between the face's width and its height.
    let stored = Int((side / shape.squareRoot()).rounded())
    let box = PixelRectangle(
      x: (width - stored) / 2, y: (height - stored) / 2, width: stored, height: stored)
    try bytes.withUnsafeBufferPointer { bytes in
      let plane = PlaneView(bytes.baseAddress!, width: width, height: height, stride: width)
      try output.withUnsafeMutableBufferPointer {
        try cropper.crop(plane, .pc, box, pixelShape: shape, into: $0)
      }
    }
    return output
  }

  @Test(arguments: shapes) func theNetworkSeesTheSameFace(_ shape: Double) throws {
    let square = try crop(1, side: 120)
    let other = try crop(shape, side: 120)
    let farthest = zip(square, other).map { abs($0 - $1) }.max() ?? 255
    #expect(farthest <= 4, "\(farthest) of 255")
  }
}
