import FrameStream
import SystemIO
import Testing

@testable import FaceInput
@testable import PictureData

@Suite struct DataAugmentationTests {
  /// The known answers of the Random123 library.
  @Test func philox() {
    let zero = CounterRandom.philox((0, 0, 0, 0), (0, 0))
    #expect([zero.0, zero.1, zero.2, zero.3] == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    let ones = UInt32.max
    let full = CounterRandom.philox((ones, ones, ones, ones), (ones, ones))
    #expect([full.0, full.1, full.2, full.3] == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
    let pi = CounterRandom.philox(
      (0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), (0xA409_3822, 0x299F_31D0))
    #expect([pi.0, pi.1, pi.2, pi.3] == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
  }

  @Test func distributions() {
    var random = CounterRandom(seed: 3, purpose: .mixing, epoch: 1, index: 2)
    func moments(_ count: Int, _ draw: () -> Float) -> (mean: Double, variance: Double) {
      let values = (0..<count).map { _ in Double(draw()) }
      let mean = values.reduce(0, +) / Double(count)
      return (mean, values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count))
    }
    let unit = moments(20_000) { random.unit() }
    #expect(abs(unit.mean - 0.5) < 0.01 && abs(unit.variance - 1 / 12) < 0.005)
    let normal = moments(20_000) { random.normal() }
    #expect(abs(normal.mean) < 0.03 && abs(normal.variance - 1) < 0.05)
    let rough = moments(20_000) { random.roughNormal() }
    #expect(abs(rough.mean) < 0.03 && abs(rough.variance - 1) < 0.05)
    for alpha in [0.2, 1, 4] {
      let beta = moments(20_000) { random.beta(alpha) }
      #expect(abs(beta.mean - 0.5) < 0.02 && abs(beta.variance - 1 / (4 * (2 * alpha + 1))) < 0.01)
    }
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7000 { counts[random.below(7)] += 1 }
    #expect(counts.allSatisfy { (850...1150).contains($0) })
  }

  private static let picture = (0..<(16 * 12)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 16 &* 11) }

  private func augmented(
    _ augmentation: Augmentation, width: Int = 16, height: Int = 12, epoch: Int = 0, index: Int = 0,
    seed: UInt64 = 5
  ) -> [Float] {
    var augmenter = PictureAugmenter(
      augmentation, seed: seed, stored: (16, 12), size: (width, height))
    return [Float](unsafeUninitializedCapacity: width * height) { output, count in
      Self.picture.withUnsafeBufferPointer {
        _ = augmenter.augment($0, epoch: epoch, index: index, into: output.baseAddress!)
      }
      count = width * height
    }
  }

  @Test func nothingIsNothing() {
    #expect(augmented(.none) == Self.picture.map { Float($0) })
  }

  @Test func flip() {
    var change = Augmentation.none
    change.flip = 1
    let flipped = (0..<12).flatMap { y in (0..<16).map { Float(Self.picture[y * 16 + 15 - $0]) } }
    #expect(augmented(change) == flipped)
    // The same by way of the resampling.
    change.scale = 1...1.000_000_1
    #expect(zip(augmented(change), flipped).allSatisfy { abs($0 - $1) < 0.01 })
    change = .none
    change.flip = 0.5
    let plain = Self.picture.map { Float($0) }
    let count = (0..<1000).count { augmented(change, index: $0) != plain }
    #expect((430...570).contains(count))
  }

  @Test func halfATurnAndAShift() {
    var change = Augmentation.none
    change.scale = 2...2
    let zoomed = augmented(change)
    // Twice the size about the middle: the middle four pixels keep their mean.
    let middle = [(7, 5), (8, 5), (7, 6), (8, 6)]
    let before = middle.map { Float(Self.picture[$0.1 * 16 + $0.0]) }.reduce(0, +)
    let after = middle.map { zoomed[$0.1 * 16 + $0.0] }.reduce(0, +)
    #expect(abs(before - after) < 0.1)
    change = .none
    change.rotation = 180
    change.shift = 0.5
    for index in 0..<50 {
      #expect(augmented(change, index: index).allSatisfy { (0...255).contains($0) })
    }
  }

  @Test func cropsComeFromEverywhere() {
    var corners: Set<Float> = []
    for index in 0..<300 {
      let crop = augmented(.none, width: 14, height: 11, index: index)
      #expect(crop[1] == Float(Self.picture[Self.picture.firstIndex(of: UInt8(crop[0]))! + 1]))
      corners.insert(crop[0])
    }
    #expect(corners.count == 6)
  }

  @Test func theSameNumbersTheSamePicture() {
    var change = Augmentation.none
    change.flip = 0.5
    change.rotation = 20
    change.scale = 0.8...1.2
    change.shift = 0.1
    change.brightness = 0.3
    change.contrast = 0.3
    change.erasing.probability = 0.7
    change.blur.probability = 0.5
    change.downscale.probability = 0.5
    let first = augmented(change, epoch: 3, index: 9)
    #expect(augmented(change, epoch: 3, index: 9) == first)
    #expect(augmented(change, epoch: 4, index: 9) != first)
    #expect(augmented(change, epoch: 3, index: 10) != first)
    #expect(augmented(change, epoch: 3, index: 9, seed: 6) != first)
  }

  @Test func erasingStaysInItsLimits() {
    var change = Augmentation.none
    change.erasing.probability = 1
    change.erasing.fill = .black
    change.erasing.area = 0.1...0.2
    var sizes: [Int] = []
    for index in 0..<200 {
      let plain = Self.picture.map { Float($0) }
      sizes.append(zip(augmented(change, index: index), plain).count { $0 != $1 })
    }
    #expect(sizes.max()! <= 60 && sizes.max()! > 20)
    for fill in Augmentation.Erasing.Fill.allCases {
      change.erasing.fill = fill
      #expect(augmented(change).allSatisfy { (0...255).contains($0) })
    }
  }

  @Test func softeningKeepsTheMean() {
    let plain = augmented(.none)
    func roughness(_ values: [Float]) -> Float {
      zip(values, values.dropFirst()).map { abs($0 - $1) }.reduce(0, +)
    }
    for kind in 0..<2 {
      var change = Augmentation.none
      if kind == 0 { change.blur.probability = 1 } else { change.downscale.probability = 1 }
      let soft = augmented(change)
      let difference: Float = soft.reduce(0, +) - plain.reduce(0, +)
      #expect(abs(difference) < 6 * Float(plain.count))
      #expect(roughness(soft) < roughness(plain) * 0.9)
    }
  }

  @Test func recipe() throws {
    func decode(_ text: String) throws(Failure) -> Augmentation {
      try Augmentation(json: JSONValue(JSONText(parsing: Array(text.utf8))))
    }
    let change = try decode(
      """
      {"flip":true,"rotation":12,"scale":[0.85,1.15],"shift":0.16,"brightness":0.2,"contrast":0.2,"mixup":0.2,
       "crop_margin":4,"erasing":{"probability":0.4,"fill":"mean"},"blur":{"probability":0.1,"sigma":[0.5,1]},
       "downscale":{"probability":0.3}}
      """)
    #expect(change.flip == 0.5 && change.scale == 0.85...1.15 && change.erasing.fill == .mean)
    #expect(change.erasing.area == 0.02...0.33 && change.cropMargin == 4)
    var writer = JSONWriter()
    change.write(to: &writer)
    #expect(try decode(String(decoding: writer.bytes, as: UTF8.self)) == change)
    for (text, part) in [
      ("[]", "not an object"), ("{\"flop\":1}", "\"flop\""), ("{\"flip\":2}", "from 0.0 to 1.0"),
      ("{\"scale\":1}", "[low, high]"), ("{\"scale\":[2,1]}", "more than"),
      ("{\"erasing\":{\"fill\":\"red\"}}", "\"erasing.fill\": bad augmentation: it must be one of"),
      ("{\"erasing\":{\"color\":1}}", "\"erasing.color\""), ("{\"flip\":1,\"flip\":0}", "twice"),
      ("{\"crop_margin\":1.5}", "whole number"), ("{\"rotation\":\"a\"}", "not a number"),
      ("{\"shift\":1e400}", "not a number"),
    ] {
      let refusal = failure { () throws(Failure) in _ = try decode(text) }
      #expect(refusal?.description.contains(part) == true, "\(text): \(refusal?.description ?? "accepted")")
    }
  }

  @Test func resampling() throws {
    let resampler = PictureResampler(width: 4, height: 3)
    func resample(_ pixels: [UInt8], _ width: Int, _ height: Int, _ range: ColorRange = .pc) throws -> [UInt8]
    {
      var output = [UInt8](repeating: 0, count: 12)
      try pixels.withUnsafeBufferPointer { pixels in
        try output.withUnsafeMutableBufferPointer { output in
          let plane = PlaneView(pixels.baseAddress!, width: width, height: height, stride: width)
          try resampler.resample(
            plane, PixelRectangle(x: 0, y: 0, width: width, height: height), range: range,
            into: output.baseAddress!)
        }
      }
      return output
    }
    let pixels = (0..<12).map { UInt8($0 * 20) }
    #expect(try resample(pixels, 4, 3) == pixels)
    #expect(try resample([16, 235], 2, 1, .tv).prefix(4) == [0, 64, 191, 255])
    #expect(try resample([7], 1, 1) == [UInt8](repeating: 7, count: 12))
    // One bright pixel in each 10×10 field is not lost.
    let dots = (0..<1200).map { UInt8($0 % 10 == 3 && $0 / 40 % 10 == 3 ? 255 : 0) }
    #expect(try resample(dots, 40, 30).allSatisfy { $0 > 0 && $0 < 10 })
  }
}
