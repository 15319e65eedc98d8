import FrameStream

/// Where a class of a configuration comes from. A class is known by its module and its name together: makers of models
/// name classes of their own like Keras's.
enum KerasModule: Equatable {
  /// Keras's layers and models, or Keras 2, which names no module.
  case layers
  /// Its operations on tensors.
  case operations
  /// Layers that only its own architectures use: `convnext`.
  case architecture(String)
  /// Somebody else's.
  case foreign(String)

  /// - Parameter entry: An object with `class_name`, and in Keras 3 `module` and `registered_name`.
  init(_ entry: JSONValue) {
    if let registered = entry["registered_name"]?.string, registered.contains(">") {
      self = .foreign(String(registered.prefix(40)))
      return
    }
    guard let key = entry["module"] else {
      self = .layers
      return
    }
    guard let module = key.string else {
      self = .foreign("\((entry["class_name"]?.string ?? "class").prefix(40)) of no module")
      return
    }
    var parts = module.split(separator: ".").map(String.init)
    for prefix in [["tensorflow", "python"], ["tensorflow"], ["tf_keras"], ["keras", "api", "_v2"]]
    where parts.starts(with: prefix) {
      parts.removeFirst(prefix.count)
      if prefix == ["tf_keras"] { parts.insert("keras", at: 0) }
    }
    if parts.first == "keras", parts.dropFirst().first == "src" { parts.remove(at: 1) }
    guard parts.first == "keras" else {
      self = .foreign("\((entry["class_name"]?.string ?? "class").prefix(40)) of \(module.prefix(40))")
      return
    }
    switch parts.dropFirst().first {
    // A function that Keras keeps as a class of its own is an operation where a model calls it.
    case "ops"?, "activations"?: self = .operations
    case "applications"?: self = .architecture(parts.last ?? "")
    case nil, "layers"?, "models"?, "engine"?: self = .layers
    default: self = .foreign("\((entry["class_name"]?.string ?? "class").prefix(40)) of \(module.prefix(40))")
    }
  }
}
