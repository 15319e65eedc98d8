import FrameStream
import NetworkModel
import SystemIO
import Testing

@testable import FaceInput

/// From a face to a network's input, against values made by hand.
struct FaceCropperTests {
  private func crop(
    _ pixels: [UInt8], width: Int, to shape: [Int], box: PixelRectangle, range: ColorRange = .pc,
    _ preprocessing: Preprocessing = Preprocessing()
  ) throws -> [Float] {
    let cropper = try FaceCropper(shape, channelsFirst: false, preprocessing)
    var output = [Float](repeating: -1, count: shape.reduce(1, *))
    try pixels.withUnsafeBufferPointer { pixels in
      let plane = PlaneView(
        pixels.baseAddress!, width: width, height: pixels.count / width, stride: width)
      try output.withUnsafeMutableBufferPointer { try cropper.crop(plane, range, box, into: $0) }
    }
    return output
  }

  @Test func boxOfTheInputsSizeIsCopied() throws {
    let pixels = (0..<30).map { UInt8($0 * 8) }
    let result = try crop(
      pixels, width: 6, to: [2, 3, 1], box: PixelRectangle(x: 2, y: 1, width: 3, height: 2))
    #expect(result == [64, 72, 80, 112, 120, 128])
  }

  @Test func limitedRangeIsExpandedAndClamped() throws {
    let box = PixelRectangle(x: 0, y: 0, width: 4, height: 1)
    let result = try crop([0, 16, 235, 255], width: 4, to: [1, 4, 1], box: box, range: .tv)
    #expect(result == [0, 0, 255, 255])
    let scaled = try crop(
      [0, 16, 235, 255], width: 4, to: [1, 4, 1], box: box, range: .tv,
      Preprocessing(scale: 2 / 255, offset: -1))
    #expect(scaled.distance(to: [-1, -1, 1, 1]) < 1e-6)
  }

  @Test func marginGrowsEverySide() throws {
    let box = try PixelRectangle(x: 10, y: 20, width: 40, height: 30).enlarged(by: 0.1)
    #expect(box == PixelRectangle(x: 6, y: 17, width: 48, height: 36))
    #expect(try PixelRectangle(x: 0, y: 0, width: 1, height: 1).enlarged(by: -0.45).width == 1)
  }

  @Test func colorModelsGetGrayInEveryChannel() throws {
    let result = try crop(
      [1, 2], width: 2, to: [1, 2, 3], box: PixelRectangle(x: 0, y: 0, width: 2, height: 1))
    #expect(result == [1, 1, 1, 2, 2, 2])
  }

  /// It divides by max(deviation, 1/sqrt(N)), N counting the values of every channel.
  @Test func standardizationIsTensorFlows() throws {
    let standard = Preprocessing(standardize: true)
    let pixels: [UInt8] = [10, 10, 10, 11]
    let box = PixelRectangle(x: 0, y: 0, width: 2, height: 2)
    // The deviation is sqrt(3)/4: below 1/sqrt(4), above 1/sqrt(12).
    let gray = try crop(pixels, width: 2, to: [2, 2, 1], box: box, standard)
    #expect(gray.distance(to: [-0.5, -0.5, -0.5, 1.5]) < 1e-6)
    let color = try crop(pixels, width: 2, to: [2, 2, 3], box: box, standard)
    let (low, high) = (-0.25 / 0.433_012_7 as Float, 0.75 / 0.433_012_7 as Float)
    #expect(color.distance(to: [Float](repeating: low, count: 9) + [high, high, high]) < 1e-5)
    let flat = try crop([7, 7, 7, 7], width: 2, to: [2, 2, 3], box: box, standard)
    #expect(flat.allSatisfy { abs($0) < 1e-6 })
  }

  @Test(arguments: [
    PixelRectangle(x: 0, y: 0, width: 0, height: 5), PixelRectangle(x: 0, y: 0, width: 5, height: -1),
    PixelRectangle(x: .max, y: 0, width: 5, height: 5), PixelRectangle(x: 0, y: .min, width: 5, height: 5),
    PixelRectangle(x: 0, y: 0, width: .max, height: .max),
  ])
  func boxesThatMakeNoSenseAreRefused(_ box: PixelRectangle) {
    #expect(throws: Failure.self) { try crop([1], width: 1, to: [2, 2, 1], box: box) }
    #expect(throws: Failure.self) {
      try crop([1], width: 1, to: [2, 2, 1], box: box, range: .pc, Preprocessing(margin: 10))
    }
  }

  @Test func shapesThatAreNoPicturesAreRefused() {
    for shape in [[], [4], [4, 4, 2], [0, 4, 1], [4, 4, 1, 1]] {
      #expect(throws: Failure.self) { try FaceCropper(shape, channelsFirst: false, Preprocessing()) }
    }
  }
}
