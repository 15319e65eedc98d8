import SystemIO

/// A value of an ONNX graph while it is turned into layers.
enum ONNXValue {
  /// It does not depend on the picture.
  case known(ONNXTensor)
  case computed(ONNXComputed)

  /// Its sides, the batch's included, which is 1.
  var shape: [Int] {
    switch self {
    case .known(let tensor): tensor.shape
    case .computed(let value): value.shape
    }
  }
}

/// What a layer gives, as the ONNX graph sees it.
///
/// The layer's values may lie in another order than ONNX's: those of convolutions have the channels last. So most
/// transposes move nothing, and the engine sees the same graph whatever the order of the file is.
struct ONNXComputed {
  /// The layer that gives it.
  var layer: Int
  /// ONNX's own sides, the batch's included, which is 1.
  var shape: [Int]
  /// The axis that each side of the layer's result is. Axes that are left out have one value.
  var order: [Int]

  /// Axes of more than one value, in the layer's order.
  var longAxes: [Int] { order.filter { shape[$0] > 1 } }
}
