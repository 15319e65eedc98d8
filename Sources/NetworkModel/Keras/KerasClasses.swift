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
    case "Dropout":
      return .dropout(rate: Float(try number("rate", else: 0)), together: try sidesDroppedTogether())
    case "SpatialDropout2D":
      let sides = configuration["data_format"]?.string == "channels_first" ? [1, 2] : [0, 1]
      return .dropout(rate: Float(try number("rate", else: 0)), together: sides)
    case "Identity", "AlphaDropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization":
      return .identity
    case _ where Self.randomPreprocessing.contains(kind): return .identity
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
    case "Add", "Multiply", "Subtract", "Maximum", "Minimum", "Average":
      return .arithmetic(Arithmetic(rawValue: kind.lowercased()) ?? .add)
    case "Concatenate": return .concatenate(axis: try axes("axis", else: [-1]).first)
    case "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax": return .activation(try activation())
    default:
      if let arrangement = try arrangement() { return arrangement }
      return try normalizationOfGroups()
    }
  }

  /// Layers that move, cut or repeat values; nil if it is none.
  private func arrangement() throws(Failure) -> Operation? {
    switch kind {
    case "Reshape": return .reshape(try whole("target_shape"))
    case "Permute": return .transpose(order: try whole("dims").map { $0 - 1 })
    case "RepeatVector": return nil
    case "Cropping2D": return try cropping()
    case "CenterCrop": return .centerCrop(height: try count("height"), width: try count("width"))
    case "UpSampling2D":
      return .resize(
        .init(.times(try pair("size", range: 1...4096) ?? .init(2, 2)), try interpolation("nearest")))
    case "Resizing":
      for key in ["crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"] where flag(key, else: false) {
        throw refuse("\(key) is not supported")
      }
      return .resize(
        .init(.pixels(.init(try count("height"), try count("width"))), try interpolation("bilinear")))
    case "Conv2DTranspose", "Convolution2DTranspose":
      return .transposedConvolution(
        filters: try count("filters"), window: try window("kernel_size", "dilation_rate"),
        outputPadding: try pair("output_padding", range: 0...4096), bias: flag("use_bias", else: true),
        try activation())
    default: return nil
    }
  }

  /// Layers with weights of their own kind.
  private func normalizationOfGroups() throws(Failure) -> Operation {
    switch kind {
    case "PReLU": return .parametricRelu(sharedAxes: try axes("shared_axes", else: []))
    case "LayerNormalization":
      guard !flag("rms_scaling", else: false) else { throw refuse("rms_scaling is not supported") }
      return .layerNormalization(
        axes: try axes("axis", else: [-1]), epsilon: Float(try number("epsilon", else: 1e-3)),
        center: flag("center", else: true), scale: flag("scale", else: true))
    case "RMSNormalization":
      return .rootMeanSquareNormalization(
        axes: try axes("axis", else: [-1]), epsilon: Float(try number("epsilon", else: 1e-6)))
    case "GroupNormalization":
      return .groupNormalization(
        groups: configuration["groups"]?.int == -1 ? 0 : try count("groups", else: 32),
        epsilon: Float(try number("epsilon", else: 1e-3)), center: flag("center", else: true),
        scale: flag("scale", else: true))
    case "UnitNormalization": return .unitNormalization(axes: try axes("axis", else: [-1]), epsilon: 1e-12)
    case "Lambda": throw refuse("Lambda layers hold program code, which is never run")
    default: throw refuse("\(kind) layers are not supported")
    }
  }

  /// A layer that one of Keras's own architectures brings with it.
  func operation(ofArchitecture name: String) throws(Failure) -> Operation {
    switch (name, kind) {
    case ("convnext", "LayerScale"): return .channelScale
    case ("convnext", "StochasticDepth"):
      return .dropout(rate: Float(try number("drop_path_rate", else: 0)), together: [0, 1, 2])
    default: throw refuse("\(kind) layers of \(name) are not supported")
    }
  }

  /// Nothing at inference, all of Keras's that say so.
  static let randomPreprocessing: Set<String> = [
    "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
    "RandomShear", "RandomErasing", "RandomGaussianBlur", "RandomColorDegeneration", "RandomColorJitter",
    "RandomElasticTransform", "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective",
    "RandomPosterization", "RandomSaturation", "RandomSharpness", "AugMix", "CutMix", "MixUp", "RandAugment",
  ]

  /// The data format, if layers of this class depend on it.
  func channelsFirst() throws(Failure) -> Bool? {
    let spatial =
      kind.hasSuffix("2D") || ["Resizing", "CenterCrop", "Conv2DTranspose"].contains(kind)
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
    case "BatchNormalization", "Softmax", "GroupNormalization":
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
    case .arithmetic, .concatenate: true
    default: false
    }
  }

  /// True for what computes something else in training.
  var differsInTraining: Bool {
    switch self {
    case .dropout, .batchNormalization, .identity: true
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
    case .activation(.relu), .activation(.thresholdedRelu): "ReLU"
    case .activation(.elu): "ELU"
    case .activation: "Activation"
    case .maximumPooling: "MaxPooling2D"
    case .averagePooling: "AveragePooling2D"
    case .globalMaximumPooling: "GlobalMaxPooling2D"
    case .globalAveragePooling: "GlobalAveragePooling2D"
    case .flatten: "Flatten"
    case .dense: "Dense"
    case .zeroPadding: "ZeroPadding2D"
    case .arithmetic(.power), .arithmetic(.divide): nil
    case .arithmetic(.add): "Add"
    case .arithmetic(.multiply): "Multiply"
    case .arithmetic(.subtract): "Subtract"
    case .arithmetic(.maximum): "Maximum"
    case .arithmetic(.minimum): "Minimum"
    case .arithmetic(.average): "Average"
    case .concatenate: "Concatenate"
    case .constant, .reduction, .slice, .channelScale: nil
    case .reshape: "Reshape"
    case .transpose: "Permute"
    case .centerCrop: "CenterCrop"
    case .resize: "Resizing"
    case .transposedConvolution: "Conv2DTranspose"
    case .layerNormalization: "LayerNormalization"
    case .rootMeanSquareNormalization: "RMSNormalization"
    case .groupNormalization: "GroupNormalization"
    case .unitNormalization: "UnitNormalization"
    case .parametricRelu: "PReLU"
    }
  }
}
