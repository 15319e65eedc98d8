import COneDNN
import SystemIO

/// Primitives that do not depend on each other, each made for one part, which the threads take one after the other.
final class PrimitivesAtOnce {
  private let primitives: [(primitive: Primitive, arguments: [dnnl_exec_arg_t])]
  private let statuses: UnsafeMutableBufferPointer<dnnl_status_t>

  init(_ primitives: [(primitive: Primitive, arguments: [dnnl_exec_arg_t])]) {
    self.primitives = primitives
    statuses = .allocate(capacity: primitives.count)
    statuses.initialize(repeating: dnnl_success)
  }

  deinit { statuses.deallocate() }

  /// The name of the implementation that oneDNN chose.
  var implementation: String { primitives.first?.primitive.implementation ?? "" }

  /// Runs all of them; allocates nothing.
  func run(_ engine: Engine, _ subject: @autoclosure () -> String) throws(Failure) {
    parallel(primitives.count, Int(cdnnl_get_threads()), least: 2) { range in
      for index in range {
        let (primitive, arguments) = primitives[index]
        statuses[index] = arguments.withUnsafeBufferPointer {
          cdnnl_primitive_execute(primitive.native, engine.stream, Int32($0.count), $0.baseAddress)
        }
      }
    }
    for status in statuses where status != dnnl_success { try check(status, subject()) }
  }
}
