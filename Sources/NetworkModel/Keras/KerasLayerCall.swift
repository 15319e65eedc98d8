import FrameStream
import SystemIO

/// What a layer's or operation's call comes to: which tensors and constants it combines.
struct KerasLayerCall {
  /// The operands in the operation's order.
  var operands: [KerasArgument]
  /// True if the call says `training=False` and Keras keeps to it while it trains: Keras 2 does, Keras 3 overrides it.
  var isInferenceOnly = false

  /// Reads the arguments of a layer: one tensor, or for layers that merge a list of tensors and constants.
  /// - Parameters:
  ///   - differsInTraining: True for a class that computes something else in training.
  ///   - isRandomPreprocessing: True for one that changes pictures at random in training, and does nothing else.
  /// - Throws: ``Failure`` (`badInput`) naming the argument that is not understood.
  init(
    _ call: KerasCall, of kind: String, merges: Bool, differsInTraining: Bool,
    isRandomPreprocessing: Bool = false
  ) throws(Failure) {
    func refuse(_ name: String) -> Failure {
      KerasGraphReader.refuse("\(kind) is called with \(name), which is not supported")
    }
    var positional = call.positional
    operands = []
    for (name, value) in call.named where !value.isNone {
      switch (name, value) {
      case ("inputs", _) where positional.isEmpty: positional = [value]
      case ("training", .value(.bool(false))): isInferenceOnly = call.source == nil
      case ("training", .value(.bool(true))) where !differsInTraining: break
      // Keras 3 writes the default of layers that change pictures at random, and overrides it when it predicts.
      case ("training", .value(.bool(true))) where call.source != nil && isRandomPreprocessing: break
      default: throw refuse("the argument \(name)")
      }
    }
    guard let first = positional.first else { throw refuse("no input") }
    for (index, extra) in positional.enumerated().dropFirst() where !extra.isNone {
      throw refuse("an argument \(index + 1)")
    }
    switch first {
    case .tensor: operands = [first]
    case .list(let elements):
      for element in elements {
        switch element {
        case .tensor: break
        case .constant(let constant) where merges:
          // Keras takes a constant's first side for the batch.
          guard constant.shape.first == 1 else {
            throw refuse("a constant of shape \(constant.shape), whose first side is the batch's,")
          }
        case .constant: throw refuse("a constant")
        default: throw refuse("an input that is no tensor")
        }
        operands.append(element)
      }
    default: throw refuse("an input that is no tensor")
    }
    guard operands.count == 1 || merges, !operands.isEmpty else { throw refuse("\(operands.count) inputs") }
    guard operands.contains(where: { if case .tensor = $0 { true } else { false } }) else {
      throw refuse("constants only")
    }
  }

  /// Reads the arguments of an operation on tensors, which may be given by position or by name.
  /// - Parameters:
  ///   - names: What Keras calls the operands, in order.
  ///   - listed: True for an operation on one list of tensors.
  init(_ call: KerasCall, of kind: String, names: [String], listed: Bool = false) throws(Failure) {
    func refuse(_ name: String) -> Failure {
      KerasGraphReader.refuse("the operation \(kind) is called with \(name), which is not supported")
    }
    var found = call.positional.map { Optional($0) }
    for extra in found.dropFirst(names.count) where extra?.isNone == false {
      throw refuse("more than \(names.count) arguments")
    }
    found = Array(found.prefix(names.count))
    while found.count < names.count { found.append(nil) }
    for (name, value) in call.named where !value.isNone {
      guard let position = names.firstIndex(of: name), found[position] == nil else {
        throw refuse("the argument \(name)")
      }
      found[position] = value
    }
    operands = []
    for (name, value) in zip(names, found) {
      guard let value else { throw refuse("no \(name)") }
      if listed, case .list(let elements) = value {
        operands += elements
      } else {
        operands.append(value)
      }
    }
    var hasTensor = false
    for operand in operands {
      if case .tensor = operand {
        hasTensor = true
      } else if operand.constant == nil || listed {
        throw refuse("an operand that is neither a tensor nor a number")
      }
    }
    guard hasTensor else { throw refuse("constants only") }
  }
}
