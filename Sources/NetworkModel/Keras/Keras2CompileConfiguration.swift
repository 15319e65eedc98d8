import FrameStream
import SystemIO

/// Translates how a model was compiled from Keras 2's words to Keras 3's.
///
/// Keras 2 writes it as the attribute `training_config` of a whole-model HDF5 file, Keras 3 too when it writes such a
/// file, and late Keras 2 as `compile_config` of its archives. What has no equal is not guessed at.
struct Keras2CompileConfiguration {
  /// A value, or its equivalent in Keras 3.
  fileprivate indirect enum Part {
    case value(JSONValue)
    /// Keras is particular about some numbers' decimal point.
    case number(Double)
    case list([Part])
    case object(module: String, name: String, [(key: String, value: Part)])
  }

  private let json: JSONValue

  /// - Parameter json: `training_config`, or `compile_config`.
  init(_ json: JSONValue) { self.json = json }

  /// Keras 3's `compile_config`.
  /// - Throws: ``Failure`` (`badInput`) whose cause names what has no equal.
  func translated() throws(Failure) -> JSONValue {
    guard let optimizer = json["optimizer_config"] ?? json["optimizer"], !optimizer.isNull else {
      throw Self.refuse("a model without an optimizer")
    }
    if let weights = json["loss_weights"], !Self.areOne(weights) { throw Self.refuse("loss_weights") }
    if let mode = json["sample_weight_mode"], !(mode.array ?? [mode]).allSatisfy(\.isNull) {
      throw Self.refuse("sample_weight_mode")
    }
    let parts: [(key: String, value: Part)] = [
      ("optimizer", try Self.optimizer(optimizer)), ("loss", try Self.loss(json["loss"] ?? .null)),
      ("loss_weights", .value(.null)), ("metrics", try Self.metrics(json["metrics"] ?? .null)),
      ("weighted_metrics", try Self.metrics(json["weighted_metrics"] ?? .null)),
      ("run_eagerly", .value(.bool(false))), ("jit_compile", .value(.bool(false))),
    ]
    var writer = JSONWriter()
    writer.object { writer in
      for (key, value) in parts {
        writer.key(key)
        writer.value(value)
      }
    }
    return try JSONValue(JSONText(parsing: writer.bytes))
  }

  fileprivate static func refuse(_ cause: String) -> Failure {
    Failure(.badInput, step: "compilation", cause: cause)
  }

  /// What is said of the only output: a list of one, or an object whose one key is the output's name.
  private static func single(_ json: JSONValue) -> JSONValue {
    if let list = json.array, list.count == 1 { return list[0] }
    if let fields = json.object?.fields, fields.count == 1, json["class_name"] == nil {
      return fields[0].value
    }
    return json
  }

  /// True for the weights of one loss that change nothing.
  private static func areOne(_ json: JSONValue) -> Bool {
    json.isNull || json.array?.isEmpty == true || single(json).isNull || single(json).double == 1
  }
}

// MARK: - Classes

extension Keras2CompileConfiguration {
  /// `Adam` of `Adam`, `Custom>Adam` or `keras.optimizers.Adam`, by the spelling that Keras 3 has.
  private static func className(_ json: JSONValue, in classes: [String: Set<String>], _ what: String)
    throws(Failure) -> String
  {
    guard let text = json["class_name"]?.string ?? json.string else { throw refuse("\(what) without a name") }
    let name = text.split { $0 == ">" || $0 == "." }.last.map(String.init) ?? ""
    guard let known = classes.keys.first(where: { $0.lowercased() == name.lowercased() }) else {
      throw refuse("\(what) \(text)")
    }
    return known
  }

  /// The arguments of a class; one that it does not take must be among `dropped`.
  private static func arguments(
    _ configuration: JSONValue, _ known: Set<String>, dropping dropped: Set<String>, of name: String
  ) throws(Failure) -> [(key: String, value: Part)] {
    var arguments: [(key: String, value: Part)] = []
    for (key, value) in configuration.object?.fields ?? [] where !dropped.contains(key) {
      guard known.contains(key) else { throw refuse("\(key) of \(name)") }
      arguments.append((key, .value(value)))
    }
    return arguments
  }
}

// MARK: - Optimizers

extension Keras2CompileConfiguration {
  private static let optimizerArguments: [String: Set<String>] = [
    "Adam": ["beta_1", "beta_2", "epsilon", "amsgrad"], "AdamW": ["beta_1", "beta_2", "epsilon", "amsgrad"],
    "SGD": ["momentum", "nesterov"], "RMSprop": ["rho", "momentum", "epsilon", "centered"],
    "Adagrad": ["initial_accumulator_value", "epsilon"], "Adadelta": ["rho", "epsilon"],
    "Adamax": ["beta_1", "beta_2", "epsilon"],
  ]
  /// The arguments of all of them.
  private static let common: Set<String> = [
    "name", "learning_rate", "weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "use_ema",
    "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps",
  ]
  private static let scheduleArguments: [String: Set<String>] = [
    "ExponentialDecay": ["initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name"],
    "InverseTimeDecay": ["initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name"],
    "PiecewiseConstantDecay": ["boundaries", "values", "name"],
    "PolynomialDecay": [
      "initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle", "name",
    ],
    "CosineDecay": [
      "initial_learning_rate", "decay_steps", "alpha", "warmup_target", "warmup_steps", "name",
    ],
    "CosineDecayRestarts": ["initial_learning_rate", "first_decay_steps", "t_mul", "m_mul", "alpha", "name"],
  ]

  private static func optimizer(_ json: JSONValue) throws(Failure) -> Part {
    let name = try className(json, in: optimizerArguments, "optimizer")
    let configuration = json["config"] ?? .null
    var arguments = try arguments(
      configuration, common.union(optimizerArguments[name] ?? []),
      dropping: ["lr", "decay", "learning_rate", "jit_compile", "is_legacy_optimizer"], of: name)
    // Before Keras was a part of TensorFlow, optimizers had no names, a norm bounded all gradients together, an epsilon
    // that nobody gave was Keras's own, and Adagrad began with nothing.
    let isOldest = configuration["name"] == nil
    for index in arguments.indices {
      let value = configuration[arguments[index].key] ?? .null
      switch arguments[index].key {
      case "clipnorm" where isOldest: arguments[index].key = "global_clipnorm"
      case "epsilon" where value.isNull: arguments[index].value = .number(1e-7)
      case "momentum": arguments[index].value = .number(value.double ?? 0)
      case "weight_decay" where name == "AdamW" && value.isNull: throw refuse("AdamW without weight_decay")
      default: break
      }
    }
    let bounds = ["clipnorm", "global_clipnorm", "clipvalue"].filter { configuration[$0]?.isNull == false }
    guard bounds.count < 2 else { throw refuse(bounds.joined(separator: " with ")) }
    if name == "Adagrad", isOldest, configuration["initial_accumulator_value"] == nil {
      arguments.append(("initial_accumulator_value", .number(0)))
    }
    if let rate = try learningRate(configuration) { arguments.append(("learning_rate", rate)) }
    return .object(module: "keras.optimizers", name: name, arguments)
  }

  /// The learning rate with its decay, rate / (1 + decay·step), which is a schedule in Keras 3; nil if the class's own
  /// is meant.
  private static func learningRate(_ configuration: JSONValue) throws(Failure) -> Part? {
    let decay = configuration["decay"]?.double ?? 0
    guard let rate = configuration["learning_rate"] ?? configuration["lr"] else {
      guard decay == 0 else { throw refuse("decay without a learning rate") }
      return nil
    }
    if rate["class_name"] != nil {
      let name = try className(rate, in: scheduleArguments, "schedule")
      guard decay == 0 else { throw refuse("decay of \(name)") }
      let arguments = try arguments(
        rate["config"] ?? .null, scheduleArguments[name] ?? [], dropping: [], of: name)
      return .object(module: "keras.optimizers.schedules", name: name, arguments)
    }
    guard rate.double != nil else { throw refuse("a learning rate that is not a number") }
    if decay == 0 { return .value(rate) }
    return .object(
      module: "keras.optimizers.schedules", name: "InverseTimeDecay",
      [
        ("initial_learning_rate", .value(rate)), ("decay_steps", .number(1)), ("decay_rate", .number(decay)),
        ("staircase", .value(.bool(false))),
      ])
  }
}

// MARK: - Losses and metrics

extension Keras2CompileConfiguration {
  private static let lossArguments: [String: Set<String>] = [
    "CategoricalCrossentropy": ["from_logits", "label_smoothing", "axis"],
    "BinaryCrossentropy": ["from_logits", "label_smoothing", "axis"],
    "CategoricalFocalCrossentropy": ["alpha", "gamma", "from_logits", "label_smoothing", "axis"],
    "SparseCategoricalCrossentropy": ["from_logits", "ignore_class"],
    "MeanSquaredError": [], "MeanAbsoluteError": [], "KLDivergence": [],
  ]
  /// Functions of one name in both.
  private static let functions: Set<String> = [
    "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy",
    "categorical_focal_crossentropy", "mean_squared_error", "mse", "mean_absolute_error", "mae", "hinge",
    "squared_hinge", "categorical_hinge", "poisson", "kl_divergence",
  ]
  private static let renamedFunctions = [
    "kullback_leibler_divergence": "kl_divergence", "kld": "kl_divergence", "logcosh": "log_cosh",
    "acc": "accuracy",
  ]
  private static let metricArguments: [String: Set<String>] = [
    "CategoricalAccuracy": [], "SparseCategoricalAccuracy": [], "BinaryAccuracy": ["threshold"],
    "TopKCategoricalAccuracy": ["k"], "SparseTopKCategoricalAccuracy": ["k"],
    "MeanSquaredError": [], "MeanAbsoluteError": [],
    "Precision": ["thresholds", "top_k", "class_id"], "Recall": ["thresholds", "top_k", "class_id"],
    "F1Score": ["average", "threshold"],
    "AUC": [
      "num_thresholds", "curve", "summation_method", "multi_label", "num_labels", "label_weights",
      "from_logits", "thresholds",
    ],
  ]
  private static let metricFunctions: Set<String> = [
    "accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "binary_accuracy",
    "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy",
  ]

  private static func loss(_ given: JSONValue) throws(Failure) -> Part {
    let json = single(given)
    if json.isNull { return .value(.null) }
    if let text = json.string, text.first?.isLowercase == true {
      let name = renamedFunctions[text] ?? text
      guard functions.contains(name) || name == "log_cosh" else { throw refuse("loss \(text)") }
      return .value(.string(name))
    }
    let name = try className(json, in: lossArguments, "loss")
    let configuration = json["config"] ?? .null
    // Along the last axis, which is the only one.
    if name == "SparseCategoricalCrossentropy", let axis = configuration["axis"], axis.int != -1 {
      throw refuse("axis of \(name)")
    }
    let dropped: Set<String> =
      name == "SparseCategoricalCrossentropy" ? ["fn", "dtype", "axis"] : ["fn", "dtype"]
    var arguments = try arguments(
      configuration, (lossArguments[name] ?? []).union(["name", "reduction"]), dropping: dropped, of: name)
    for index in arguments.indices where arguments[index].key == "reduction" {
      if configuration["reduction"]?.string == "auto" {
        arguments[index].value = .value(.string("sum_over_batch_size"))
      }
    }
    return .object(module: "keras.losses", name: name, arguments)
  }

  private static func metrics(_ given: JSONValue) throws(Failure) -> Part {
    // An object's or a list's only entry is the list of the only output; one metric may replace its list.
    var list = given.array == nil ? single(given) : given
    if let lists = list.array, lists.count == 1, lists[0].array != nil { list = lists[0] }
    if list.isNull || list.array?.isEmpty == true { return .value(.null) }
    var parts: [Part] = []
    for metric in list.array ?? [list] { parts.append(try self.metric(metric)) }
    return .list(parts)
  }

  private static func metric(_ json: JSONValue) throws(Failure) -> Part {
    if let text = json.string, text.first?.isLowercase == true {
      let name = renamedFunctions[text] ?? text
      guard metricFunctions.contains(name) || functions.contains(name) else { throw refuse("metric \(text)") }
      return .value(.string(name))
    }
    let configuration = json["config"] ?? .null
    var named = json
    // An average of a function has the class that is called as the function is.
    if json["class_name"]?.string == "MeanMetricWrapper" {
      let function = configuration["fn"]?.string ?? configuration["fn"]?["config"]?.string ?? ""
      named = .string(function.filter { $0 != "_" })
    }
    let name = try className(named, in: metricArguments, "metric")
    return .object(
      module: "keras.metrics", name: name,
      try arguments(
        configuration, (metricArguments[name] ?? []).union(["name"]), dropping: ["fn", "dtype"], of: name))
  }
}

extension JSONWriter {
  fileprivate mutating func value(_ part: Keras2CompileConfiguration.Part) {
    switch part {
    case .value(let value): self.value(value)
    case .number(let number): self.value(number)
    case .list(let parts): array { list in for part in parts { list.value(part) } }
    case .object(let module, let name, let arguments):
      object { object in
        object.field("module", module)
        object.field("class_name", name)
        object.key("config")
        object.object { configuration in
          for (key, value) in arguments {
            configuration.key(key)
            configuration.value(value)
          }
        }
        object.key("registered_name")
        object.null()
      }
    }
  }
}
