import ShapePictures
import SystemIO
import Testing

@testable import PictureData

struct PictureDegradationTests {
  private func spread(_ set: PictureSet, _ index: Int) -> Double {
    let pixels = set.withPixels(index) { $0.map { Double($0) } }
    let mean = pixels.reduce(0, +) / Double(pixels.count)
    return pixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  @Test func picturesGetWorseAndNothingElseChanges() throws {
    let all = try Shapes.set(12, seed: 1)
    let set = all.subset([7, 2, 5])
    #expect(try set.degraded(PictureDegradation())?.allPixels == set.allPixels)
    #expect(try set.degraded(PictureDegradation(side: 16))?.allPixels == set.allPixels)
    for degradation in [PictureDegradation(side: 6), PictureDegradation(blur: 1.5)] {
      let worse = try #require(try set.degraded(degradation))
      #expect(worse.names == set.names && worse.labels == set.labels && worse.classes == set.classes)
      for index in 0..<3 { #expect(spread(worse, index) < spread(set, index)) }
      #expect(try set.degraded(degradation)?.allPixels == worse.allPixels)
    }
    // One pixel has one gray.
    let one = try #require(try set.degraded(PictureDegradation(side: 1)))
    #expect(one.withPixels(0) { pixels in pixels.allSatisfy { abs(Int($0) - Int(pixels[0])) <= 1 } })
  }

  @Test func itEndsWhenItIsToldTo() throws {
    let set = try Shapes.set(12, seed: 1)
    var asked = 0
    let worse = try set.degraded(PictureDegradation(side: 6)) {
      asked += 1
      return asked == 5
    }
    #expect(worse == nil && asked == 5)
  }

  /// A point becomes the Gaussian that it is blurred with.
  @Test func blurIsGaussian() throws {
    var pixels = [UInt8](repeating: 0, count: 21 * 21)
    pixels[10 * 21 + 10] = 255
    let point = try PictureSet(
      classes: ["a"], width: 21, height: 21, names: ["x"], labels: [0], pixels: pixels)
    let blurred = try #require(try point.degraded(PictureDegradation(blur: 1))).withPixels(0) { Array($0) }
    // 255 / (2π), and that times exp(-1/2) one pixel away.
    #expect(abs(Int(blurred[10 * 21 + 10]) - 41) <= 1 && abs(Int(blurred[10 * 21 + 11]) - 25) <= 1)
    #expect(blurred[10 * 21 + 11] == blurred[11 * 21 + 10] && blurred[10 * 21 + 11] == blurred[10 * 21 + 9])
  }

  /// A quarter turn moves pixels and changes none; the other way takes them back.
  @Test func turnIsClockwise() throws {
    let pixels: [UInt8] = [10, 20, 30, 40, 50, 60, 70, 80, 90]
    let set = try PictureSet(
      classes: ["a"], width: 3, height: 3, names: ["x"], labels: [0], pixels: pixels)
    let turned = try #require(try set.degraded(PictureDegradation(turn: 90)))
    #expect(turned.allPixels == [70, 40, 10, 80, 50, 20, 90, 60, 30])
    #expect(try turned.degraded(PictureDegradation(turn: -90))?.allPixels == pixels)
    #expect(try set.degraded(PictureDegradation(turn: 0))?.allPixels == pixels)
  }

  /// Half the light is half the mean, with noise of the deviation that is documented.
  @Test func lowLightIsDarkAndNoisy() throws {
    let gray = try PictureSet(
      classes: ["a"], width: 48, height: 48, names: ["x"], labels: [0],
      pixels: [UInt8](repeating: 200, count: 48 * 48))
    let dark = try #require(try gray.degraded(PictureDegradation(lowLight: 0.5)))
    let mean = dark.allPixels.reduce(0) { $0 + Double($1) } / Double(48 * 48)
    let deviation = (spread(dark, 0) / Double(48 * 48)).squareRoot()
    #expect(abs(mean - 100) < 0.5 && abs(deviation - Double(PictureDegradation.noise)) < 0.4)
    #expect(try gray.degraded(PictureDegradation(lowLight: 0.5))?.allPixels == dark.allPixels)
  }

  @Test(arguments: [
    PictureDegradation(side: 0), PictureDegradation(side: 17), PictureDegradation(blur: 0),
    PictureDegradation(blur: .nan), PictureDegradation(blur: 1e-30), PictureDegradation(blur: 17),
    PictureDegradation(turn: 361), PictureDegradation(turn: .nan), PictureDegradation(lowLight: 0),
    PictureDegradation(lowLight: 1.5), PictureDegradation(lowLight: .nan),
  ])
  func whatDoesNotFitIsRefused(_ degradation: PictureDegradation) throws {
    let failure = #expect(throws: Failure.self) { try Shapes.set(3, seed: 1).degraded(degradation) }
    let options = [
      degradation.turn.map { _ in "--turn" }, degradation.side.map { _ in "--downscale" },
      degradation.blur.map { _ in "--blur" }, degradation.lowLight.map { _ in "--low-light" },
    ]
    #expect(failure?.kind == .usage && failure?.step == options.compactMap(\.self).first)
  }
}
