import FrameStream
import SystemIO

// Keras's classes of layers: what each becomes when it is read, and which class an operation has when it is written.

/// Reads one layer's class name and configuration as an ``Operation``.
struct KerasLayerReader {
  let kind: String
  let configuration: JSONValue

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

extension Operation {
  /// True for layers that Keras calls with a list.
  package var takesManyInputs: Bool {
    switch self {
    case .add, .multiply, .concatenate: true
    default: false
    }
  }

  /// Keras's class for it; nil where a file's own class has to say.
  package var kerasClass: String? {
    switch self {
    case .input: "InputLayer"
    case .identity: nil
    case .dropout: "Dropout"
    case .affine: "Rescaling"
    case .normalization: "Normalization"
    case .convolution: "Conv2D"
    case .depthwiseConvolution: "DepthwiseConv2D"
    case .separableConvolution: "SeparableConv2D"
    case .batchNormalization: "BatchNormalization"
    case .activation(.relu): "ReLU"
    case .activation(.elu): "ELU"
    case .activation: "Activation"
    case .maximumPooling: "MaxPooling2D"
    case .averagePooling: "AveragePooling2D"
    case .globalMaximumPooling: "GlobalMaxPooling2D"
    case .globalAveragePooling: "GlobalAveragePooling2D"
    case .flatten: "Flatten"
    case .dense: "Dense"
    case .zeroPadding: "ZeroPadding2D"
    case .add: "Add"
    case .multiply: "Multiply"
    case .concatenate: "Concatenate"
    }
  }
}
