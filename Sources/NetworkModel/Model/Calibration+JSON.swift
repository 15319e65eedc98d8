import FrameStream
import SystemIO

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
    for views in PictureViews.allCases {
      let key = Self.accuracyKey(views)
      guard let measured = json[key], !measured.isNull else { continue }
      accuracies[views] = try Self.accuracy(measured, key)
    }
    if let measured = json[DetectionAgreement.key], !measured.isNull {
      detections = try DetectionAgreement(measured)
    }
  }

  private static func accuracyKey(_ views: PictureViews) -> String { "accuracy" + views.keySuffix }

  private static func accuracy(_ measured: JSONValue, _ key: String) throws(Failure) -> Accuracy {
    func fractions(_ object: JSONValue?) throws(Failure) -> [Precision: Double] {
      var result: [Precision: Double] = [:]
      for precision in Precision.allCases {
        guard let field = object?[precision.rawValue] else { continue }
        guard let number = field.double, (0...1).contains(number) else {
          throw refuse("\(key): \(precision.rawValue) is not a fraction")
        }
        result[precision] = number
      }
      return result
    }
    guard let count = measured["pictures"]?.int, count > 0 else {
      throw refuse("\(key): \"pictures\" is not a positive number")
    }
    return Accuracy(
      pictures: count, found: try fractions(measured), agreement: try fractions(measured["agreement"]),
      hadIntegerDotProduct: measured["vnni"]?.bool ?? false)
  }

  static func refuse(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading the calibration", cause: cause)
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
      for views in PictureViews.allCases {
        guard let accuracy = accuracies[views] else { continue }
        $0.key(Self.accuracyKey(views))
        $0.object { measured in
          measured.field("pictures", accuracy.pictures)
          write(accuracy.found, to: &measured)
          measured.key("agreement")
          measured.object { write(accuracy.agreement, to: &$0) }
          measured.field("vnni", accuracy.hadIntegerDotProduct)
        }
      }
      if let detections {
        $0.key(DetectionAgreement.key)
        detections.write(to: &$0)
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
