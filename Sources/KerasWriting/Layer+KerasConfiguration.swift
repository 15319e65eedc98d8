import FrameStream
import NetworkModel

extension Layer {
  /// Keras 3's class for this layer.
  var kerasClass: String {
    // The name of an activation says nothing of the axis.
    if operation == .activation(.softmax), kind == "Softmax" { return kind }
    if module != nil { return kind }
    if configuration != nil {
      switch operation {
      case .resize, .slice, .dropout, .arithmetic, .identity, .reduction, .channelScale: return kind
      default: break
      }
    }
    return operation.kerasClass ?? (configuration == nil ? "Activation" : kind)
  }

  /// True for one of Keras's operations on tensors, which are no layers.
  var isOperation: Bool { module.map { !$0.contains("applications") } ?? false }

  /// Writes the keys of the layer's configuration that its class adds.
  /// - Parameter hasFreeSize: Whether the input's picture may have any size.
  func writeConfiguration(channelsFirst: Bool, hasFreeSize: Bool, _ writer: inout JSONWriter) {
    let format = channelsFirst ? "channels_first" : "channels_last"
    // An operation on tensors has the keys that it was read with.
    if isOperation { return writeOwnConfiguration(&writer) }
    switch operation {
    case .input:
      writer.key("batch_shape")
      writer.shape(shape, hasFreeSize: hasFreeSize)
    case .identity: writeOwnConfiguration(&writer)
    case .dropout(let rate, let together):
      if configuration?["rate"] != nil || configuration?["drop_path_rate"] != nil {
        writeOwnConfiguration(&writer)
      } else {
        writer.field("rate", rate)
        if !together.isEmpty {
          writer.key("noise_shape")
          writer.array {
            $0.null()
            for side in shape.indices {
              if together.contains(side) { $0.value(1) } else { $0.null() }
            }
          }
        }
      }
    case .affine(let scale, let offset):
      writer.field("scale", scale)
      writer.field("offset", offset)
    case .normalization(let perChannel, let inverse):
      writer.key("axis")
      if perChannel { writer.value(channelsFirst ? 1 : -1) } else { writer.null() }
      writer.field("invert", inverse)
    case .convolution(let filters, let window, let groups, let bias, let activation):
      writer.field("filters", filters)
      writer.convolution(window, format, groups: groups, bias: bias, activation)
    case .depthwiseConvolution(let multiplier, let window, let bias, let activation):
      writer.field("depth_multiplier", multiplier)
      writer.convolution(window, format, bias: bias, activation)
    case .separableConvolution(let filters, let multiplier, let window, let bias, let activation):
      writer.field("filters", filters)
      writer.field("depth_multiplier", multiplier)
      writer.convolution(window, format, bias: bias, activation)
    case .batchNormalization(let epsilon, let momentum, let center, let scale):
      writer.field("axis", channelsFirst && shape.count == 3 ? 1 : -1)
      writer.field("epsilon", epsilon)
      writer.field("momentum", momentum)
      writer.field("center", center)
      writer.field("scale", scale)
    case .activation(.relu(let slope, let maximum)):
      writer.field("negative_slope", slope)
      writer.field("max_value", maximum)
    case .activation(.thresholdedRelu(let slope, let maximum, let threshold)):
      writer.field("negative_slope", slope)
      writer.field("max_value", maximum)
      writer.field("threshold", threshold)
    case .activation(.elu(let alpha)): writer.field("alpha", alpha)
    case .activation(.softmax) where kind == "Softmax":
      writer.field("axis", channelsFirst && shape.count == 3 ? 1 : -1)
    case .activation(let activation): writer.field(activation)
    case .maximumPooling(let window), .averagePooling(let window):
      writer.field("pool_size", window.kernel)
      writer.field(window, format)
    case .globalMaximumPooling(let keeping), .globalAveragePooling(let keeping):
      writer.field("keepdims", keeping)
      writer.field("data_format", format)
    case .flatten(let pixelsFirst):
      writer.field("data_format", pixelsFirst ? "channels_first" : "channels_last")
    case .dense(let units, let bias, let activation):
      writer.field("units", units)
      writer.field("use_bias", bias)
      writer.field(activation)
    case .zeroPadding(let top, let bottom, let left, let right):
      writer.key("padding")
      writer.array {
        $0.array { for side in [top, bottom] { $0.value(side) } }
        $0.array { for side in [left, right] { $0.value(side) } }
      }
      writer.field("data_format", format)
    case .arithmetic, .constant: break
    case .concatenate(let axis):
      let side = axis.map { $0 < 0 ? $0 : $0 + 1 }
      writer.field("axis", side ?? (channelsFirst && shape.count == 3 ? 1 : -1))
    case .reduction, .reshape, .transpose, .slice, .centerCrop, .resize, .transposedConvolution,
      .layerNormalization, .rootMeanSquareNormalization, .groupNormalization, .unitNormalization,
      .parametricRelu, .channelScale:
      // These are only read, never made here: what the file said of them holds.
      writeOwnConfiguration(&writer)
    }
  }

  /// The keys that a file gave, but for those that are written anyway or that Keras 3 does not take.
  private func writeOwnConfiguration(_ writer: inout JSONWriter) {
    guard let fields = configuration?.object?.fields else {
      if !isOperation { writer.field(Activation.linear) }
      return
    }
    var dropped =
      isOperation
      ? ["name"] : ["name", "trainable", "dtype", "batch_input_shape", "batch_shape", "input_shape"]
    // Keras 2 wrote it there, where Keras 3 has none.
    if kind == "SpatialDropout2D" { dropped.append("noise_shape") }
    for (key, value) in fields where !dropped.contains(key) {
      writer.field(key, value)
    }
  }
}

extension JSONWriter {
  /// One number, or a list.
  fileprivate mutating func field(_ key: StaticString, _ values: [Float]) {
    self.key(key)
    if values.count == 1 {
      value(values[0])
    } else {
      array { for value in values { $0.value(value) } }
    }
  }

  fileprivate mutating func field(_ key: StaticString, _ pair: Window.Pair) {
    self.key(key)
    array { for side in [pair.height, pair.width] { $0.value(side) } }
  }

  /// A window's strides and padding, and the data format.
  fileprivate mutating func field(_ window: Window, _ format: String) {
    field("strides", window.strides)
    field("padding", window.same ? "same" : "valid")
    field("data_format", format)
  }

  /// What every convolution has; `groups` is nil for a class that does not take them.
  fileprivate mutating func convolution(
    _ window: Window, _ format: String, groups: Int? = nil, bias: Bool, _ activation: Activation
  ) {
    field("kernel_size", window.kernel)
    field(window, format)
    field("dilation_rate", window.dilation)
    if let groups { field("groups", groups) }
    field("use_bias", bias)
    field(activation)
  }

  fileprivate mutating func field(_ activation: Activation) {
    key("activation")
    if let name = activation.kerasName {
      value(name)
      return
    }
    object { object in
      object.field("module", "keras.layers")
      object.field("class_name", Operation.activation(activation).kerasClass ?? "Activation")
      object.key("config")
      object.object { configuration in
        switch activation {
        case .relu(let slope, let maximum):
          configuration.field("negative_slope", slope)
          configuration.field("max_value", maximum)
        case .thresholdedRelu(let slope, let maximum, let threshold):
          configuration.field("negative_slope", slope)
          configuration.field("max_value", maximum)
          configuration.field("threshold", threshold)
        case .elu(let alpha): configuration.field("alpha", alpha)
        default: break
        }
      }
      object.key("registered_name")
      object.null()
    }
  }
}
