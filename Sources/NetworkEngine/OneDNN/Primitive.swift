import COneDNN
import SystemIO

/// What a primitive does to its result before storing it.
enum PostOperation {
  case elementwise(ElementwiseFunction)
  /// The result is added to what the destination holds.
  case sum
}

/// A planned computation (`dnnl_primitive_t` with its descriptor).
final class Primitive {
  let native: OpaquePointer

  init(native: OpaquePointer) { self.native = native }

  deinit { cdnnl_primitive_destroy(native) }

  /// The layout that the library chose for a memory of `dimensions`; nil if there is no such memory.
  func layout(_ what: dnnl_query_t, _ dimensions: [Int] = [], _ type: ElementType = .float32)
    -> TensorLayout?
  {
    TensorLayout(of: native, what, dimensions: dimensions, type)
  }

  /// The name of the implementation that the library chose.
  var implementation: String { String(cString: cdnnl_primitive_implementation(native)) }

  /// Makes a primitive with post-operations and int8 scales; `body` calls the shim.
  static func make(
    _ subject: String, _ postOperations: [PostOperation] = [], scales: [Float] = [],
    _ body: (UnsafeMutablePointer<OpaquePointer?>, UnsafePointer<cdnnl_attributes>) -> dnnl_status_t
  ) throws(Failure) -> Primitive {
    let list = postOperations.map { operation -> cdnnl_post_op in
      switch operation {
      case .elementwise(let function):
        cdnnl_post_op(
          kind: cdnnl_post_eltwise, algorithm: function.algorithm, alpha: function.alpha, beta: function.beta)
      case .sum:
        cdnnl_post_op(kind: cdnnl_post_sum, algorithm: dnnl_alg_kind_undef, alpha: 0, beta: 0)
      }
    }
    var native: OpaquePointer?
    let status = list.withUnsafeBufferPointer { list in
      scales.withUnsafeBufferPointer { scales in
        var attributes = cdnnl_attributes(
          post_op_count: Int32(list.count), post_ops: list.baseAddress, scale_count: Int32(scales.count),
          scales: scales.baseAddress)
        return body(&native, &attributes)
      }
    }
    try check(status, subject)
    guard let native else { throw Failure(.failed, step: "oneDNN", subject: subject, cause: "none made") }
    return Primitive(native: native)
  }
}

extension Primitive {
  /// Runs once with the given memories; only for set-up, because it makes an array.
  func execute(_ engine: Engine, _ arguments: [(Int, TensorMemory)]) throws(Failure) {
    var all = arguments.map { dnnl_exec_arg_t(arg: Int32($0.0), memory: $0.1.native) }
    var scratchpad: TensorMemory?
    if let layout = layout(dnnl_query_scratchpad_md), layout.byteCount > 0 {
      let memory = try TensorMemory(layout, engine)
      all.append(dnnl_exec_arg_t(arg: Int32(cdnnl_arg_scratchpad), memory: memory.native))
      scratchpad = memory
    }
    try check(
      cdnnl_primitive_execute(native, engine.stream, Int32(all.count), all), "running a primitive")
    try check(cdnnl_stream_wait(engine.stream), "running a primitive")
    withExtendedLifetime(scratchpad) {}
  }
}
