import FrameStream
import SystemIO

/// How far what a detector finds in other precisions is from what it finds in f32.
///
/// It is the key `detections` of a calibration:
///
///     {"pictures": 84, "faces": 91, "int8": {"kept": 0.989, "added": 0.011, "box": [0.004, 0.019],
///      "score": [0.006, 0.031]}, "vnni": true}
package struct DetectionAgreement: Sendable, Equatable {
  /// What changes in one precision.
  package struct Difference: Sendable, Equatable {
    /// The fraction of f32's objects that are found again, at least half overlapping.
    package var kept: Double
    /// Objects that f32 does not find, as a fraction of those that it finds.
    package var added: Double
    /// How far the edges of those that are kept move, as a fraction of the root of the box's area: the median, and what
    /// 95 % of them do not exceed.
    package var box: Spread
    /// How far their scores move.
    package var score: Spread

    /// The result of a comparison.
    package init(kept: Double, added: Double, box: Spread, score: Spread) {
      (self.kept, self.added) = (kept, added)
      (self.box, self.score) = (box, score)
    }
  }

  /// The middle and the upper end of differences.
  package struct Spread: Sendable, Equatable {
    /// Half of them are not greater.
    package var median: Double
    /// 95 % of them are not greater.
    package var most: Double

    /// Of differences in any order; zeros for none.
    package init(of differences: [Double]) {
      let sorted = differences.sorted()
      func quantile(_ share: Double) -> Double {
        sorted.isEmpty
          ? 0 : sorted[min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
      }
      (median, most) = (quantile(0.5), quantile(0.95))
    }

    init(median: Double, most: Double) { (self.median, self.most) = (median, most) }
  }

  /// The greatest share of objects that `auto` lets a precision lose, and add.
  package static let tolerance = 0.01

  /// How many pictures were searched.
  package var pictures: Int
  /// How many objects f32 finds in them.
  package var objects: Int
  /// By precision.
  package var differences: [Precision: Difference]
  /// True if int8 was measured with products of bytes in 32-bit sums (VNNI), false if with activations of seven bits.
  package var hadIntegerDotProduct: Bool

  /// The result of a comparison.
  package init(
    pictures: Int, objects: Int, differences: [Precision: Difference], hadIntegerDotProduct: Bool
  ) {
    self.pictures = pictures
    self.objects = objects
    self.differences = differences
    self.hadIntegerDotProduct = hadIntegerDotProduct
  }
}

// MARK: - JSON

extension DetectionAgreement {
  /// The key of a calibration.
  static let key = "detections"

  /// - Throws: ``Failure`` (`badInput`) naming what is no number, or out of range.
  init(_ json: JSONValue) throws(Failure) {
    func number(_ value: JSONValue?, _ name: String, upTo limit: Double) throws(Failure) -> Double {
      guard let number = value?.double, number >= 0, number <= limit else {
        throw Calibration.refuse("\(Self.key): \(name) is not a number from 0 to \(limit)")
      }
      return number
    }
    func spread(_ value: JSONValue?, _ name: String) throws(Failure) -> Spread {
      let list = value?.array ?? []
      guard list.count == 2 else { throw Calibration.refuse("\(Self.key): \(name) is not two numbers") }
      return Spread(
        median: try number(list[0], name, upTo: 1e6), most: try number(list[1], name, upTo: 1e6))
    }
    guard let pictures = json["pictures"]?.int, pictures > 0, let objects = json["faces"]?.int, objects >= 0
    else { throw Calibration.refuse("\(Self.key): there is no number of pictures or of faces") }
    self.init(
      pictures: pictures, objects: objects, differences: [:],
      hadIntegerDotProduct: json["vnni"]?.bool ?? false)
    for precision in Precision.allCases {
      guard let value = json[precision.rawValue], !value.isNull else { continue }
      differences[precision] = Difference(
        kept: try number(value["kept"], "kept", upTo: 1),
        added: try number(value["added"], "added", upTo: 1e6),
        box: try spread(value["box"], "box"), score: try spread(value["score"], "score"))
    }
  }

  /// The key's value.
  func write(to json: inout JSONWriter) {
    json.object { object in
      object.field("pictures", pictures)
      object.field("faces", objects)
      for precision in Precision.allCases {
        guard let difference = differences[precision] else { continue }
        object.key(precision.rawValue)
        object.object { fields in
          fields.field("kept", difference.kept)
          fields.field("added", difference.added)
          for (key, spread) in [("box", difference.box), ("score", difference.score)] {
            fields.key(key)
            fields.array {
              $0.value(spread.median)
              $0.value(spread.most)
            }
          }
        }
      }
      object.field("vnni", hadIntegerDotProduct)
    }
  }
}
