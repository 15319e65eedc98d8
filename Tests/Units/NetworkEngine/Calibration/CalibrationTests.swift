import FrameStream
import SeededNoise
import SystemIO
import Testing

@testable import KerasWriting
@testable import NetworkEngine
@testable import NetworkModel

/// Ranges, what the file keeps of them, and which precision is chosen.
struct CalibrationTests {
  private func observe(_ batches: [[Float]]) -> RangeObserver {
    var observer = RangeObserver()
    for batch in batches { batch.withUnsafeBufferPointer { observer.observe($0) } }
    return observer
  }

  @Test func extremesAndLimit() throws {
    var noise = Noise(1)
    let plain = try #require(observe([noise.values(4000), noise.values(4000, scale: 3)]).range)
    #expect(plain.minimum < -2.9 && plain.maximum > 2.9)
    #expect(plain.limit > 2.9 && plain.limit <= 3)
    // An outlier among many small values is cut off.
    let many = noise.values(100_000).map(abs)
    let outlier = try #require(observe([[Float]](repeating: many, count: 40) + [[3]]).range)
    #expect(outlier.minimum >= 0 && outlier.maximum == 3)
    #expect(outlier.limit < 1.6 && outlier.limit > 0.7)
    #expect(observe([[0, 0]]).range == nil)
    #expect(observe([]).range == nil)
    #expect(observe([[1], [.nan]]).range == nil)
    #expect(observe([[1e-3], [2e6]]).range != nil)
    #expect(observe([[1e38, -3e38]]).range.map(\.isUsable) != true)
  }

  private func accuracy(_ found: [Precision: Double], vnni: Bool = false) -> Calibration {
    Calibration(
      pictures: 9, ranges: ["conv2d": ActivationRange(minimum: -1.5, maximum: 2, limit: 1.75)],
      accuracies: [
        .single: .init(pictures: 100, found: found, agreement: [.int8: 0.99], hadIntegerDotProduct: vnni)
      ])
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var model = try Self.model()
    #expect(try model.calibration() == nil)
    var calibration = accuracy([.f32: 0.6, .int8: 0.598], vnni: true)
    calibration.accuracies[.flip] = accuracy([.f32: 0.7]).accuracies[.single]
    model.information.preprocessing = Preprocessing(scale: 0.5, offset: -1, margin: 0.1, standardize: true)
    try model.setCalibration(calibration)
    // It says for which inputs it is, whatever the margin.
    calibration.input = Preprocessing(scale: 0.5, offset: -1, standardize: true)
    #expect(try model.calibration() == calibration)
    let again = try model.encoded().withBytes { try ModelFile(bytes: Array($0)) }
    #expect(try again.calibration() == calibration)
    try model.setCalibration(nil)
    #expect(try model.calibration() == nil)
  }

  @Test(arguments: [
    #"{}"#, #"[]"#, #"{"pictures":1}"#, #"{"pictures":-1,"ranges":{}}"#,
    #"{"pictures":1,"ranges":{"a":[0,1]}}"#, #"{"pictures":1,"ranges":{"a":[0,1,0]}}"#,
    #"{"pictures":1,"ranges":{"a":[2,1,1]}}"#, #"{"pictures":1,"ranges":{"a":[0,1,1e30]}}"#,
    #"{"pictures":1,"ranges":{"a":[0,1e300,1]}}"#, #"{"pictures":1,"ranges":{"a":[0,1,"x"]}}"#,
    #"{"pictures":1,"ranges":{},"accuracy":{"pictures":0}}"#,
    #"{"pictures":1,"ranges":{},"accuracy":{"pictures":3,"f32":1.5}}"#,
    #"{"pictures":1,"ranges":{},"detections":{"pictures":0,"faces":1}}"#,
    #"{"pictures":1,"ranges":{},"detections":{"pictures":1,"faces":1,"int8":{"kept":2}}}"#,
    #"{"pictures":1,"ranges":{},"detections":{"pictures":1,"faces":1,"int8":{"kept":1,"added":0,"box":[1],"score":[0,0]}}}"#,
    #"{"pictures":1,"ranges":{},"accuracy":7}"#, #"{"pictures":1,"ranges":{},"accuracy_flip":{"f32":1}}"#,
  ])
  func whatIsNoCalibrationIsRefused(_ text: String) throws {
    let json = try JSONValue(JSONText(parsing: Array(text.utf8)))
    let failure = #expect(throws: Failure.self) { try Calibration(json) }
    #expect(failure?.kind == .badInput)
    // It does not keep the model from running.
    var model = try Self.model()
    model.information.others.append(("calibration", json))
    #expect(try PrecisionChoice.auto.precision(for: model) == .f32)
    #expect(throws: Failure.self) { try PrecisionChoice.int8.precision(for: model) }
  }

  private static func model() throws -> ModelFile {
    var graph = try ModelGraph(
      name: "test", inputShape: [4, 4, 1],
      sequence: [
        ("flatten", .flatten(pixelsFirst: false)), ("dense", .dense(units: 3, bias: false, .softmax)),
      ])
    try graph.setWeight("kernel", ofLayer: 2, to: (0..<48).map { Float($0) / 48 })
    return ModelFile(graph: graph)
  }

  @Test func autoTakesTheFastestThatLosesNothing() throws {
    func machine(bf16: Bool, int8: Bool, vnni: Bool) -> ProcessorAbilities {
      ProcessorAbilities(
        hasBFloat16: bf16, hasFastBFloat16: bf16, hasFastInteger: int8, hasIntegerDotProduct: vnni)
    }
    func auto(_ calibration: Calibration?, _ machine: ProcessorAbilities) throws -> Precision {
      var model = try Self.model()
      try model.setCalibration(calibration)
      return try PrecisionChoice.auto.precision(for: model, on: machine)
    }
    let all = machine(bf16: true, int8: true, vnni: true)
    let avx2 = machine(bf16: false, int8: true, vnni: false)
    let none = machine(bf16: false, int8: false, vnni: false)
    let good = accuracy([.f32: 0.6, .bf16: 0.6, .int8: 0.5971])
    #expect(try auto(nil, all) == .f32)
    #expect(try auto(good, all) == .int8)
    #expect(try auto(good, avx2) == .int8)
    #expect(try auto(good, none) == .f32)
    #expect(try auto(accuracy([.f32: 0.6, .bf16: 0.6, .int8: 0.5969]), all) == .bf16)
    #expect(try auto(accuracy([.f32: 0.6, .int8: 0.5969]), all) == .f32)
    // Measured with eight bits for activations; this machine has seven.
    #expect(try auto(accuracy([.f32: 0.6, .int8: 0.6], vnni: true), avx2) == .f32)
    #expect(try auto(Calibration(pictures: 3, ranges: [:]), all) == .f32)
    // What was measured for the mean with the mirror image decides for it alone, and where it was not, that for one view.
    var both = good
    both.accuracies[.flip] = accuracy([.f32: 0.7, .bf16: 0.7, .int8: 0.69]).accuracies[.single]
    #expect(both.keepsAccuracy(.int8, on: all) && !both.keepsAccuracy(.int8, views: .flip, on: all))
    #expect(
      both.keepsAccuracy(.bf16, views: .flip, on: all) && good.keepsAccuracy(.int8, views: .flip, on: all))
    let failure = #expect(throws: Failure.self) {
      try PrecisionChoice.bf16.precision(for: Self.model(), on: avx2)
    }
    #expect(failure?.kind == .failed)
    #expect(try PrecisionChoice.bf16.precision(for: Self.model(), on: all) == .bf16)
  }

  private func detections(kept: Double, added: Double = 0, objects: Int = 90, vnni: Bool = false)
    -> Calibration
  {
    let spread = DetectionAgreement.Spread(of: [0.25, 0, 0.5])
    var calibration = Calibration(pictures: 8, ranges: [:])
    calibration.detections = DetectionAgreement(
      pictures: 8, objects: objects,
      differences: [
        .int8: .init(kept: kept, added: added, box: spread, score: spread),
        .bf16: .init(kept: 0.995, added: 0, box: spread, score: spread),
      ], hadIntegerDotProduct: vnni)
    return calibration
  }

  @Test func autoOfADetectorTakesTheFastestThatFindsTheSame() throws {
    let all = ProcessorAbilities(
      hasBFloat16: true, hasFastBFloat16: true, hasFastInteger: true, hasIntegerDotProduct: true)
    var seven = all
    seven.hasIntegerDotProduct = false
    func auto(_ calibration: Calibration?, _ machine: ProcessorAbilities) throws -> Precision {
      try PrecisionChoice.auto.precision(ofDetector: { calibration }, on: machine)
    }
    #expect(try auto(nil, all) == .f32)
    #expect(try auto(detections(kept: 0.99, added: 0.01), all) == .int8)
    #expect(try auto(detections(kept: 0.98), all) == .bf16)
    #expect(try auto(detections(kept: 1, added: 0.02), all) == .bf16)
    #expect(try auto(detections(kept: 1, objects: 0), all) == .f32)
    #expect(try auto(detections(kept: 1, vnni: true), seven) == .bf16)
    #expect(try auto(Calibration(pictures: 1, ranges: [:]), all) == .f32)
    let failure = #expect(throws: Failure.self) {
      try PrecisionChoice.int8.precision(ofDetector: { nil }, on: all)
    }
    #expect(failure?.kind == .badInput)
    // The file keeps all of it.
    var model = try Self.model()
    var kept = detections(kept: 0.97, added: 0.02, vnni: true)
    try model.setCalibration(kept)
    kept.input = Preprocessing()
    #expect(try model.calibration() == kept)
    let spread = kept.detections?.differences[.int8]?.box
    #expect(spread?.median == 0.25 && spread?.most == 0.5)
  }
}
