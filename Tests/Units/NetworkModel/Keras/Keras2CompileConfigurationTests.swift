import Foundation
import FrameStream
import ModelFixtures
import SystemIO
import Testing

@testable import KerasWriting
@testable import NetworkModel

/// How a model of Keras 2 was compiled, in Keras 3's words, and what becomes of the optimizer's state.
struct Keras2CompileConfigurationTests {
  private static func json(_ text: String) throws -> JSONValue {
    try JSONValue(JSONText(parsing: Array(text.utf8)))
  }

  private static func text(_ json: JSONValue?) -> String {
    var writer = JSONWriter()
    writer.value(json ?? .null)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func translated(_ text: String) throws -> JSONValue {
    try Keras2CompileConfiguration(json(text)).translated()
  }

  private static func configuration(
    optimizer: String = #"{"class_name":"SGD","config":{"name":"SGD","learning_rate":0.1}}"#,
    loss: String = #""categorical_crossentropy""#, metrics: String = "null", others: String = ""
  ) -> String {
    #"{"optimizer_config":\#(optimizer),"loss":\#(loss),"metrics":\#(metrics)\#(others)}"#
  }

  private static func object(_ module: String, _ name: String, _ arguments: String) -> String {
    #"{"module":"\#(module)","class_name":"\#(name)","config":{\#(arguments)},"registered_name":null}"#
  }

  @Test func allParts() throws {
    let result = try Self.translated(
      Self.configuration(
        metrics: #"["accuracy"]"#,
        others: #","sample_weight_mode":null,"loss_weights":null,"weighted_metrics":null"#))
    let optimizer = Self.object("keras.optimizers", "SGD", #""name":"SGD","learning_rate":0.1"#)
    #expect(
      Self.text(result)
        == #"{"optimizer":\#(optimizer),"loss":"categorical_crossentropy","loss_weights":null,"#
        + #""metrics":["accuracy"],"weighted_metrics":null,"run_eagerly":false,"jit_compile":false}"#)
  }

  /// An optimizer's class and arguments, then Keras 3's.
  @Test(arguments: [
    (
      "Adam", #""lr":0.001,"beta_1":0.9,"beta_2":0.999,"decay":0.0,"epsilon":1e-08,"amsgrad":false"#,
      "Adam", #""beta_1":0.9,"beta_2":0.999,"epsilon":1e-08,"amsgrad":false,"learning_rate":0.001"#
    ),
    (
      "Custom>Adam",
      #"""
      "name":"Adam","weight_decay":null,"use_ema":false,"jit_compile":false,"is_legacy_optimizer":false,
      "learning_rate":0.002
      """#,
      "Adam", #""name":"Adam","weight_decay":null,"use_ema":false,"learning_rate":0.002"#
    ),
    (
      "SGD", #""name":"SGD","learning_rate":0.1,"momentum":0,"nesterov":true,"clipnorm":1.0"#,
      "SGD", #""name":"SGD","momentum":0.0,"nesterov":true,"clipnorm":1.0,"learning_rate":0.1"#
    ),
    (
      "RMSprop", #""lr":0.01,"rho":0.9,"epsilon":null"#, "RMSprop",
      #""rho":0.9,"epsilon":1e-07,"learning_rate":0.01"#
    ),
    ("SGD", #""lr":0.1,"clipnorm":2.0"#, "SGD", #""global_clipnorm":2.0,"learning_rate":0.1"#),
    ("Adagrad", #""lr":0.1"#, "Adagrad", #""initial_accumulator_value":0.0,"learning_rate":0.1"#),
    (
      "AdamW", #""name":"AdamW","weight_decay":0.004,"learning_rate":0.1"#,
      "AdamW", #""name":"AdamW","weight_decay":0.004,"learning_rate":0.1"#
    ),
  ])
  func optimizers(_ name: String, _ arguments: String, _ newName: String, _ newArguments: String) throws {
    let given = #"{"class_name":"\#(name)","config":{\#(arguments)}}"#
    let result = try Self.translated(Self.configuration(optimizer: given))
    #expect(Self.text(result["optimizer"]) == Self.object("keras.optimizers", newName, newArguments))
    // As Keras 2's archives name it.
    let archive = try Self.translated(#"{"optimizer":\#(given),"loss":"mse"}"#)
    #expect(Self.text(archive["optimizer"]) == Self.text(result["optimizer"]))
  }

  @Test func decayIsASchedule() throws {
    let decay = Self.configuration(
      optimizer: #"{"class_name":"SGD","config":{"name":"SGD","lr":0.5,"decay":0.01}}"#)
    let expected = Self.object(
      "keras.optimizers.schedules", "InverseTimeDecay",
      #""initial_learning_rate":0.5,"decay_steps":1.0,"decay_rate":0.01,"staircase":false"#)
    #expect(Self.text(try Self.translated(decay)["optimizer"]?["config"]?["learning_rate"]) == expected)
    let arguments =
      #""initial_learning_rate":0.1,"decay_steps":100,"decay_rate":0.9,"staircase":true,"name":null"#
    let schedule = Self.configuration(
      optimizer:
        #"""
        {"class_name":"Adam","config":{"name":"Adam",
         "learning_rate":{"class_name":"ExponentialDecay","config":{\#(arguments)}}}}
        """#
    )
    #expect(
      Self.text(try Self.translated(schedule)["optimizer"]?["config"]?["learning_rate"])
        == Self.object("keras.optimizers.schedules", "ExponentialDecay", arguments))
  }

  @Test(arguments: [
    (#""kullback_leibler_divergence""#, #""kl_divergence""#), (#"["mse"]"#, #""mse""#),
    (#"{"predictions":"sparse_categorical_crossentropy"}"#, #""sparse_categorical_crossentropy""#),
    (
      #"""
      {"class_name":"CategoricalCrossentropy","config":{"reduction":"auto","name":"c","from_logits":false,
       "label_smoothing":0.1,"fn":"categorical_crossentropy"}}
      """#,
      object(
        "keras.losses", "CategoricalCrossentropy",
        #""reduction":"sum_over_batch_size","name":"c","from_logits":false,"label_smoothing":0.1"#)
    ),
    (
      #"{"class_name":"SparseCategoricalCrossentropy","config":{"reduction":"sum","name":"s","axis":-1}}"#,
      object("keras.losses", "SparseCategoricalCrossentropy", #""reduction":"sum","name":"s""#)
    ),
  ])
  func losses(_ given: String, _ expected: String) throws {
    #expect(Self.text(try Self.translated(Self.configuration(loss: given))["loss"]) == expected)
  }

  private static let wrapped = #"""
    {"class_name":"MeanMetricWrapper",
     "config":{"name":"accuracy","dtype":"float32","fn":"sparse_categorical_accuracy"}}
    """#

  @Test(arguments: [
    ("null", "null"), ("[]", "null"), (#"["acc"]"#, #"["accuracy"]"#), (#""mae""#, #"["mae"]"#),
    (#"[["accuracy","mse"]]"#, #"["accuracy","mse"]"#), (#"{"out":"accuracy"}"#, #"["accuracy"]"#),
    (#"{"out":["accuracy","mae"]}"#, #"["accuracy","mae"]"#),
    (
      "[[\(wrapped)]]",
      "[\(object("keras.metrics", "SparseCategoricalAccuracy", #""name":"accuracy""#))]"
    ),
    (
      #"""
      [{"class_name":"Recall",
        "config":{"name":"recall","dtype":"float32","thresholds":null,"top_k":null,"class_id":null}}]
      """#,
      "[\(object("keras.metrics", "Recall", #""name":"recall","thresholds":null,"top_k":null,"class_id":null"#))]"
    ),
  ])
  func metrics(_ given: String, _ expected: String) throws {
    #expect(Self.text(try Self.translated(Self.configuration(metrics: given))["metrics"]) == expected)
  }

  /// What is not translated, and the word that the message must have.
  @Test(arguments: [
    (configuration(optimizer: "null"), "without an optimizer"),
    (configuration(optimizer: #"{"class_name":"Nadam","config":{"lr":0.1}}"#), "Nadam"),
    (configuration(optimizer: #"{"class_name":"Adam","config":{"lr":0.1,"mine":1}}"#), "mine of Adam"),
    (configuration(optimizer: #"{"class_name":"Adam","config":{"lr":"fast"}}"#), "learning rate"),
    (
      configuration(optimizer: #"{"class_name":"SGD","config":{"clipnorm":1,"clipvalue":1}}"#),
      "clipnorm with"
    ),
    (
      configuration(
        optimizer: #"{"class_name":"Adam","config":{"learning_rate":{"class_name":"Mine","config":{}}}}"#),
      "schedule Mine"
    ),
    (configuration(loss: #""my_loss""#), "my_loss"),
    (configuration(loss: #"{"class_name":"MyLoss","config":{}}"#), "MyLoss"),
    (configuration(metrics: #"["my_metric"]"#), "my_metric"),
    (
      configuration(metrics: #"[{"class_name":"MeanMetricWrapper","config":{"name":"f","fn":"f1"}}]"#),
      "metric"
    ),
    (configuration(others: #","loss_weights":[0.5]"#), "loss_weights"),
    (configuration(others: #","sample_weight_mode":"temporal""#), "sample_weight_mode"),
  ])
  func unknownParts(_ given: String, _ word: String) {
    #expect {
      _ = try Self.translated(given)
    } throws: { error in
      (error as? Failure)?.cause.contains(word) == true
    }
  }
}

/// The same in whole-model files, made with libhdf5.
struct LegacyTrainingStateTests {
  private typealias Variable = (name: String, variable: TrainingState.Variable)

  private static let adam = #"""
    {"optimizer_config":{"class_name":"Adam","config":{"name":"adam","learning_rate":0.001}},
     "loss":"mse","metrics":null}
    """#

  private static func file(
    _ training: String?, version: String = "2.15.0", optimizer: [Variable] = []
  ) throws -> [UInt8] {
    let model = #"""
      {"class_name":"Sequential","config":{"name":"old","layers":[
       {"class_name":"Flatten","config":{"name":"flat","batch_input_shape":[null,2,2,1]}},
       {"class_name":"Dense","config":{"name":"last","units":2,"activation":"softmax"}}]}}
      """#
    return try HDF5Library.run { () throws(Failure) in
      let writer = try HDF5Writer()
      writer.setAttribute("model_config", of: "/", [model], isList: false)
      writer.setAttribute("keras_version", of: "/", [version], isList: false)
      if let training { writer.setAttribute("training_config", of: "/", [training], isList: false) }
      try writer.group("model_weights/last/last")
      try writer.write("model_weights/last/last/kernel:0", [4, 2], [1, 2, 3, 4, 5, 6, 7, 8])
      try writer.write("model_weights/last/last/bias:0", [2], [9, 10])
      writer.setAttribute("layer_names", of: "model_weights", ["flat", "last"], isList: true)
      writer.setAttribute(
        "weight_names", of: "model_weights/last", ["last/kernel:0", "last/bias:0"], isList: true)
      if !optimizer.isEmpty {
        try writer.group("optimizer_weights/adam")
        writer.setAttribute("weight_names", of: "optimizer_weights", optimizer.map(\.name), isList: true)
      }
      for (name, variable) in optimizer {
        switch variable.values {
        case .floats(let values): try writer.write("optimizer_weights/\(name)", variable.shape, values)
        case .integers(let values, let isLong):
          try writer.write("optimizer_weights/\(name)", variable.shape, values, isLong: isLong)
        }
      }
      return try writer.contents()
    }.withBytes { Array($0) }
  }

  private static func model(_ bytes: [UInt8], keeping: Bool = true) throws -> ModelFile {
    try ModelFile(bytes: bytes, keepingTrainingState: keeping)
  }

  private static let state: [Variable] = [
    ("adam/iteration", .init(shape: [], values: .integers([7], isLong: true))),
    ("adam/learning_rate", .init(shape: [], values: .floats([0.001]))),
    ("adam/last_kernel_momentum", .init(shape: [4, 2], values: .floats((0..<8).map { Float($0) }))),
    ("adam/last_kernel_velocity", .init(shape: [4, 2], values: .floats((0..<8).map { Float($0) / 8 }))),
    ("adam/last_bias_momentum", .init(shape: [2], values: .floats([1, -1]))),
    ("adam/last_bias_velocity", .init(shape: [2], values: .floats([0.5, 0.25]))),
  ]

  @Test func keras2IsTranslatedAndItsStateBeginsAnew() throws {
    let bytes = try Self.file(Self.adam, optimizer: Self.state)
    let model = try Self.model(bytes)
    let warning = "the optimizer's state in this file cannot be used: the optimizer starts from zero"
    #expect(model.warnings == [warning])
    #expect(model.trainingState.optimizer.isEmpty)
    let again = try ModelFile(bytes: model.bytes(), keepingTrainingState: true)
    #expect(again.warnings.isEmpty)
    #expect(again.trainingState.compilation?["optimizer"]?["class_name"]?.string == "Adam")
    #expect(again.trainingState.compilation?["loss"]?.string == "mse")
    #expect(try Self.model(bytes, keeping: false).warnings.isEmpty)
  }

  @Test func whatHasNoEqualIsLeftOutWithAWord() throws {
    let training = Self.adam.replacingOccurrences(of: "Adam", with: "Nadam")
    let model = try Self.model(Self.file(training, optimizer: Self.state))
    #expect(model.warnings.count == 1)
    #expect(model.warnings.first?.contains("dropped") == true)
    #expect(model.warnings.first?.hasSuffix("optimizer Nadam") == true)
    #expect(model.trainingState.compilation == nil)
    // Neither is text that is no JSON a reason to refuse a model.
    #expect(try Self.model(Self.file("{")).warnings.isEmpty)
    #expect(try Self.model(Self.file(nil)).warnings.isEmpty)
  }

  @Test func keras3sStateIsKept() throws {
    let model = try Self.model(Self.file(Self.adam, version: "3.10.0", optimizer: Self.state))
    #expect(model.warnings.isEmpty)
    let again = try ModelFile(bytes: model.bytes(), keepingTrainingState: true)
    for state in [model.trainingState, again.trainingState] {
      #expect(state.optimizer.map(\.shape) == Self.state.map(\.variable.shape))
      #expect(state.optimizer.map(Self.values) == Self.state.map { Self.values($0.variable) })
    }
  }

  private static func values(_ variable: TrainingState.Variable) -> [Double] {
    switch variable.values {
    case .floats(let values): values.map(Double.init)
    case .integers(let values, _): values.map(Double.init)
    }
  }

  @Test(
    .enabled(if: Reference.hasGolden, "the reference data are not beside the repository"),
    arguments: ["dinkar_emotion_model.h5", "fer2013_mini_XCEPTION.102-0.66.hdf5"])
  func publishedModelsAreTranslated(_ name: String) throws {
    let model = try ModelFile(
      path: Reference.keras.appendingPathComponent("models/\(name)").path, keepingTrainingState: true)
    #expect(model.trainingState.compilation?["optimizer"]?["class_name"]?.string == "Adam")
    #expect(model.trainingState.compilation?["loss"]?.string == "categorical_crossentropy")
    #expect(model.warnings.allSatisfy { $0.contains("starts from zero") }, "\(model.warnings)")
  }
}
