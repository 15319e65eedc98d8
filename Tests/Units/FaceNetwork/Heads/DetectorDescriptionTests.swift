import FaceInput
import FrameStream
import SystemIO
import Testing

@testable import FaceNetwork

struct DetectorDescriptionTests {
  private func json(_ description: DetectorDescription) throws -> JSONValue {
    var writer = JSONWriter()
    description.write(to: &writer)
    return try JSONValue(JSONText(parsing: writer.bytes))
  }

  @Test func whatIsWrittenIsRead() throws {
    var description = DetectorDescription()
    #expect(try DetectorDescription(json(description)) == description)
    description.object = "logo"
    (description.stride, description.usualSize, description.sizes) = (16, 42.5, 20...90)
    (description.aspect, description.smallestLevel, description.candidateScore) = (1.5, 40, 0.1)
    description.crop = CropRule(side: 1.25, drop: -0.125)
    description.calibration = .init(slope: 1.5, offset: -0.25)
    #expect(try DetectorDescription(json(description)) == description)
  }

  @Test func valuesOutOfRangeAreRefused() throws {
    var description = DetectorDescription()
    description.calibration = .init(slope: 1, offset: 0)
    let whole = try json(description)
    for (key, value) in [
      ("head", #""ssd""#), ("head", "null"), ("object", #""""#), ("stride", "7"), ("usual_size", "0"),
      ("sizes", "[60, 16]"), ("sizes", "[1]"), ("aspect", "-1"), ("smallest_level", "0"),
      ("candidate_score", "2"), ("crop", "{}"), ("calibration", #"{"slope": 0, "offset": 1}"#),
    ] {
      let fields = (whole.object?.fields ?? []).map { field in
        "\"\(field.key)\": " + (field.key == key ? value : text(field.value))
      }
      let changed = try JSONValue(JSONText(parsing: Array("{\(fields.joined(separator: ","))}".utf8)))
      let failure = #expect(throws: Failure.self, "\(key): \(value)") { try DetectorDescription(changed) }
      #expect(failure?.kind == .badInput)
    }
  }

  private func text(_ value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.value(value)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func calibrationGoesBothWays() {
    let calibration = DetectorDescription.Calibration(slope: 1.6, offset: -0.7)
    for score in stride(from: Float(0.01), to: 1, by: 0.07) {
      #expect(abs(calibration.raw(calibration.calibrated(score)) - score) < 1e-4)
    }
    #expect(calibration.calibrated(0) >= 0 && calibration.calibrated(1) <= 1)
    #expect(calibration.calibrated(0.3) < calibration.calibrated(0.4))
    // A face that is sure enough must have been a candidate.
    var description = DetectorDescription()
    (description.candidateScore, description.calibration) = (0.5, .init(slope: 1, offset: 3))
    let family = DetectorFamily(description, encoding: PictureEncoding(.gray))
    #expect(family.candidateFloor(0.6) < 0.08)
  }

  /// Keras's order of a map's values is another than ONNX's; what is found is the same.
  @Test func mapsOfBothOrdersAreDecodedAlike() throws {
    let size = InputSize(width: 96, height: 64)
    let first = HeadOutputs.random([OutputShape("out", [1, 4, 8, 12])], scores: [], seed: 9)
    var turned = [Float](repeating: 0, count: 384)
    for cell in 0..<96 { for map in 0..<4 { turned[4 * cell + map] = first[0][map * 96 + cell] } }
    let last = HeadOutputs([(OutputShape("out", [1, 8, 12, 4]), turned)])
    var description = DetectorDescription()
    description.aspect = 2
    let heads = (
      try #require(SquareHead(first.shapes, size, description)),
      try #require(SquareHead(last.shapes, size, description))
    )
    let found = first.decode(heads.0, minimumScore: 0.4)
    #expect(found == last.decode(heads.1, minimumScore: 0.4) && !found.isEmpty)
    #expect(found.allSatisfy { abs($0.width / $0.height - 2) < 1e-4 })
    #expect(SquareHead([OutputShape("out", [1, 8, 12, 5])], size) == nil)
    description.stride = 16
    #expect(SquareHead(last.shapes, size, description) == nil)
  }
}
