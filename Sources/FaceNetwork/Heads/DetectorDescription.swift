import FaceInput
import FrameStream
import Glibc
import SystemIO

/// What a detector in a Keras file says of itself: the key `detector` of its `fm.json`.
///
///     {"object": "face", "head": "square", "stride": 8, "usual_size": 30, "sizes": [16, 60], "aspect": 1,
///      "smallest_level": 24, "candidate_score": 0.02, "crop": {"side": 1, "drop": 0.05},
///      "calibration": {"slope": 1.1, "offset": -0.2}}
///
/// The head is a map at `stride` of four values a cell: the logit of an object, how far its center is from the cell's (across
/// and down, in cells), and the logarithm of its size in `usual_size` pixels. A size is the root of the box's area; the
/// box is `aspect` times as wide as high, and framed as the crops were that the network was trained with.
package struct DetectorDescription: Sendable, Equatable {
  /// How scores become what they are worth: the sigmoid of slope · logit + offset (Platt, 1999).
  package struct Calibration: Sendable, Equatable {
    /// What the logit of a score is multiplied by; more than 0.
    package var slope: Float
    /// What is added then.
    package var offset: Float

    /// A scale and a shift of logits.
    package init(slope: Float, offset: Float) {
      self.slope = slope
      self.offset = offset
    }

    /// The calibrated score.
    package func calibrated(_ score: Float) -> Float { Self.sigmoid(slope * Self.logit(score) + offset) }

    /// The score before that this calibrated one comes from.
    package func raw(_ calibrated: Float) -> Float { Self.sigmoid((Self.logit(calibrated) - offset) / slope) }

    private static func sigmoid(_ value: Float) -> Float { 1 / (1 + exp(-value)) }

    /// Scores of 0 and 1 have no logit: they are taken to be very near.
    package static func logit(_ score: Float) -> Float {
      let score = min(max(score, 1e-7), 1 - 1e-7)
      return log(score / (1 - score))
    }
  }

  /// What is found, in the singular: `face`.
  package var object = "face"
  /// Pixels of the input from one cell to the next.
  package var stride = 8
  /// The size whose logarithm is 0, in pixels of the input.
  package var usualSize: Float = 30
  /// The sizes that the network was trained to find, in pixels of the input.
  package var sizes: ClosedRange<Float> = 16...60
  /// Width of a box divided by its height.
  package var aspect: Float = 1
  /// The shortest side of a picture in the pyramid.
  package var smallestLevel = 24
  /// Candidates with a lower score do not vote.
  package var candidateScore: Float = 0.02
  /// The square that a classifier should see.
  package var crop = CropRule(side: 1, drop: 0.05)
  /// Nil for scores as the network gives them.
  package var calibration: Calibration?

  /// Faces, and scores that are not calibrated.
  package init() {}
}

// MARK: - JSON

extension DetectorDescription {
  /// The key of `fm.json`.
  package static let key = "detector"
  private static let head = "square"

  /// The value of the key.
  package func write(to writer: inout JSONWriter) {
    writer.object { json in
      json.field("object", object)
      json.field("head", Self.head)
      json.field("stride", stride)
      json.field("usual_size", usualSize)
      json.key("sizes")
      json.array {
        $0.value(sizes.lowerBound)
        $0.value(sizes.upperBound)
      }
      json.field("aspect", aspect)
      json.field("smallest_level", smallestLevel)
      json.field("candidate_score", candidateScore)
      json.key("crop")
      json.object {
        $0.field("side", crop.side)
        $0.field("drop", crop.drop)
      }
      if let calibration {
        json.key("calibration")
        json.object {
          $0.field("slope", calibration.slope)
          $0.field("offset", calibration.offset)
        }
      }
    }
  }

  /// - Throws: ``Failure`` (`badInput`) naming the key that is missing or out of range.
  package init(_ json: JSONValue) throws(Failure) {
    func refuse(_ cause: String) -> Failure {
      Failure(.badInput, step: "reading the detector", subject: "member fm.json", cause: cause)
    }
    func number(_ key: String, _ range: ClosedRange<Double>, in json: JSONValue?) throws(Failure) -> Double {
      guard let value = json?[key]?.double, range.contains(value) else {
        throw refuse("\(key) is not a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    guard json["head"]?.string == Self.head else {
      throw refuse("its head is not \"\(Self.head)\", the only one known in Keras files")
    }
    guard let object = json["object"]?.string, !object.isEmpty, object.utf8.count <= 64 else {
      throw refuse("object is no name of up to 64 bytes")
    }
    self.object = object
    guard let stride = json["stride"]?.int, [4, 8, 16, 32].contains(stride) else {
      throw refuse("stride is not 4, 8, 16 or 32")
    }
    self.stride = stride
    usualSize = Float(try number("usual_size", 1...4096, in: json))
    let sizes = json["sizes"]?.array?.compactMap(\.double) ?? []
    guard sizes.count == 2, sizes[0] >= 1, sizes[0] <= sizes[1], sizes[1] <= 65_536 else {
      throw refuse("sizes are not two numbers from 1 to 65536")
    }
    self.sizes = Float(sizes[0])...Float(sizes[1])
    aspect = Float(try number("aspect", 0.05...20, in: json))
    smallestLevel = Int(try number("smallest_level", 8...4096, in: json))
    candidateScore = Float(try number("candidate_score", 0.0001...1, in: json))
    crop = CropRule(
      side: try number("side", 0.1...10, in: json["crop"]),
      drop: try number("drop", -10...10, in: json["crop"]))
    if let calibration = json["calibration"], !calibration.isNull {
      self.calibration = Calibration(
        slope: Float(try number("slope", 0.001...1000, in: calibration)),
        offset: Float(try number("offset", -1000...1000, in: calibration)))
    }
  }
}
