import FrameStream
import SystemIO

/// The range that a layer's results were seen in.
package struct ActivationRange: Sendable, Equatable {
  package var minimum: Float
  package var maximum: Float
  /// The magnitude at which to cut off, so that the mean square error of 8-bit numbers is least.
  package var limit: Float

  package init(minimum: Float, maximum: Float, limit: Float) {
    self.minimum = minimum
    self.maximum = maximum
    self.limit = limit
  }

  /// True if numbers can be made of it: finite and neither empty nor absurd.
  var isUsable: Bool {
    minimum.isFinite && maximum.isFinite && minimum <= maximum && (1e-20...1e20).contains(limit)
  }
}

/// What running a model over pictures has shown: the ranges that int8 needs, and what each precision is worth.
///
/// It is the key `calibration` of a model's `fm.json`:
///
///     {"pictures": 512, "ranges": {"conv2d": [0, 3.2, 2.9], …},
///      "input": {"scale": 1, "offset": 0, "standardize": false},
///      "accuracy": {"pictures": 3589, "f32": 0.5890, "int8": 0.5882, "agreement": {"int8": 0.991}, "vnni": false}}
///
/// A range is least, greatest, limit. It belongs to the result of the layer that it is named after, with what
/// follows at once (batch normalisation, activation) where that is computed together.
package struct Calibration: Sendable, Equatable {
  /// The accuracy of a precision on pictures with labels.
  package struct Accuracy: Sendable, Equatable {
    package var pictures: Int
    /// The fraction of pictures whose class is found.
    package var found: [Precision: Double]
    /// The fraction of pictures for which it answers as f32 does.
    package var agreement: [Precision: Double]
    /// True if int8 was measured with exact 16-bit sums (VNNI), false if with activations of seven bits.
    package var hadIntegerDotProduct: Bool

    package init(
      pictures: Int, found: [Precision: Double], agreement: [Precision: Double], hadIntegerDotProduct: Bool
    ) {
      self.pictures = pictures
      self.found = found
      self.agreement = agreement
      self.hadIntegerDotProduct = hadIntegerDotProduct
    }
  }

  /// How much accuracy `auto` lets a precision lose: 0.3 points.
  package static let tolerance = 0.003

  /// How many pictures the ranges come from.
  package var pictures: Int
  package var ranges: [String: ActivationRange]
  /// How the inputs were made that it comes from (the margin says nothing); nil in older files.
  package var input: Preprocessing?
  /// Nil if the pictures had no labels.
  package var accuracy: Accuracy?

  package init(pictures: Int, ranges: [String: ActivationRange], accuracy: Accuracy? = nil) {
    self.pictures = pictures
    self.ranges = ranges
    self.accuracy = accuracy
  }

  /// True if it is known to be for inputs made like this, or nothing is known.
  func fits(_ preprocessing: Preprocessing) -> Bool {
    guard let input else { return true }
    return input.scale == preprocessing.scale && input.offset == preprocessing.offset
      && input.standardize == preprocessing.standardize
  }

  /// True if `precision` was measured to lose no more than ``tolerance`` against f32. What int8 is worth with all
  /// bits (VNNI) says nothing of a processor where it has fewer; the other way round it does.
  package func keepsAccuracy(_ precision: Precision, on processor: ProcessorAbilities) -> Bool {
    guard let accuracy, let own = accuracy.found[precision], let float = accuracy.found[.f32] else {
      return precision == .f32
    }
    if precision == .int8, accuracy.hadIntegerDotProduct, !processor.hasIntegerDotProduct { return false }
    return own >= float - Self.tolerance
  }
}

extension Calibration {
  /// - Throws: ``Failure`` (`badInput`) if a key has a value of the wrong kind.
  package init(_ json: JSONValue) throws(Failure) {
    guard let fields = json["ranges"]?.object?.fields, let pictures = json["pictures"]?.int, pictures >= 0
    else {
      throw Self.refuse("there are no \"ranges\" or no number of \"pictures\"")
    }
    self.init(pictures: pictures, ranges: [:])
    for (name, value) in fields {
      let numbers = value.array?.compactMap(\.double) ?? []
      guard numbers.count == 3, value.array?.count == 3 else {
        throw Self.refuse("the range of \(name.prefix(80)) is not three numbers")
      }
      let range = ActivationRange(
        minimum: Float(numbers[0]), maximum: Float(numbers[1]), limit: Float(numbers[2]))
      guard range.isUsable else { throw Self.refuse("the range of \(name.prefix(80)) is out of range") }
      ranges[name] = range
    }
    if let fields = json["input"], !fields.isNull {
      guard let scale = fields["scale"]?.double, let offset = fields["offset"]?.double,
        let standardize = fields["standardize"]?.bool
      else { throw Self.refuse("\"input\" has no scale, offset and standardize") }
      input = Preprocessing(scale: Float(scale), offset: Float(offset), standardize: standardize)
    }
    guard let measured = json["accuracy"], !measured.isNull else { return }
    func fractions(_ object: JSONValue?) throws(Failure) -> [Precision: Double] {
      var result: [Precision: Double] = [:]
      for precision in Precision.allCases {
        guard let field = object?[precision.rawValue] else { continue }
        guard let number = field.double, (0...1).contains(number) else {
          throw Self.refuse("accuracy: \(precision.rawValue) is not a fraction")
        }
        result[precision] = number
      }
      return result
    }
    guard let count = measured["pictures"]?.int, count > 0 else {
      throw Self.refuse("accuracy: \"pictures\" is not a positive number")
    }
    accuracy = Accuracy(
      pictures: count, found: try fractions(measured), agreement: try fractions(measured["agreement"]),
      hadIntegerDotProduct: measured["vnni"]?.bool ?? false)
  }

  private static func refuse(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading the calibration", subject: "member fm.json", cause: cause)
  }

  /// The value of the key `calibration`; ranges in the order of their names, so that the same makes the same bytes.
  func json() throws(Failure) -> JSONValue {
    var writer = JSONWriter()
    writer.object {
      $0.field("pictures", pictures)
      $0.key("ranges")
      $0.object { list in
        for (name, range) in ranges.sorted(by: { $0.key < $1.key }) {
          list.key(name)
          list.array { for value in [range.minimum, range.maximum, range.limit] { $0.value(value) } }
        }
      }
      if let input {
        $0.key("input")
        $0.object { fields in
          fields.field("scale", input.scale)
          fields.field("offset", input.offset)
          fields.field("standardize", input.standardize)
        }
      }
      guard let accuracy else { return }
      $0.key("accuracy")
      $0.object { measured in
        measured.field("pictures", accuracy.pictures)
        write(accuracy.found, to: &measured)
        measured.key("agreement")
        measured.object { write(accuracy.agreement, to: &$0) }
        measured.field("vnni", accuracy.hadIntegerDotProduct)
      }
    }
    return try JSONValue(JSONText(parsing: writer.bytes))
  }

  private func write(_ values: [Precision: Double], to json: inout JSONWriter) {
    for precision in Precision.allCases {
      guard let value = values[precision] else { continue }
      json.field(precision.rawValue, value)
    }
  }
}

extension ExpressionModel {
  /// What the file says of its calibration; nil if nothing.
  /// - Throws: ``Failure`` (`badInput`) if it is not understood.
  package func calibration() throws(Failure) -> Calibration? {
    guard let json = information["calibration"], !json.isNull else { return nil }
    return try Calibration(json)
  }

  /// Keeps a calibration, made with the model's own preprocessing, in place of an earlier one.
  /// - Throws: ``Failure`` (`failed`) if a number in it is none.
  package mutating func setCalibration(_ calibration: Calibration?) throws(Failure) {
    var calibration = calibration
    calibration?.input = information.preprocessing ?? Preprocessing()
    calibration?.input?.margin = 0
    let json = try calibration?.json()
    information.others.removeAll { $0.key == "calibration" }
    if let json { information.others.append(("calibration", json)) }
  }
}
