import FrameStream
import NetworkModel
import NetworkTraining

extension ModelGraph {
  /// A line for each part of a Keras model that is at work in Keras's `fit` and not in training here.
  package var trainingWarnings: [String] {
    var seen: Set<String> = []
    return layers.filter { seen.insert($0.weightsPath + "\n" + $0.name).inserted }.flatMap(\.trainingWarnings)
  }
}

extension Layer {
  /// The options that do what Keras's layers for random changes do.
  private static let options = [
    "RandomFlip": "--flip", "RandomRotation": "--rotation", "RandomZoom": "--zoom",
    "RandomTranslation": "--shift", "RandomContrast": "--contrast", "RandomBrightness": "--brightness",
    "RandomErasing": "--erasing", "RandomGaussianBlur": "--blur",
  ]

  fileprivate var trainingWarnings: [String] {
    var warnings: [String] = []
    if operation == .identity, kind.hasPrefix("Random") {
      let hint = Self.options[kind].map { ": here use \($0)" } ?? ""
      warnings.append(
        "layer \(name) (\(kind)) changes pictures in Keras's fit, but not in training here" + hint)
    }
    for (key, value) in configuration?.object?.fields ?? [] where !value.isNull {
      let asked = value["class_name"]?.string ?? value.string ?? "of its own"
      let isIgnored =
        key.hasSuffix("_constraint") && isTrainable || key == "activity_regularizer"
        || key.hasSuffix("_regularizer") && isTrainable && WeightPenalty.factors(value) == nil
      if isIgnored { warnings.append("layer \(name): its \(key), \(asked), is ignored in training here") }
    }
    return warnings
  }
}
