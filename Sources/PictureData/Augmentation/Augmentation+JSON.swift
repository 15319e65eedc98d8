import FrameStream
import SystemIO

extension Augmentation {
  /// Reads the `augmentation` object of a recipe. Keys that are left out keep their defaults.
  ///
  /// `flip`, `rotation`, `scale` ([low, high]), `shift`, `brightness`, `contrast`, `detector_boxes`, `mixup`,
  /// `crop_margin`; `erasing` {`probability`, `area`, `aspect`, `fill`}, `blur` {`probability`, `sigma`}, `downscale`
  /// {`probability`, `factor`}, `low_light` {`probability`, `gain`, `noise`}, `haze` {`probability`, `share`, `gray`},
  /// `compression` {`probability`, `quality`}. `"flip": true` means every other picture.
  /// - Throws: ``Failure`` (`badInput`) that names the key that is unknown, repeated, of the wrong type or out of
  ///   range.
  package init(json: JSONValue) throws(Failure) {
    self.init()
    try AugmentationFields(json, "").fields { (key, value) throws(Failure) in
      switch key {
      case "flip": flip = if let isOn = value.bool { isOn ? 0.5 : 0 } else { try value.number(0...1) }
      case "rotation": rotation = try value.number(0...180)
      case "scale": scale = try value.range(0.1...10)
      case "shift": shift = try value.number(0...1)
      case "brightness": brightness = try value.number(0...1)
      case "contrast": contrast = try value.number(0...1)
      case "detector_boxes": detectorBoxes = try value.number(0...1)
      case "mixup": mixup = try value.number(0...100)
      case "crop_margin": cropMargin = try value.whole(0...1024)
      case "erasing":
        try value.fields { (key, value) throws(Failure) in
          switch key {
          case "probability": erasing.probability = try value.number(0...1)
          case "area": erasing.area = try value.range(0.001...1)
          case "aspect": erasing.aspect = try value.range(0.01...100)
          case "fill": erasing.fill = try value.choice()
          default: throw value.unknown
          }
        }
      case "blur":
        try value.fields { (key, value) throws(Failure) in
          switch key {
          case "probability": blur.probability = try value.number(0...1)
          case "sigma": blur.sigma = try value.range(0.1...8)
          default: throw value.unknown
          }
        }
      case "downscale":
        try value.fields { (key, value) throws(Failure) in
          switch key {
          case "probability": downscale.probability = try value.number(0...1)
          case "factor": downscale.factor = try value.range(0.05...1)
          default: throw value.unknown
          }
        }
      case "low_light":
        try value.fields { (key, value) throws(Failure) in
          switch key {
          case "probability": lowLight.probability = try value.number(0...1)
          case "gain": lowLight.gain = try value.range(0.01...1)
          case "noise": lowLight.noise = try value.range(0...64)
          default: throw value.unknown
          }
        }
      case "haze":
        try value.fields { (key, value) throws(Failure) in
          switch key {
          case "probability": haze.probability = try value.number(0...1)
          case "share": haze.share = try value.range(0...1)
          case "gray": haze.gray = try value.range(0...255)
          default: throw value.unknown
          }
        }
      case "compression":
        try value.fields { (key, value) throws(Failure) in
          switch key {
          case "probability": compression.probability = try value.number(0...1)
          case "quality": compression.quality = try value.range(1...100)
          default: throw value.unknown
          }
        }
      default: throw value.unknown
      }
    }
  }

  /// Writes the object that ``init(json:)`` reads, with every key.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.field("flip", flip)
      json.field("rotation", rotation)
      json.field("scale", scale)
      json.field("shift", shift)
      json.field("brightness", brightness)
      json.field("contrast", contrast)
      json.key("erasing")
      json.object { json in
        json.field("probability", erasing.probability)
        json.field("area", erasing.area)
        json.field("aspect", erasing.aspect)
        json.field("fill", erasing.fill.rawValue)
      }
      json.key("blur")
      json.object { json in
        json.field("probability", blur.probability)
        json.field("sigma", blur.sigma)
      }
      json.key("downscale")
      json.object { json in
        json.field("probability", downscale.probability)
        json.field("factor", downscale.factor)
      }
      json.field("detector_boxes", detectorBoxes)
      json.key("low_light")
      json.object { json in
        json.field("probability", lowLight.probability)
        json.field("gain", lowLight.gain)
        json.field("noise", lowLight.noise)
      }
      json.key("haze")
      json.object { json in
        json.field("probability", haze.probability)
        json.field("share", haze.share)
        json.field("gray", haze.gray)
      }
      json.key("compression")
      json.object { json in
        json.field("probability", compression.probability)
        json.field("quality", compression.quality)
      }
      json.field("mixup", mixup)
      json.field("crop_margin", cropMargin)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func field(_ key: StaticString, _ range: ClosedRange<Float>) {
    self.key(key)
    array {
      $0.value(range.lowerBound)
      $0.value(range.upperBound)
    }
  }
}

/// An object of the recipe with the way to it, for messages.
private struct AugmentationFields {
  let path: String
  let value: JSONValue

  init(_ value: JSONValue, _ path: String) {
    self.value = value
    self.path = path
  }

  func failure(_ cause: String) -> Failure {
    Failure(
      .badInput, step: "bad augmentation", subject: path.isEmpty ? "" : "\"\(path)\"", cause: cause)
  }

  var unknown: Failure { failure("there is no such key") }

  var bool: Bool? { value.bool }

  func fields(_ body: (String, AugmentationFields) throws(Failure) -> Void) throws(Failure) {
    guard let object = value.object else { throw failure("it is not an object") }
    var seen: Set<String> = []
    for (key, value) in object.fields {
      let name = path.isEmpty ? key : path + "." + key
      let field = AugmentationFields(value, String(name.prefix(100)))
      guard seen.insert(key).inserted else { throw field.failure("it appears twice") }
      try body(key, field)
    }
  }

  func number(_ limits: ClosedRange<Float>) throws(Failure) -> Float {
    guard let number = value.double else { throw failure("it is not a number") }
    let value = Float(number)
    guard limits.contains(value) else {
      throw failure("\(number) is not from \(limits.lowerBound) to \(limits.upperBound)")
    }
    return value
  }

  func whole(_ limits: ClosedRange<Int>) throws(Failure) -> Int {
    guard let number = value.int, limits.contains(number) else {
      throw failure("it is not a whole number from \(limits.lowerBound) to \(limits.upperBound)")
    }
    return number
  }

  func range(_ limits: ClosedRange<Float>) throws(Failure) -> ClosedRange<Float> {
    guard let ends = value.array, ends.count == 2 else { throw failure("it is not [low, high]") }
    let low = try AugmentationFields(ends[0], path).number(limits)
    let high = try AugmentationFields(ends[1], path).number(limits)
    guard low <= high else { throw failure("\(low) is more than \(high)") }
    return low...high
  }

  func choice<Choice: RawRepresentable & CaseIterable>() throws(Failure) -> Choice
  where Choice.RawValue == String {
    guard let name = value.string, let choice = Choice(rawValue: name) else {
      throw failure("it must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }
}
