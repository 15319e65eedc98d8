import COneDNN
import SystemIO

/// Turns a ``TrainingGraph`` into a ``TrainingPlan`` for one number of pictures.
///
/// Forward first; each node leaves on a tape what its backward part has to do. Memory formats are the library's
/// choice: convolutions and products ask for any, everything else takes what it is given.
struct TrainingPlanner {
  private let context: TrainingContext
  private let plain: PlainTrainingLayers
  private let products: ProductTrainingLayers
  private let branches: BranchTrainingLayers
  private let loops: LoopTrainingLayers
  private var plan: TrainingPlan { context.plan }

  private init(_ context: TrainingContext) {
    self.context = context
    plain = PlainTrainingLayers(context: context)
    products = ProductTrainingLayers(context: context)
    branches = BranchTrainingLayers(context: context)
    loops = LoopTrainingLayers(context: context)
  }

  static func plan(
    _ graph: TrainingGraph, _ store: ParameterStore, count: Int, classes: Int, _ objective: TrainingObjective,
    _ type: ElementType, _ engine: Engine
  ) throws(Failure) -> TrainingPlan {
    let plan = TrainingPlan(count: count, classes: classes, objective.distillation, engine)
    let context = TrainingContext(
      graph: graph, plan: plan, engine: engine,
      parameters: TrainingParameters(store, plan, type, engine), tape: GradientTape(graph, plan, engine),
      type: type, threads: engine.threads > 0 ? engine.threads : max(Int(cdnnl_get_threads()), 1))
    let planner = TrainingPlanner(context)
    for index in graph.nodes.indices where graph.nodes[index].isPresent {
      do throws(Failure) {
        try planner.forward(index)
      } catch {
        throw error.within("layer \(graph.nodes[index].name)")
      }
    }
    let loss = try LossTrainingLayer(context: context).loss(graph.logits, classes, objective)
    plan.beginBackward()
    try context.tape.run(from: graph.logits, loss)
    plan.finish()
    return plan
  }

  private func forward(_ index: Int) throws(Failure) {
    let node = context.graph.nodes[index]
    var value: TrainingPlan.Value
    switch node.kind {
    case .input:
      value = try plan.value(context.plain(context.dimensions(node.shape)), .float32)
      plan.input = value.slot
    case .flatten(let channelsLast):
      value = try plain.flatten(index)
      value.channelsLast = channelsLast
      context.tape.keep(value, of: index)
      return
    case .elementwise(let function): value = try plain.elementwise(index, function)
    case .affine(let scale, let offset): value = try plain.affine(index, scale, offset)
    case .convolution(let shape): value = try products.convolution(index, shape)
    case .dense(let units): value = try products.dense(index, units)
    case .batchNormalization(let epsilon, let momentum):
      value = try NormalizationTrainingLayer(context: context).batchNormalization(index, epsilon, momentum)
    case .pooling(let maximum, let window, let padding):
      value = try PoolingTrainingLayers(context: context).pooling(
        index, context.tape.input(index), maximum, window, padding)
    case .globalPooling(let maximum):
      value = try PoolingTrainingLayers(context: context).globalPooling(index, maximum)
    case .softmax: value = try plain.softmax(index)
    case .padding(let padding): value = try plain.pad(index, padding)
    case .arithmetic(let kind): value = try branches.combine(index, kind)
    case .concatenate(let axis): value = try branches.concatenate(index, axis)
    case .dropout(let rate, let together):
      value = try DropoutTrainingLayer(context: context).dropout(index, rate, together)
    case .constant(let values): value = try loops.constant(index, values)
    case .parameter: value = try loops.parameter(index)
    case .scalar(let function): value = try loops.scalar(index, function)
    case .reduction(let kind, let axes): value = try loops.reduce(index, kind, axes)
    case .reshape: value = try loops.reshape(index)
    case .transpose(let order): value = try loops.transpose(index, order)
    case .slice(let starts, let size, let steps):
      guard steps.allSatisfy({ $0 == 1 }) else {
        throw Failure(
          .badInput, step: "preparing training", cause: "a slice with steps cannot be trained with")
      }
      value = try loops.slice(index, starts, size)
    case .resample(let resizing): value = try loops.resample(index, resizing)
    case .standardize(let standardization): value = try loops.standardize(index, standardization)
    case .transposedConvolution(let shape): value = try products.transposedConvolution(index, shape)
    }
    value.channelsLast =
      node.inputs.first.flatMap { context.tape.values[$0]?.channelsLast } ?? !context.graph.channelsFirst
    // A picture has the model's own order, whatever a row that it came from had.
    if node.shape.count == 3 { value.channelsLast = !context.graph.channelsFirst }
    context.tape.keep(value, of: index)
  }
}
