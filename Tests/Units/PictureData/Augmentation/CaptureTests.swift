import FrameStream
import Glibc
import SystemIO
import Testing

@testable import FaceInput
@testable import PictureData

/// Changes as by cameras, codecs and detectors.
@Suite struct CaptureTests {
  private static let side = 48
  /// Smooth waves, as faces are smoother than noise.
  private static let picture = (0..<(side * side)).map { place in
    let (x, y) = (Float(place % side), Float(place / side))
    return UInt8(128 + 70 * sinf(x / 5) * cosf(y / 7) + 40 * sinf(x / 3 + y / 4))
  }

  private func augmented(
    _ picture: [UInt8] = picture, index: Int = 0, epoch: Int = 0, seed: UInt64 = 5,
    _ change: (inout Augmentation) -> Void
  ) -> [Float] {
    var augmentation = Augmentation.none
    change(&augmentation)
    var augmenter = PictureAugmenter(
      augmentation, seed: seed, stored: (Self.side, Self.side), size: (Self.side, Self.side))
    return [Float](unsafeUninitializedCapacity: picture.count) { output, count in
      picture.withUnsafeBufferPointer {
        _ = augmenter.augment($0, epoch: epoch, index: index, into: output.baseAddress!)
      }
      count = picture.count
    }
  }

  private func mean(_ values: [Float]) -> Float { values.reduce(0, +) / Float(values.count) }

  private func deviation(_ values: [Float]) -> Float {
    let mean = mean(values)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)).squareRoot()
  }

  private var plain: [Float] { Self.picture.map { Float($0) } }

  private func changes(_ augmentation: inout Augmentation) {
    augmentation.detectorBoxes = 0.5
    augmentation.lowLight.probability = 0.5
    augmentation.haze.probability = 0.5
    augmentation.compression.probability = 0.5
  }

  @Test func theSameNumbersTheSamePicture() {
    let first = augmented(index: 9, epoch: 3, changes)
    #expect(augmented(index: 9, epoch: 3, changes) == first)
    #expect(augmented(index: 9, epoch: 4, changes) != first)
    #expect(augmented(index: 10, epoch: 3, changes) != first)
    #expect(augmented(index: 9, epoch: 3, seed: 6, changes) != first)
  }

  /// Trainings of older recipes give the same weights: the new draws take no number from the others, nor from each other.
  @Test func othersKeepTheirNumbers() {
    func old(_ augmentation: inout Augmentation) {
      augmentation.flip = 0.5
      augmentation.rotation = 20
      augmentation.brightness = 0.3
      augmentation.erasing.probability = 0.5
    }
    for index in 0..<20 {
      let before = augmented(index: index, old)
      let after = augmented(index: index) {
        old(&$0)
        // Never drawn, but the others are.
        $0.detectorBoxes = 1e-30
      }
      #expect(zip(before, after).allSatisfy { abs($0 - $1) < 1e-3 })
      // What light makes of a picture does not depend on whether codecs are at work.
      func light(_ augmentation: inout Augmentation) { augmentation.lowLight.probability = 1 }
      #expect(
        augmented(index: index, light)
          == augmented(index: index) {
            light(&$0)
            $0.haze.probability = 1e-30
            $0.compression.probability = 1e-30
          })
    }
  }

  @Test func littleLightIsDarkAndNoisy() {
    let even = [UInt8](repeating: 100, count: Self.picture.count)
    for index in 0..<5 {
      let dark = augmented(even, index: index) {
        $0.lowLight.probability = 1
        $0.lowLight.gain = 0.4...0.4
        $0.lowLight.noise = 5...5
      }
      #expect(abs(mean(dark) - 40) < 1)
      #expect(abs(deviation(dark) - 5) < 0.5)
      #expect(dark.allSatisfy { $0 == $0.rounded() && (0...255).contains($0) })
    }
    let counts = (0..<400).count { index in
      augmented(index: index) { $0.lowLight.probability = 0.25 } != plain
    }
    #expect((70...130).contains(counts))
  }

  @Test func hazeTakesContrast() {
    let hazy = augmented {
      $0.haze.probability = 1
      $0.haze.share = 0.75...0.75
      $0.haze.gray = 200...200
    }
    #expect(abs(deviation(hazy) - deviation(plain) / 4) < 0.5)
    #expect(abs(mean(hazy) - (mean(plain) / 4 + 150)) < 0.5)
  }

  @Test func compressionLosesDetailByQuality() {
    func error(_ quality: Float, _ index: Int) -> Float {
      let result = augmented(index: index) {
        $0.compression.probability = 1
        $0.compression.quality = quality...quality
      }
      #expect(result.allSatisfy { $0 == $0.rounded() && (0...255).contains($0) })
      return zip(result, plain).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(plain.count)
    }
    for index in 0..<5 {
      // At 100 every coefficient is kept to whole numbers; less is kept the lower the quality is.
      let errors = [100, 60, 20, 5].map { error($0, index) }
      #expect(errors[0] < 0.6, "\(errors)")
      #expect(errors == errors.sorted() && errors[3] > 4 && errors[3] < 40, "\(errors)")
    }
    // A block of one gray has one coefficient.
    let even = [UInt8](repeating: 91, count: Self.picture.count)
    let kept = augmented(even) {
      $0.compression.probability = 1
      $0.compression.quality = 50...50
    }
    #expect(Set(kept).count == 1 && abs(kept[0] - 91) <= 1)
  }

  /// The boxes of a network, cropped by the rule for them: about the size and place of a cascade's, and never two alike.
  @Test func boxesAreThoseOfDetectors() {
    var random = CounterRandom(seed: 1, purpose: .capture, epoch: 0, index: 0)
    let boxes = (0..<4000).map { _ in DetectorBox(&random) }
    let sides = boxes.map(\.side)
    #expect(abs(mean(sides) - 0.92) < 0.03 && deviation(sides) > 0.03 && deviation(sides) < 0.1)
    for (centers, place) in [(boxes.map(\.center.x), Float(0.5)), (boxes.map(\.center.y), 0.62)] {
      #expect(abs(mean(centers) - place) < 0.02 && deviation(centers) > 0.02 && deviation(centers) < 0.08)
    }
    // The box of a picture whose values are their columns shows where it lies and how large it is.
    let columns = (0..<(Self.side * Self.side)).map { UInt8($0 % Self.side * 4) }
    for index in 0..<50 {
      let result = augmented(columns, index: index) { $0.detectorBoxes = 1 }
      var random = CounterRandom(seed: 5, purpose: .capture, epoch: 0, index: UInt64(index))
      _ = random.chance(1)
      let box = DetectorBox(&random)
      let middle = Self.side / 2 * Self.side + Self.side / 2
      let step = result[middle + 1] - result[middle - 1]
      #expect(abs(step / 8 - box.side) < 0.02)
      let center = (result[middle] + result[middle - 1]) / 2 / 4 + 0.5
      #expect(abs(center - box.center.x * Float(Self.side)) < 0.1)
    }
  }

  @Test func recipe() throws {
    func decode(_ text: String) throws(Failure) -> Augmentation {
      try Augmentation(json: JSONValue(JSONText(parsing: Array(text.utf8))))
    }
    let change = try decode(
      """
      {"detector_boxes":0.5,"low_light":{"probability":0.1,"gain":[0.2,0.5],"noise":[0,3]},
       "haze":{"probability":0.2,"share":[0.1,0.2],"gray":[0,255]},"compression":{"probability":0.3,"quality":[5,90]}}
      """)
    #expect(change.detectorBoxes == 0.5 && change.lowLight.gain == 0.2...0.5)
    #expect(change.haze.gray == 0...255 && change.compression.quality == 5...90)
    var writer = JSONWriter()
    change.write(to: &writer)
    #expect(try decode(String(decoding: writer.bytes, as: UTF8.self)) == change)
    for text in [
      #"{"detector_boxes":2}"#, #"{"low_light":{"gain":[0,1]}}"#, #"{"haze":{"shade":1}}"#,
      #"{"compression":{"quality":[0,50]}}"#, #"{"compression":1}"#, #"{"low_light":{"noise":[5,1]}}"#,
    ] {
      #expect(throws: Failure.self, "\(text)") { try decode(text) }
    }
  }
}
