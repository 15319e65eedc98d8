import COneDNN
import NetworkModel
import SystemIO

/// An elementwise function as oneDNN knows it: algorithm, alpha and beta.
struct ElementwiseFunction {
  var algorithm: dnnl_alg_kind_t
  var alpha: Float = 0
  var beta: Float = 0
}

/// An operation that multiplies its source with a kernel.
enum ProductOperation {
  case convolution(Window, Padding)
  case innerProduct
}

extension Primitive {
  /// What a primitive is for. The layouts of a backward one are those of the gradients.
  enum Direction {
    case inference
    case training
    /// The gradient of the source, for a forward primitive.
    case backward(Primitive)
    /// The gradient of kernel and bias, for a forward primitive.
    case backwardWeights(Primitive)

    fileprivate var native: dnnl_prop_kind_t {
      switch self {
      case .inference: dnnl_forward_inference
      case .training: dnnl_forward_training
      case .backward: dnnl_backward_data
      case .backwardWeights: dnnl_backward_weights
      }
    }

    fileprivate var forward: OpaquePointer? {
      switch self {
      case .inference, .training: nil
      case .backward(let primitive), .backwardWeights(let primitive): primitive.native
      }
    }
  }

  /// A convolution or inner product. Layouts may be left to it (``TensorLayout/any(_:_:)``).
  /// - Parameter scales: Of 8-bit kernels, one for each output channel.
  static func product(
    _ operation: ProductOperation, _ direction: Direction, source: TensorLayout, kernel: TensorLayout,
    bias: TensorLayout?, destination: TensorLayout, _ engine: Engine, post: [PostOperation] = [],
    scales: [Float] = []
  ) throws(Failure) -> Primitive {
    let parts = engine.parts(operation, direction, source: source, kernel: kernel)
    return try engine.limited(to: parts) { () throws(Failure) in
      switch operation {
      case .convolution(let window, let padding):
        let dilation = Window.Pair(window.dilation.height - 1, window.dilation.width - 1)
        return try make("convolution", post, scales: scales) {
          cdnnl_convolution_create(
            $0, engine.engine, direction.native, direction.forward, source.native, kernel.native,
            bias?.native, destination.native, window.strides.native, dilation.native, padding.before,
            padding.after, $1)
        }
      case .innerProduct:
        return try make("inner product", post, scales: scales) {
          cdnnl_inner_product_create(
            $0, engine.engine, direction.native, direction.forward, source.native, kernel.native,
            bias?.native, destination.native, $1)
        }
      }
    }
  }

  /// Products of matrices, one for each index of the leading dimension.
  /// - Parameter adds: Whether they are added to what the destination holds.
  static func matrixProducts(
    _ source: TensorLayout, _ weights: TensorLayout, _ destination: TensorLayout, _ engine: Engine,
    adds: Bool = false
  ) throws(Failure) -> Primitive {
    try make("products of matrices", adds ? [.sum] : []) {
      cdnnl_matmul_create($0, engine.engine, source.native, weights.native, destination.native, $1)
    }
  }

  /// The largest value under each window, or the average of those inside the picture.
  static func pooling(
    maximum: Bool, _ window: Window, _ padding: Padding, _ direction: Direction, source: TensorLayout,
    destination: TensorLayout, _ engine: Engine
  ) throws(Failure) -> Primitive {
    try make("pooling") {
      cdnnl_pooling_create(
        $0, engine.engine, direction.native, direction.forward,
        maximum ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding, source.native, destination.native,
        window.strides.native, window.kernel.native, padding.before, padding.after, $1)
    }
  }

  /// A function of each value.
  static func elementwise(
    _ function: ElementwiseFunction, _ direction: Direction, _ layout: TensorLayout, _ engine: Engine,
    post: [PostOperation] = []
  ) throws(Failure) -> Primitive {
    try make("elementwise function", post) {
      cdnnl_eltwise_create(
        $0, engine.engine, direction.native, direction.forward, function.algorithm, function.alpha,
        function.beta, layout.native, $1)
    }
  }

  /// Along the channels.
  static func softmax(_ direction: Direction, _ layout: TensorLayout, _ engine: Engine) throws(Failure)
    -> Primitive
  {
    try make("softmax") {
      cdnnl_softmax_create($0, engine.engine, direction.native, direction.forward, 1, layout.native, $1)
    }
  }

  /// At inference.
  /// - Parameter flags: A sum of `dnnl_normalization_flags_t`.
  static func batchNormalization(
    epsilon: Float, flags: UInt32, _ layout: TensorLayout, _ engine: Engine
  ) throws(Failure) -> Primitive {
    try make("batch normalization") {
      cdnnl_batch_normalization_create($0, engine.engine, epsilon, flags, layout.native, $1)
    }
  }

  /// The sum, product and the like of two tensors, of which the second may have sides of 1.
  static func binary(
    _ algorithm: dnnl_alg_kind_t, _ first: TensorLayout, _ second: TensorLayout, _ result: TensorLayout,
    _ engine: Engine, post: [PostOperation] = []
  ) throws(Failure) -> Primitive {
    try make("sum or product", post) {
      cdnnl_binary_create(
        $0, engine.engine, algorithm, first.native, second.native, result.native, $1)
    }
  }

  /// Along one of oneDNN's dimensions.
  static func concatenation(_ sources: [TensorLayout], axis: Int, _ engine: Engine) throws(Failure)
    -> Primitive
  {
    let layouts = sources.map { Optional($0.native) }
    return try make("concatenation") {
      cdnnl_concat_create($0, engine.engine, Int32(axis), Int32(layouts.count), layouts, $1)
    }
  }

  /// A copy from one layout to another, each value times `factor`; integers are rounded and kept within their range.
  /// - Parameter adds: Whether it is added to what the destination holds.
  static func reorder(
    _ source: TensorLayout, _ destination: TensorLayout, _ engine: Engine, factor: Float = 1,
    adds: Bool = false
  ) throws(Failure) -> Primitive {
    try make("reorder", adds ? [.sum] : [], scales: factor == 1 ? [] : [factor]) { result, attributes in
      cdnnl_reorder_create(result, engine.engine, source.native, destination.native, attributes)
    }
  }

  /// The layout that the library chose for a memory that the primitive must have.
  /// - Throws: ``Failure`` (`failed`) if it has no such memory.
  func chosenLayout(_ what: dnnl_query_t, _ dimensions: [Int], _ type: ElementType = .float32)
    throws(Failure) -> TensorLayout
  {
    guard let layout = layout(what, dimensions, type) else {
      throw Failure(.failed, step: "oneDNN", cause: "a primitive has no layouts")
    }
    return layout
  }
}

extension Engine {
  /// The most parts that a product may be divided into; nil for no limit.
  ///
  /// Sums over the pictures of a batch, and those of few large matrices, are shared out among parts that wait for each
  /// other. Small ones are one part: faster so, and their last bits do not depend on the number of threads.
  fileprivate func parts(
    _ operation: ProductOperation, _ direction: Primitive.Direction, source: TensorLayout,
    kernel: TensorLayout
  ) -> Int? {
    switch (operation, direction) {
    case (.innerProduct, _):
      let products = source.dimensions[0] * kernel.dimensions.reduce(1, *)
      return products <= 1 << 28 ? 1 : Int(cdnnl_get_threads())
    case (.convolution, .backwardWeights):
      return source.dimensions[0] == 1 ? 1 : Int(cdnnl_get_threads())
    default: return nil
    }
  }
}

extension Window.Pair {
  fileprivate var native: [Int64] { [Int64(height), Int64(width)] }
}

extension Padding {
  fileprivate var before: [Int64] { [Int64(top), Int64(left)] }
  fileprivate var after: [Int64] { [Int64(bottom), Int64(right)] }
}

extension Window {
  /// The dimensions of its results over a picture of the dimensions `source` (batch, channels, height, width).
  func results(over source: [Int], _ padding: Padding) -> [Int] {
    [
      source[0], source[1],
      (source[2] + padding.top + padding.bottom - kernel.height) / strides.height + 1,
      (source[3] + padding.left + padding.right - kernel.width) / strides.width + 1,
    ]
  }
}
