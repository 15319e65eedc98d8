import SystemIO

/// Weights in the layouts that primitives chose, each reordered once and shared by the plans of all batch sizes.
final class WeightStore {
  private let engine: Engine
  private var memories: [String: [TensorMemory]] = [:]

  init(_ engine: Engine) { self.engine = engine }

  /// `values`, which lie as `source` says, in `layout`. `role` distinguishes a node's weights.
  func memory<Element: BitwiseCopyable>(
    _ node: Int, _ role: String, _ values: @autoclosure () -> [Element], _ source: TensorLayout,
    in layout: TensorLayout
  ) throws(Failure) -> TensorMemory {
    let key = "\(node)/\(role)"
    if let found = memories[key]?.first(where: { $0.layout.isEqual(to: layout) }) { return found }
    let plain = try TensorMemory(values(), source, engine)
    let memory: TensorMemory
    if source.isEqual(to: layout) {
      memory = plain
    } else {
      memory = try TensorMemory(layout, engine)
      try Primitive.reorder(source, layout, engine).execute(
        engine, [(Argument.source, plain), (Argument.destination, memory)])
    }
    memories[key, default: []].append(memory)
    return memory
  }
}
