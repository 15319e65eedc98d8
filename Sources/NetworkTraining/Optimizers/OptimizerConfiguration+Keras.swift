import FrameStream
import SystemIO

extension OptimizerConfiguration {
  /// Writes the keys of Keras's `get_config()`.
  func write(to writer: inout JSONWriter, learningRate: Float) {
    func nothing(_ key: String) {
      writer.key(key)
      writer.null()
    }
    func number(_ key: String, _ value: Float?) {
      guard let value else { return nothing(key) }
      writer.field(key, value)
    }
    func flag(_ key: String, _ value: Bool) {
      writer.field(key, value)
    }
    writer.field("name", algorithm.kerasName)
    number("learning_rate", learningRate)
    // Keras's AdamW takes no null.
    number("weight_decay", weightDecay == 0 && algorithm.defaultWeightDecay == nil ? nil : weightDecay)
    var bounds: (norm: Float?, value: Float?, global: Float?)
    switch clipping {
    case nil: break
    case .norm(let limit): bounds.norm = limit
    case .value(let limit): bounds.value = limit
    case .globalNorm(let limit): bounds.global = limit
    }
    writer.field("clipnorm", orNull: bounds.norm)
    writer.field("global_clipnorm", orNull: bounds.global)
    writer.field("clipvalue", orNull: bounds.value)
    writer.field("use_ema", false)
    writer.field("ema_momentum", 0.99)
    nothing("ema_overwrite_frequency")
    nothing("loss_scale_factor")
    nothing("gradient_accumulation_steps")
    algorithm.writeConstants(self, &writer)
  }

  /// Reads a `compile_config`; the learning rate is nil if it is a schedule.
  static func read(_ compilation: JSONValue?) throws(Failure) -> (OptimizerConfiguration, Float?) {
    guard let optimizer = compilation?["optimizer"] else { throw Optimizer.refuse("the file has none") }
    guard let name = optimizer["class_name"]?.string ?? optimizer.string,
      let algorithm = OptimizerAlgorithm.allCases.first(where: {
        $0.kerasClass.lowercased() == name.lowercased()
      })
    else {
      let known = OptimizerAlgorithm.allCases.map(\.kerasClass)
      throw Optimizer.refuse(
        "optimizer \(optimizer["class_name"]?.string ?? "without a name") is not supported "
          + "(\(known.dropLast().joined(separator: ", ")) and \(known.last ?? "") are)")
    }
    var result = OptimizerConfiguration(algorithm)
    guard let json = optimizer["config"] else { return (result, Float(algorithm.defaultLearningRate)) }
    for key in ["amsgrad", "loss_scale_factor", "gradient_accumulation_steps"] {
      if let value = json[key], !value.isNull, value.bool != false {
        throw Optimizer.refuse("\(key) is not supported")
      }
    }
    func number(_ key: String) throws(Failure) -> Float? {
      guard let value = json[key], !value.isNull else { return nil }
      guard let number = value.double, number.magnitude < 1e30 else {
        throw Optimizer.refuse("\(key) is not a number")
      }
      return Float(number)
    }
    result.weightDecay = try number("weight_decay") ?? 0
    if let limit = try number("clipnorm"), limit > 0 {
      result.clipping = .norm(limit)
    } else if let limit = try number("global_clipnorm"), limit > 0 {
      result.clipping = .globalNorm(limit)
    } else if let limit = try number("clipvalue"), limit > 0 {
      result.clipping = .value(limit)
    }
    result.momentum = try number("momentum") ?? 0
    result.nesterov = json["nesterov"]?.bool ?? false
    result.beta1 = try number("beta_1") ?? result.beta1
    result.beta2 = try number("beta_2") ?? result.beta2
    result.epsilon = try number("epsilon") ?? result.epsilon
    if json["use_ema"]?.bool == true { result.averageMomentum = try number("ema_momentum") ?? 0.99 }
    if json["learning_rate"]?.object != nil { return (result, nil) }
    return (result, try number("learning_rate") ?? Float(algorithm.defaultLearningRate))
  }
}
