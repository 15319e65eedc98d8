import FrameStream
import NetworkModel

extension Layer {
  /// What the layer's Keras configuration says of a weight: its `initializer` or `regularizer`.
  package func setting(of weight: String, _ role: String) -> JSONValue? {
    // A depthwise convolution's kernel, and both kernels of a separable one, go by short names there.
    let names =
      switch weight {
      case "kernel": ["kernel", "depthwise"]
      case "depthwise_kernel": ["depthwise"]
      case "pointwise_kernel": ["pointwise"]
      default: [weight]
      }
    for name in names {
      if let found = configuration?["\(name)_\(role)"], !found.isNull { return found }
    }
    return nil
  }
}
