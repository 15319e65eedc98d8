import COneDNN
import SystemIO

/// Turns an ``InferenceGraph`` into a ``Plan`` for one batch size, one primitive after the other.
///
/// Memory formats are the library's choice: convolutions and products ask for any, and everything else takes what
/// it is given, so that data are reordered only where two choices differ.
struct InferencePlanner {
  private let context: InferenceContext
  private let plain: PlainInferenceLayers
  private let products: ProductInferenceLayers
  private let pooling: PoolingInferenceLayers
  private let branches: BranchInferenceLayers
  private let loops: LoopInferenceLayers

  private init(_ context: InferenceContext) {
    self.context = context
    plain = PlainInferenceLayers(context: context)
    products = ProductInferenceLayers(context: context)
    pooling = PoolingInferenceLayers(context: context)
    branches = BranchInferenceLayers(context: context)
    loops = LoopInferenceLayers(context: context)
  }

  /// - Parameter keepsResults: Whether every node's result is to be readable after a run (``Plan/results``).
  static func plan(
    _ graph: InferenceGraph, batch: Int, _ engine: Engine, _ weights: WeightStore, _ numbers: NumberFormats,
    keepsResults: Bool = false
  ) throws(Failure) -> Plan {
    let context = InferenceContext(graph, batch: batch, engine, weights, numbers, keepsResults: keepsResults)
    let planner = InferencePlanner(context)
    var input: PlanBuilder.Value?
    let needed = graph.needed
    for (index, node) in graph.nodes.enumerated()
    where needed[index] && !context.separable.joined.contains(index) {
      do throws(Failure) {
        var value = try planner.value(of: node, index)
        value.channelsLast =
          node.inputs.first.flatMap { context.values[$0]?.channelsLast } ?? !graph.channelsFirst
        if case .flatten(let channelsLast) = node.kind { value.channelsLast = channelsLast }
        // A picture has the model's own order, whatever a row that it came from had.
        if node.shape.count == 3 { value.channelsLast = !graph.channelsFirst }
        context.values[index] = value
        if keepsResults {
          context.builder.keep(value)
          context.builder.plan.results.append((index, value.slot, value.layout))
        }
        if case .input = node.kind { input = value }
      } catch {
        throw error.within("layer \(node.name)")
      }
    }
    guard let input else { throw Failure(.failed, step: "planning", cause: "the network has no input") }
    var outputs: [PlanBuilder.Value] = []
    for index in graph.outputs {
      guard let value = context.values[index] else {
        throw Failure(.failed, step: "planning", cause: "the network has no output")
      }
      let name = graph.nodes[index].name
      outputs.append(try context.row(context.number(value, as: .float, name), name, .float32))
    }
    return context.builder.finish(input: input, outputs: outputs)
  }

  private func value(of node: InferenceNode, _ index: Int) throws(Failure) -> PlanBuilder.Value {
    switch node.kind {
    case .input: return try context.builder.value(context.plain(context.dimensions(node.shape)))
    case .flatten: return try context.input(node)
    case .elementwise(let function):
      return try plain.elementwise(node.name, [function] + node.post, context.real(node))
    case .affine(let scale, let offset): return try plain.affine(node, index, scale, offset)
    case .convolution(let convolution): return try products.convolution(node, index, convolution)
    case .dense(let units): return try products.dense(node, index, units)
    case .pooling(let maximum, let window, let padding):
      return try pooling.pooling(
        node, maximum ? context.input(node) : context.real(node), maximum, window, padding)
    case .globalPooling(let maximum): return try pooling.globalPooling(node, maximum)
    case .softmax: return try plain.softmax(node)
    case .padding(let padding): return try plain.pad(node, padding)
    case .arithmetic(let kind): return try branches.combine(node, kind)
    case .concatenate(let axis): return try branches.concatenate(node, index, axis)
    case .constant(let values): return try loops.constant(node, values)
    case .parameter: return try loops.constant(node, node.kernel)
    case .scalar(let function): return try loops.scalar(node, function)
    case .reduction(let kind, let axes): return try loops.reduce(node, kind, axes)
    case .reshape: return try loops.reshape(node)
    case .transpose(let order): return try loops.transpose(node, order)
    case .slice(let starts, let size, let steps): return try loops.slice(node, starts, size, steps)
    case .resample(let resizing): return try loops.resample(node, resizing)
    case .standardize(let standardization): return try loops.standardize(node, standardization)
    case .transposedConvolution(let convolution):
      return try products.transposedConvolution(node, index, convolution)
    case .batchNormalization, .dropout:
      throw Failure(.failed, step: "planning", cause: "a step of training is left at inference")
    }
  }
}
