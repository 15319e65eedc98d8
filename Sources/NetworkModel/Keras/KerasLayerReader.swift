import FrameStream
import SystemIO

/// Reads one layer's class name and configuration as an ``Operation``.
struct KerasLayerReader {
  let kind: String
  let configuration: JSONValue

  var takesManyInputs: Bool { ["Add", "Multiply", "Concatenate"].contains(kind) }

  /// What the layer computes at inference.
  /// - Throws: ``Failure`` (`badInput`) if the class is not supported or its configuration makes no sense.
  func operation() throws(Failure) -> Operation {
    switch kind {
    case "Dropout": return .dropout(rate: Float(try number("rate", else: 0)))
    case "SpatialDropout2D", "AlphaDropout", "GaussianDropout", "GaussianNoise",
      "ActivityRegularization", "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation",
      "RandomContrast", "RandomBrightness", "RandomShear", "RandomErasing", "RandomGaussianBlur":
      return .identity
    case "Rescaling":
      return .affine(scale: try floats("scale", else: 1), offset: try floats("offset", else: 0))
    case "Normalization": return try normalization()
    case "Conv2D", "Convolution2D":
      return .convolution(
        filters: try count("filters"), window: try window("kernel_size", "dilation_rate"),
        groups: try count("groups", else: 1), bias: flag("use_bias", else: true), try activation())
    case "DepthwiseConv2D":
      return .depthwiseConvolution(
        multiplier: try count("depth_multiplier", else: 1),
        window: try window("kernel_size", "dilation_rate"),
        bias: flag("use_bias", else: true), try activation())
    case "SeparableConv2D", "SeparableConvolution2D":
      return .separableConvolution(
        filters: try count("filters"), multiplier: try count("depth_multiplier", else: 1),
        window: try window("kernel_size", "dilation_rate"), bias: flag("use_bias", else: true),
        try activation())
    case "BatchNormalization":
      return .batchNormalization(
        epsilon: Float(try number("epsilon", else: 1e-3)),
        momentum: Float(try number("momentum", else: 0.99)), center: flag("center", else: true),
        scale: flag("scale", else: true))
    case "MaxPooling2D", "MaxPool2D": return .maximumPooling(try window("pool_size", nil))
    case "AveragePooling2D", "AvgPool2D": return .averagePooling(try window("pool_size", nil))
    case "GlobalMaxPooling2D", "GlobalMaxPool2D":
      return .globalMaximumPooling(keepingDimensions: flag("keepdims", else: false))
    case "GlobalAveragePooling2D", "GlobalAvgPool2D":
      return .globalAveragePooling(keepingDimensions: flag("keepdims", else: false))
    case "Flatten": return .flatten(pixelsFirst: configuration["data_format"]?.string == "channels_first")
    case "Dense":
      return .dense(units: try count("units"), bias: flag("use_bias", else: true), try activation())
    case "ZeroPadding2D": return try zeroPadding()
    case "Add": return .add
    case "Multiply": return .multiply
    case "Concatenate": return .concatenate
    case "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax": return .activation(try activation())
    case "Lambda": throw refuse("Lambda layers hold program code, which is never run")
    default: throw refuse("\(kind) layers are not supported")
    }
  }

  /// The data format, if layers of this class depend on it.
  func channelsFirst() throws(Failure) -> Bool? {
    let spatial =
      kind.hasSuffix("2D") && kind != "SpatialDropout2D"
    guard spatial else { return nil }
    switch configuration["data_format"]?.string {
    case "channels_first": return true
    case "channels_last", nil: return false
    case let other?: throw refuse("data_format \(other) is not known")
    }
  }

  /// The axis that the layer works along, which must be the channels.
  func channelAxis() throws(Failure) -> Int? {
    switch kind {
    case "BatchNormalization", "Concatenate", "Softmax":
      guard let axis = configuration["axis"], !axis.isNull else { return -1 }
      guard let value = axis.int ?? (axis.array?.count == 1 ? axis.array?.first?.int : nil) else {
        throw refuse("its axis is not one number")
      }
      return value
    case "Normalization":
      guard let axis = configuration["axis"], !axis.isNull else { return nil }
      if axis.array?.isEmpty == true { return nil }
      guard let value = axis.int ?? (axis.array?.count == 1 ? axis.array?.first?.int : nil) else {
        throw refuse("its axis is not one number")
      }
      return value
    default: return nil
    }
  }
}

// MARK: - Parts of a configuration

extension KerasLayerReader {
  func refuse(_ cause: String) -> Failure { Failure(.badInput, step: "reading the model", cause: cause) }

  func flag(_ key: String, else standard: Bool) -> Bool {
    configuration[key]?.bool ?? configuration[key]?.int.map { $0 != 0 } ?? standard
  }

  func number(_ key: String, else standard: Double) throws(Failure) -> Double {
    guard let value = configuration[key], !value.isNull else { return standard }
    // Keras 2 wrote NumPy scalars as {"type": "ndarray", "value": 0.3}.
    guard let number = value.double ?? value["value"]?.double ?? value["config"]?["value"]?.double else {
      throw refuse("\(key) is not a number")
    }
    return number
  }

  /// A positive whole number of a size that a layer can have.
  func count(_ key: String, else standard: Int? = nil) throws(Failure) -> Int {
    if let standard, configuration[key] == nil { return standard }
    guard let value = configuration[key]?.int, value > 0, value <= ModelLimits.dimension else {
      throw refuse("\(key) is not a number between 1 and \(ModelLimits.dimension)")
    }
    return value
  }

  /// Numbers, one or a (nested) list of them.
  func floats(_ key: String, else standard: Float) throws(Failure) -> [Float] {
    guard let value = configuration[key], !value.isNull else { return [standard] }
    var result: [Float] = []
    var isValid = true
    func add(_ value: JSONValue) {
      if let number = value.double {
        result.append(Float(number))
      } else if let list = value.array {
        list.forEach(add)
      } else if let inner = value["config"]?["value"] ?? value["value"] {
        add(inner)
      } else {
        isValid = false
      }
    }
    add(value)
    guard isValid, !result.isEmpty else { throw refuse("\(key) is not a number or a list of numbers") }
    return result
  }

  /// One number for both sides, or a list of two.
  private func pair(_ key: String, range: ClosedRange<Int>) throws(Failure) -> Window.Pair? {
    guard let value = configuration[key], !value.isNull else { return nil }
    let list = value.array?.map(\.int) ?? [value.int, value.int]
    guard list.count == 2, let height = list[0], let width = list[1], range.contains(height),
      range.contains(width)
    else { throw refuse("\(key) is not one or two numbers of \(range.lowerBound)…\(range.upperBound)") }
    return .init(height, width)
  }

  func window(_ kernelKey: String, _ dilationKey: String?) throws(Failure) -> Window {
    let range = 1...4096
    guard let kernel = try pair(kernelKey, range: range) ?? (kernelKey == "pool_size" ? .init(2, 2) : nil)
    else {
      throw refuse("\(kernelKey) is missing")
    }
    let strides = try pair("strides", range: range) ?? (kernelKey == "pool_size" ? kernel : .init(1, 1))
    var dilation = Window.Pair(1, 1)
    if let dilationKey, let given = try pair(dilationKey, range: range) { dilation = given }
    switch configuration["padding"]?.string ?? configuration["border_mode"]?.string ?? "valid" {
    case "valid": return Window(kernel: kernel, strides: strides, dilation: dilation)
    case "same": return Window(kernel: kernel, strides: strides, dilation: dilation, same: true)
    case let other: throw refuse("padding \(other) is not supported (only valid and same)")
    }
  }

  private func zeroPadding() throws(Failure) -> Operation {
    let value = configuration["padding"] ?? .null
    var sides: [Int?] = []
    if let list = value.array, list.count == 2, list.allSatisfy({ $0.array?.count == 2 }) {
      sides = list.flatMap { $0.array?.map(\.int) ?? [] }
    } else if let both = try pair("padding", range: 0...4096) {
      sides = [both.height, both.height, both.width, both.width]
    }
    let valid = sides.compactMap { $0 }.filter { (0...4096).contains($0) }
    guard valid.count == 4 else { throw refuse("padding is not 1, 2 or 2x2 numbers of 0…4096") }
    return .zeroPadding(top: valid[0], bottom: valid[1], left: valid[2], right: valid[3])
  }

  private func normalization() throws(Failure) -> Operation {
    let invert = flag("invert", else: false)
    guard let mean = configuration["mean"], !mean.isNull else {
      return .normalization(perChannel: try channelAxis() != nil, inverse: invert)
    }
    let means = try floats("mean", else: 0)
    let variances = try floats("variance", else: 1)
    guard means.count == variances.count else { throw refuse("mean and variance differ in number") }
    let deviations = variances.map { max($0.squareRoot(), 1e-7) }
    if invert { return .affine(scale: deviations, offset: means) }
    return .affine(
      scale: deviations.map { 1 / $0 }, offset: zip(means, deviations).map { -$0 / $1 })
  }
}

// MARK: - Activations

extension KerasLayerReader {
  func activation() throws(Failure) -> Activation {
    switch kind {
    case "ReLU":
      guard try number("threshold", else: 0) == 0 else { throw refuse("a ReLU threshold is not supported") }
      let maximum = configuration["max_value"].flatMap { $0.isNull ? nil : $0 }
      return .relu(
        slope: Float(try number("negative_slope", else: 0)),
        maximum: maximum == nil ? nil : Float(try number("max_value", else: 0)))
    case "LeakyReLU":
      let key = configuration["negative_slope"] != nil ? "negative_slope" : "alpha"
      return .relu(slope: Float(try number(key, else: 0.3)))
    case "ELU": return .elu(alpha: Float(try number("alpha", else: 1)))
    case "Softmax": return .softmax
    default: return try named(configuration["activation"] ?? .null)
    }
  }

  /// An activation by name, as an object around a name, or as a layer.
  private func named(_ value: JSONValue) throws(Failure) -> Activation {
    if value.isNull { return .linear }
    guard let name = value.string else {
      if let inner = value["config"]?.string { return try named(.string(inner)) }
      guard let kind = value["class_name"]?.string else { throw refuse("its activation has no name") }
      guard ["ReLU", "LeakyReLU", "ELU", "Softmax"].contains(kind) else {
        throw refuse("activation \(kind) is not supported")
      }
      if kind == "Softmax", let axis = value["config"]?["axis"], !axis.isNull, axis.int != -1 {
        throw refuse("a softmax inside it along another axis than the last is not supported")
      }
      return try KerasLayerReader(kind: kind, configuration: value["config"] ?? .null).activation()
    }
    switch name {
    case "linear": return .linear
    case "relu": return .relu()
    case "relu6": return .relu(maximum: 6)
    case "leaky_relu": return .relu(slope: 0.2)
    case "elu": return .elu(alpha: 1)
    case "selu": return .selu
    case "sigmoid": return .sigmoid
    case "hard_sigmoid": return .hardSigmoid
    case "tanh": return .tanh
    case "silu", "swish": return .silu
    case "hard_silu", "hard_swish": return .hardSilu
    case "softplus": return .softplus
    case "exponential": return .exponential
    case "gelu": return .gelu(approximate: false)
    case "mish": return .mish
    case "softmax": return .softmax
    default: throw refuse("activation \(name) is not supported")
    }
  }
}
