import FrameStream
import SystemIO

/// Reads a call of one of Keras's operations on tensors (`keras.ops`), which a Functional model has where its maker
/// computed with tensors: `x * 2`, `1 - x`, `ops.mean(x, axis=-1)`.
struct KerasOperationReader {
  let kind: String
  let configuration: JSONValue
  let call: KerasCall

  /// What it computes, of which operands.
  /// - Throws: ``Failure`` (`badInput`) naming the operation or argument that is not supported.
  func operation() throws(Failure) -> (operation: Operation, operands: [KerasArgument]) {
    if let arithmetic = Self.arithmetic[kind] {
      return (.arithmetic(arithmetic), try operands(["x1", "x2"]))
    }
    if let activation = try activation() { return (.activation(activation), try operands(["x"])) }
    if let reduction = Self.reductions[kind] {
      return (
        .reduction(reduction, axes: try axes(), keepingDimensions: flag("keepdims")), try operands(["x"])
      )
    }
    switch kind {
    case "Identity": return (.identity, try operands(["x"]))
    case "Softmax", "LogSoftmax":
      guard configuration["axis"]?.int == -1 || configuration["axis"] == nil else {
        throw refuse("its axis is not -1")
      }
      return (.activation(kind == "Softmax" ? .softmax : .logSoftmax), try operands(["x"]))
    case "Normalize":
      guard configuration["order"]?.int == 2 else { throw refuse("its order is not 2") }
      guard configuration["epsilon"].map(\.isNull) ?? true else { throw refuse("it has an epsilon") }
      return (.unitNormalization(axes: try axes(), epsilon: 1e-7), try operands(["x"]))
    case "Concatenate":
      guard let axis = configuration["axis"]?.int else { throw refuse("its axis is not one number") }
      return (
        .concatenate(axis: try Self.withoutBatch(axis)),
        try KerasLayerCall(call, of: kind, names: ["xs"], listed: true).operands
      )
    case "Reshape":
      guard let shape = configuration["newshape"]?.array, let batch = shape.first, shape.count > 1,
        batch.isNull || batch.int == -1
      else { throw refuse("it does not keep the batch") }
      return (.reshape(try sides(Array(shape.dropFirst()))), try operands(["x"]))
    case "Transpose":
      guard let axes = configuration["axes"]?.array, axes.first?.int == 0 else {
        throw refuse("it does not keep the batch")
      }
      return (.transpose(order: try sides(Array(axes.dropFirst())).map { $0 - 1 }), try operands(["x"]))
    case "GetItem": return try item()
    case "Cast":
      guard configuration["dtype"]?.string == "float32" else { throw refuse("it makes other numbers") }
      return (.identity, try operands(["x"]))
    case "Pad": return try pad()
    default: throw refuse("it is not supported")
    }
  }

  private func refuse(_ cause: String) -> Failure {
    KerasGraphReader.refuse("the operation \(kind): \(cause)")
  }

  private static let arithmetic: [String: Arithmetic] = [
    "Add": .add, "Subtract": .subtract, "Multiply": .multiply, "Divide": .divide, "TrueDivide": .divide,
    "Maximum": .maximum, "Minimum": .minimum, "Power": .power,
  ]

  private static let reductions: [String: Reduction] = [
    "Mean": .mean, "Sum": .sum, "Max": .maximum, "Amax": .maximum, "Min": .minimum, "Amin": .minimum,
  ]

  private func operands(_ names: [String]) throws(Failure) -> [KerasArgument] {
    try KerasLayerCall(call, of: kind, names: names).operands
  }

  private func flag(_ key: String) -> Bool { configuration[key]?.bool ?? false }

  private func number(_ key: String, else standard: Float) throws(Failure) -> Float {
    guard let value = configuration[key] else { return standard }
    guard let number = value.double else { throw refuse("\(key) is not a number") }
    return Float(number)
  }

  /// A function of each value; nil if it is none.
  private func activation() throws(Failure) -> Activation? {
    switch kind {
    case "Negative": .scaled(scale: -1, offset: 0)
    case "Square": .square
    case "Sqrt": .squareRoot
    case "Rsqrt": .raised(exponent: -0.5)
    case "Reciprocal": .raised(exponent: -1)
    case "Exp": .exponential
    case "Log": .logarithm
    case "Abs", "Absolute": .absolute
    case "Clip":
      try .clipped(
        minimum: bound("x_min", -.greatestFiniteMagnitude), maximum: bound("x_max", .greatestFiniteMagnitude))
    case "Relu": .relu()
    case "Relu6": .relu(maximum: 6)
    case "LeakyRelu": try .relu(slope: number("negative_slope", else: 0.2))
    case "Sigmoid": .sigmoid
    case "HardSigmoid": .hardSigmoid
    case "Tanh": .tanh
    case "Silu", "Swish": .silu
    case "HardSilu", "HardSwish": .hardSilu
    case "Softplus": .softplus
    case "Softsign": .softsign
    case "Elu": try .elu(alpha: number("alpha", else: 1))
    case "Celu": try .celu(alpha: number("alpha", else: 1))
    case "Selu": .selu
    case "Gelu": .gelu(approximate: configuration["approximate"]?.bool ?? true)
    case "Mish": .mish
    case "HardTanh": .hardTanh
    case "TanhShrink": .tanhShrink
    case "SoftShrink": try .softShrink(threshold: number("threshold", else: 0.5))
    case "HardShrink": try .hardShrink(threshold: number("threshold", else: 0.5))
    case "LogSigmoid": .logSigmoid
    case "Squareplus": try .squareplus(b: number("b", else: 4))
    case "SparsePlus": .sparsePlus
    case "SparseSigmoid": .sparseSigmoid
    case "ReLU":
      try KerasLayerReader(kind: "ReLU", configuration: configuration).activation()
    default: nil
    }
  }

  private func bound(_ key: String, _ none: Float) throws(Failure) -> Float {
    guard let value = configuration[key], !value.isNull else { return none }
    return try number(key, else: none)
  }

  /// A side counted with the batch as one counted without; from the end it stays.
  private static func withoutBatch(_ axis: Int) throws(Failure) -> Int {
    guard axis != 0 else { throw KerasGraphReader.refuse("an operation along the batch is not supported") }
    return axis < 0 ? axis : axis - 1
  }

  private func axes() throws(Failure) -> [Int] {
    let value = configuration["axis"] ?? .null
    guard let list = value.array ?? (value.int.map { _ in [value] }) else {
      throw refuse("it has no axis, and would join the pictures of a batch")
    }
    var axes: [Int] = []
    for axis in try sides(list) { axes.append(try Self.withoutBatch(axis)) }
    return axes
  }

  private func sides(_ list: [JSONValue]) throws(Failure) -> [Int] {
    var sides: [Int] = []
    for side in list {
      guard let number = side.int, abs(number) <= ModelLimits.dimension else {
        throw refuse("\(list.count) sides that are not all known")
      }
      sides.append(number)
    }
    return sides
  }

  /// `x[:, 1:5]`, `x[:, :, 0]`.
  private func item() throws(Failure) -> (operation: Operation, operands: [KerasArgument]) {
    guard call.named.allSatisfy({ $0.value.isNone }), call.positional.count == 2,
      case .tensor = call.positional[0], case .list(let list) = call.positional[1]
    else { throw refuse("its range is not understood") }
    var slices: [Slice] = []
    for (index, element) in list.enumerated() {
      guard case .value(let value) = element else { throw refuse("its range is not understood") }
      var slice: Slice
      if value["class_name"]?.string == "__slice__" {
        func bound(_ key: String) throws(Failure) -> Int? {
          guard let bound = value["config"]?[key], !bound.isNull else { return nil }
          guard let number = bound.int, abs(number) <= ModelLimits.dimension else {
            throw refuse("its range is not understood")
          }
          return number
        }
        guard try bound("step") ?? 1 == 1 else { throw refuse("a step is not supported") }
        slice = Slice(start: try bound("start") ?? 0, stop: try bound("stop"))
      } else if let number = value.int, abs(number) <= ModelLimits.dimension {
        slice = Slice(start: number, stop: number == -1 ? nil : number + 1, isIndex: true)
      } else {
        throw refuse("its range is not understood")
      }
      if index == 0 {
        guard slice == Slice() else { throw refuse("it does not keep the batch") }
        continue
      }
      slices.append(slice)
    }
    return (.slice(slices), [call.positional[0]])
  }

  private func pad() throws(Failure) -> (operation: Operation, operands: [KerasArgument]) {
    guard configuration["mode"]?.string == "constant" else { throw refuse("only zeros are supported") }
    let widths = (configuration["pad_width"]?.array ?? []).map { $0.array?.map(\.int) ?? [] }
    guard widths.count == 4, widths[0] == [0, 0], widths[3] == [0, 0],
      widths.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.map { (0...4096).contains($0) } ?? false } })
    else { throw refuse("only rows and columns of channels_last pictures are supported") }
    var rest = call
    rest.named = call.named.filter { argument in
      !(argument.name == "constant_values" && argument.value.constant?.values == [0])
    }
    let sides = widths.map { $0.compactMap { $0 } }
    return (
      .zeroPadding(top: sides[1][0], bottom: sides[1][1], left: sides[2][0], right: sides[2][1]),
      try KerasLayerCall(rest, of: kind, names: ["x"]).operands
    )
  }
}
