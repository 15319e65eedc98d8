extension Operation {
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
