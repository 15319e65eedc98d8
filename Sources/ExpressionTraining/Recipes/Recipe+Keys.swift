import FrameStream
import NetworkModel
import NetworkTraining
import PictureData
import SystemIO

extension Recipe {
  /// One hyper-parameter by the name it has in files.
  package struct Key: Sendable {
    /// The key in files.
    package let name: String
    let write: @Sendable (Recipe, inout JSONWriter) -> Void
    let read: @Sendable (inout Recipe, JSONValue) throws(Failure) -> Void
    /// Whether its values are whole numbers, so that a search draws such.
    private(set) var isWhole = false

    init(
      name: String, write: @escaping @Sendable (Recipe, inout JSONWriter) -> Void,
      read: @escaping @Sendable (inout Recipe, JSONValue) throws(Failure) -> Void
    ) {
      self.name = name
      self.write = write
      self.read = read
    }
  }

  typealias Path<Value> = any WritableKeyPath<Recipe, Value> & Sendable

  /// All of them, in the order in which they are written.
  package static let keys: [Key] = [
    .whole("epochs", \.epochs, 1...100_000), .whole("batch_size", \.batchSize, 1...4096),
    .whole("seed", \.seed, 0...Int.max),
    .choice("architecture", \.architecture.name), .wholes("filters", \.architecture.filters, 1...4096),
    .wholes("kernels", \.architecture.kernels, 1...63),
    .wholes("dense_units", \.architecture.denseUnits, 1...65_536),
    .optional("dropout", \.architecture.dropout, 0...0.95), .whole("size", \.size, 4...1024),
    .text("from", \.from), .flag("from_scratch", \.fromScratch),
    .text("initializer", \.initializer, among: Initializer.all.map(\.name)),
    .choice("precision", \.precision), .choice("optimizer", \.optimizer),
    .optional("learning_rate", \.learningRate, 1e-12...1000), .optional("momentum", \.momentum, 0...0.9999),
    .flag("nesterov", \.nesterov), .number("beta_1", \.beta1, 0...0.999999),
    .number("beta_2", \.beta2, 0...0.999999), .number("epsilon", \.epsilon, 1e-12...1),
    .optional("weight_decay", \.weightDecay, 0...1), .number("l2", \.l2, 0...1),
    .optional("clip_norm", \.clipNorm, 1e-6...1e6), .choice("schedule", \.schedule),
    .number("warm_up", \.warmUp, 0...10_000), .whole("step_epochs", \.stepEpochs, 1...100_000),
    .number("factor", \.factor, 1e-6...1), .whole("patience", \.patience, 1...100_000),
    .number("label_smoothing", \.labelSmoothing, 0...0.99), .classWeights,
    .texts("teacher", \.teachers, most: 16), .number("teacher_temperature", \.teacherTemperature, 0.1...100),
    .number("teacher_weight", \.teacherWeight, 0...1),
    .augmentation, .whole("crop", \.crop, 0...1024),
    .optionalFlag("standardize", \.standardize), .optional("input_scale", \.inputScale, -1e6...1e6),
    .optional("input_offset", \.inputOffset, -1e6...1e6),
    .optional("margin", \.margin, Preprocessing.margins),
    .number("average", \.average, 0...0.999999),
    .whole("early_stopping", \.earlyStopping, 0...100_000),
  ]

  /// Those that define a new network: they have no effect on one that comes from a file.
  static let architectureKeys: Set<String> = [
    "architecture", "filters", "kernels", "dense_units", "dropout",
  ]

  /// Short names for parts of `augmentation`: for the command line, and for files that need no more.
  package static let augmentationKeys: [Key] = [
    .flag("flip", \.flip), .single("rotation", \.augmentation.rotation, 0...180),
    .single("zoom", \.zoom, 0...0.9), .single("shift", \.augmentation.shift, 0...1),
    .single("brightness", \.augmentation.brightness, 0...1),
    .single("contrast", \.augmentation.contrast, 0...1),
    .single("erasing", \.augmentation.erasing.probability, 0...1),
    .single("blur", \.augmentation.blur.probability, 0...1),
    .single("downscale", \.augmentation.downscale.probability, 0...1),
    .single("detector_boxes", \.augmentation.detectorBoxes, 0...1),
    .single("low_light", \.augmentation.lowLight.probability, 0...1),
    .single("haze", \.augmentation.haze.probability, 0...1),
    .single("compression", \.augmentation.compression.probability, 0...1),
    .single("mixup", \.augmentation.mixup, 0...100),
  ]

  /// Sets one value by its name.
  /// - Throws: ``Failure`` (`usage`) for an unknown name, a value of the wrong type, or one out of range.
  package mutating func set(_ name: String, to value: JSONValue) throws(Failure) {
    let all = Self.keys + Self.augmentationKeys
    guard let key = all.first(where: { $0.name == name }) else {
      let near = all.map(\.name).filter { $0.hasPrefix(name.prefix(3)) }
      let hint = near.isEmpty ? "" : " (there is \(near.joined(separator: ", ")))"
      throw Failure(.usage, step: "", subject: name, cause: "no such hyper-parameter\(hint)")
    }
    try key.read(&self, value)
  }
}

extension Recipe.Key {
  static func refuse(_ name: String, _ cause: String) -> Failure {
    Failure(.usage, step: "", subject: name, cause: cause)
  }

  static func whole(_ name: String, _ path: Recipe.Path<Int>, _ range: ClosedRange<Int>) -> Self {
    var key = Self(name: name) {
      $1.value($0[keyPath: path])
    } read: { (recipe, value) throws(Failure) in
      guard let number = value.int, range.contains(number) else {
        let limit = range.upperBound == .max ? "at least \(range.lowerBound)" : "from \(text(range))"
        throw refuse(name, "must be a whole number \(limit)")
      }
      recipe[keyPath: path] = number
    }
    key.isWhole = true
    return key
  }

  static func number(_ name: String, _ path: Recipe.Path<Double>, _ range: ClosedRange<Double>) -> Self {
    Self(name: name) {
      $1.value($0[keyPath: path])
    } read: { (recipe, value) throws(Failure) in
      guard let number = value.double, range.contains(number) else {
        throw refuse(name, "must be a number from \(text(range))")
      }
      recipe[keyPath: path] = number
    }
  }

  static func single(_ name: String, _ path: Recipe.Path<Float>, _ range: ClosedRange<Float>) -> Self {
    Self(name: name) {
      $1.value($0[keyPath: path])
    } read: { (recipe, value) throws(Failure) in
      guard let number = value.double.map({ Float($0) }), range.contains(number) else {
        throw refuse(name, "must be a number from \(text(range))")
      }
      recipe[keyPath: path] = number
    }
  }

  /// The object that ``Augmentation/init(json:)`` reads.
  static let augmentation = Self(name: "augmentation") { recipe, json in
    recipe.augmentation.write(to: &json)
  } read: { (recipe, value) throws(Failure) in
    do throws(Failure) { recipe.augmentation = try Augmentation(json: value) } catch {
      throw error.within("augmentation")
    }
  }

  /// A number that may be null, which is the default.
  static func optional(_ name: String, _ path: Recipe.Path<Double?>, _ range: ClosedRange<Double>) -> Self {
    Self(name: name) { recipe, json in
      if let number = recipe[keyPath: path] { json.value(number) } else { json.null() }
    } read: { (recipe, value) throws(Failure) in
      if value.isNull {
        recipe[keyPath: path] = nil
        return
      }
      guard let number = value.double, range.contains(number) else {
        throw refuse(name, "must be a number from \(text(range)), or null")
      }
      recipe[keyPath: path] = number
    }
  }

  static func flag(_ name: String, _ path: Recipe.Path<Bool>) -> Self {
    Self(name: name) {
      $1.value($0[keyPath: path])
    } read: { (recipe, value) throws(Failure) in
      guard let flag = value.bool else { throw refuse(name, "must be true or false") }
      recipe[keyPath: path] = flag
    }
  }

  /// True, false, or null, which is the default.
  static func optionalFlag(_ name: String, _ path: Recipe.Path<Bool?>) -> Self {
    Self(name: name) { recipe, json in
      if let flag = recipe[keyPath: path] { json.value(flag) } else { json.null() }
    } read: { (recipe, value) throws(Failure) in
      guard value.isNull || value.bool != nil else { throw refuse(name, "must be true, false or null") }
      recipe[keyPath: path] = value.bool
    }
  }

  static func choice<Value: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ name: String, _ path: Recipe.Path<Value>
  ) -> Self {
    Self(name: name) {
      $1.value($0[keyPath: path].rawValue)
    } read: { (recipe, value) throws(Failure) in
      guard let choice = value.string.flatMap({ Value(rawValue: $0) }) else {
        let names = Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw refuse(name, "must be one of \(names)")
      }
      recipe[keyPath: path] = choice
    }
  }

  static func text(_ name: String, _ path: Recipe.Path<String?>, among names: [String]? = nil) -> Self {
    Self(name: name) { recipe, json in
      if let text = recipe[keyPath: path] { json.value(text) } else { json.null() }
    } read: { (recipe, value) throws(Failure) in
      if value.isNull {
        recipe[keyPath: path] = nil
        return
      }
      guard let text = value.string, names?.contains(text) ?? !text.isEmpty else {
        let kind = names.map { "one of " + $0.joined(separator: ", ") } ?? "a string"
        throw refuse(name, "must be \(kind), or null")
      }
      recipe[keyPath: path] = text
    }
  }

  /// A list of texts, or a single one; null for none.
  static func texts(_ name: String, _ path: Recipe.Path<[String]>, most: Int) -> Self {
    Self(name: name) { recipe, json in
      let texts = recipe[keyPath: path]
      guard !texts.isEmpty else { return json.null() }
      json.array { list in for text in texts { list.value(text) } }
    } read: { (recipe, value) throws(Failure) in
      if value.isNull {
        recipe[keyPath: path] = []
        return
      }
      let texts = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
      guard !texts.isEmpty, texts.count == value.array?.count ?? 1, texts.count <= most,
        texts.allSatisfy({ !$0.isEmpty })
      else { throw refuse(name, "must be a string, a list of at most \(most) strings, or null") }
      recipe[keyPath: path] = texts
    }
  }

  static func wholes(_ name: String, _ path: Recipe.Path<[Int]?>, _ range: ClosedRange<Int>) -> Self {
    Self(name: name) { recipe, json in
      guard let numbers = recipe[keyPath: path] else { return json.null() }
      json.array { list in for number in numbers { list.value(number) } }
    } read: { (recipe, value) throws(Failure) in
      if value.isNull {
        recipe[keyPath: path] = nil
        return
      }
      let numbers = value.array?.compactMap(\.int) ?? []
      guard !numbers.isEmpty, numbers.count == value.array?.count, numbers.count <= 64,
        numbers.allSatisfy(range.contains)
      else { throw refuse(name, "must be a list of whole numbers from \(text(range)), or null") }
      recipe[keyPath: path] = numbers
    }
  }

  private static func text<Bound>(_ range: ClosedRange<Bound>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }
}
