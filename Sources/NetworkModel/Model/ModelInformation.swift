import FrameStream
import SystemIO

/// The member `fm.json` of a model file: what Keras does not store. Keras itself ignores it.
///
///     {"fm_model": 1, "classes": ["angry", …], "preprocessing": {"input_scale": 1, "input_offset": 0, "margin": 0.1},
///      "temperature": 1.4, "temperature_flip": 1.3, "history": […], "calibration": {…}, "provenance": {…}}
///
/// Every key but `fm_model` may be absent; keys that are not known are kept.
package struct ModelInformation: Sendable {
  /// Class names in the order of the network's outputs.
  package var classes: [String]?
  /// How faces become inputs; nil if the file does not say.
  package var preprocessing: Preprocessing?
  /// What the logits are divided by before softmax (``SoftmaxTemperature``), positive and finite, for each of the views
  /// that it was measured for.
  package var temperatures: [PictureViews: Double] = [:]
  /// Everything else as it was read: `history`, `calibration`, `provenance`…
  package var others: [(key: String, value: JSONValue)] = []

  /// Information for a model made here.
  package init(classes: [String]? = nil, preprocessing: Preprocessing? = nil) {
    self.classes = classes
    self.preprocessing = preprocessing
  }

  /// - Throws: ``Failure`` (`badInput`) if a known key has a value of the wrong kind.
  package init(parsing bytes: UnsafeRawBufferPointer) throws(Failure) {
    let json = try JSONValue(parsing: bytes)
    guard let fields = json.object?.fields, json["fm_model"]?.int == 1 else {
      throw Self.refuse("not an object with \"fm_model\": 1")
    }
    for (key, value) in fields where key != "fm_model" {
      switch key {
      case "classes":
        let names = value.array?.compactMap(\.string) ?? []
        guard !names.isEmpty, names.count == value.array?.count, Set(names).count == names.count else {
          throw Self.refuse("classes is not a list of different names")
        }
        classes = names
      case "preprocessing":
        func number(_ key: String, else standard: Double) throws(Failure) -> Double {
          guard let field = value[key] else { return standard }
          guard let number = field.double, number.magnitude < 1e9 else {
            throw Self.refuse("preprocessing: \(key) is not a number")
          }
          return number
        }
        let margin = try number("margin", else: 0)
        guard Preprocessing.margins.contains(margin) else {
          throw Self.refuse("preprocessing: margin is not in -0.45…10")
        }
        preprocessing = Preprocessing(
          scale: Float(try number("input_scale", else: 1)),
          offset: Float(try number("input_offset", else: 0)),
          margin: margin, standardize: value["standardize"]?.bool ?? false)
      default:
        guard let views = PictureViews.allCases.first(where: { key == Self.temperatureKey($0) }) else {
          others.append((key, value))
          continue
        }
        if value.isNull { continue }
        guard let number = value.double, number > 0 else {
          throw Self.refuse("\(key) is not a number above 0")
        }
        temperatures[views] = number
      }
    }
  }

  private static func temperatureKey(_ views: PictureViews) -> String { "temperature" + views.keySuffix }

  private static func refuse(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading the model's information", cause: cause)
  }

  /// The value of a key that is not known here.
  package subscript(key: String) -> JSONValue? { others.first { $0.key == key }?.value }

  /// The member's text.
  package func encoded() -> [UInt8] {
    var writer = JSONWriter()
    writer.object {
      $0.field("fm_model", 1)
      if let classes {
        $0.key("classes")
        $0.array { list in for name in classes { list.value(name) } }
      }
      if let preprocessing {
        $0.key("preprocessing")
        $0.object {
          $0.field("input_scale", preprocessing.scale)
          $0.field("input_offset", preprocessing.offset)
          $0.field("margin", preprocessing.margin)
          if preprocessing.standardize {
            $0.field("standardize", true)
          }
        }
      }
      for views in PictureViews.allCases {
        guard let temperature = temperatures[views] else { continue }
        $0.key(Self.temperatureKey(views))
        $0.value(temperature)
      }
      for (key, value) in others {
        $0.field(key, value)
      }
    }
    return writer.bytes
  }
}
