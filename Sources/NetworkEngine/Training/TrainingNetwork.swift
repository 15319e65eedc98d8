import COneDNN
import NetworkModel
import SystemIO

/// A model in training: forward with dropout and batch statistics, categorical cross-entropy, and backward, over
/// oneDNN. Weights and gradients lie in flat arrays, 32 bits each, in Keras's layout, for an optimizer to work on.
///
/// A network belongs to one thread at a time. Steps are planned once for each number of pictures; after that a step
/// allocates nothing.
package final class TrainingNetwork {
  /// How to compute.
  package struct Options: Sendable {
    /// Threads for each primitive; 0 for as many as OpenMP would use (`OMP_NUM_THREADS`).
    package var threads = 0
    /// The type of activations and weights in computation: f32 or bf16. The weights that the optimizer changes, and
    /// gradients, have 32 bits in both.
    package var precision = Precision.f32
    /// What the network's output is trained for.
    package var objective = TrainingObjective.classification(nil)

    /// All threads, f32, and classes without teachers unless given.
    package init(
      threads: Int = 0, precision: Precision = .f32, objective: TrainingObjective = .classification(nil)
    ) {
      self.threads = threads
      self.precision = precision
      self.objective = objective
    }
  }

  /// One weight of a layer inside a flat array, in Keras's layout. Parameters are in Keras's order of saving; each
  /// begins on a 64-byte boundary, so there may be gaps, which stay 0.
  package struct Parameter: Sendable, Equatable {
    /// The layer's name (its weights path if the name is not unique).
    package let layer: String
    /// `kernel`, `bias`, `gamma`, `beta`, `depthwise_kernel`, `moving_mean`…
    package let name: String
    /// The sides, in Keras's order.
    package let shape: [Int]
    /// Index of its first value in the flat array.
    package let offset: Int
    /// How many values it has.
    package let count: Int

    /// A weight at an index of the flat array.
    package init(layer: String, name: String, shape: [Int], offset: Int, count: Int) {
      self.layer = layer
      self.name = name
      self.shape = shape
      self.offset = offset
      self.count = count
    }
  }

  /// What one step found.
  package struct StepResult: Sendable, Equatable {
    /// Mean over the pictures of weight·loss: the cross-entropy, with teachers as ``Distillation`` has it, or of a detector
    /// its ``DetectionLoss``. Not a number if it, or one of the gradients, is not finite.
    package var loss: Double
    /// Pictures whose most probable class is their target's; of a detector, cells with an object that it found.
    package var correct: Int
    /// Pictures of the step.
    package var count: Int
    /// Of a detector, the part of boxes in the loss, before its weight.
    package var boxLoss = 0.0
    /// Of a detector, cells with an object.
    package var objectCells = 0
  }

  /// Values of one picture.
  package let inputCount: Int
  /// Classes, or of a detector the values of all cells.
  package let outputCount: Int
  /// The trainable weights.
  package var parameters: [Parameter] { store.table.parameters }
  /// Moving means and variances, in an array of their own.
  package var statistics: [Parameter] { store.table.statistics }

  private let engine: Engine
  private let store: ParameterStore
  private let type: ElementType
  private let objective: TrainingObjective
  private var source: ModelGraph
  private var trainingGraph: TrainingGraph
  private var plans: [(count: Int, plan: TrainingPlan)] = []
  private var arena = AlignedBuffer(byteCount: 0)
  private var last: TrainingPlan?
  /// Whether steps are timed, layer by layer (``takeTimes()``).
  package var isTimed = false

  /// - Parameter graph: The model, with its weights, ending in a softmax over its classes or, for a detector, in a map of
  ///   four values a cell.
  /// - Throws: ``Failure`` naming a layer that cannot be trained, or saying that this machine has no bfloat16.
  package init(_ graph: ModelGraph, _ options: Options = Options()) throws(Failure) {
    inputCount = graph.inputShape.reduce(1, *)
    outputCount = graph.outputShape.reduce(1, *)
    engine = try Engine(threads: options.threads)
    objective = options.objective
    switch options.precision {
    case .f32: type = .float32
    case .bf16:
      guard try ProcessorAbilities.here().hasFastBFloat16 else {
        throw Failure(
          .failed, step: "preparing training",
          cause: "this machine has no bfloat16 arithmetic (AVX-512 with BF16): train in f32")
      }
      type = .bfloat16
    case .int8:
      throw Failure(
        .usage, step: "preparing training",
        cause: "8-bit integers are for inference only: train in f32 or bf16")
    }
    store = try ParameterStore(graph)
    source = graph
    trainingGraph = try TrainingGraph(graph, objective.ending, isTrained: store.table.isTrained)
  }

  /// Plans a step over `count` pictures, if that has not been done.
  /// - Throws: ``Failure`` naming a layer that oneDNN cannot compute.
  package func prepare(count: Int) throws(Failure) { _ = try plan(count) }

  /// Plans that are kept: a full batch, the last one of an epoch, and a few more.
  private static let planLimit = 4

  private func plan(_ count: Int) throws(Failure) -> TrainingPlan {
    let plan: TrainingPlan
    if let found = plans.first(where: { $0.count == count }) {
      plan = found.plan
    } else {
      guard count > 0, count <= 4096 else {
        throw Failure(.usage, step: "planning", cause: "a batch of \(count) is not between 1 and 4096")
      }
      engine.adoptThreads()
      plan = try TrainingPlanner.plan(
        trainingGraph, store, count: count, classes: outputCount, objective, type, engine)
      if plans.count == Self.planLimit { plans.removeFirst() }
      plans.append((count, plan))
      if plan.arenaSize > arena.byteCount { arena = AlignedBuffer(byteCount: plan.arenaSize) }
    }
    plan.bind(to: arena)
    return plan
  }

  /// Forward in training mode, loss, backward. Afterwards the gradients are those of Keras's mean loss: the sum over
  /// pictures of weight·loss, divided by `count`. The moving statistics have moved; the weights have not.
  /// - Parameters:
  ///   - seed: Decides what dropout drops; the same step with the same seed gives the same bits.
  ///   - fill: Writes `count`·``inputCount`` values of pictures in the model's data format, `count`·``outputCount``
  ///     of targets (probabilities), and may change the weight of each picture from 1.
  /// - Throws: ``Failure`` if `fill` does or oneDNN fails; (`usage`) for a network that has teachers.
  package func step(
    count: Int, seed: UInt64,
    fill: (
      _ input: UnsafeMutableBufferPointer<Float>, _ targets: UnsafeMutableBufferPointer<Float>,
      _ exampleWeights: UnsafeMutableBufferPointer<Float>
    ) throws(Failure) -> Void
  ) throws(Failure) -> StepResult {
    guard objective.distillation == nil else {
      throw Failure(.usage, step: "a training step", cause: "the network has teachers, who were not asked")
    }
    let plan = try begin(count)
    try fill(plan.inputValues(count * inputCount), plan.targets.values, plan.exampleWeights.values)
    return try run(plan, seed: seed)
  }

  /// The same with teachers.
  /// - Parameter teach: Is given the pictures that `fill` wrote, and writes `count`·``outputCount`` probabilities of the
  ///   teachers, at the temperature of the objective's ``Distillation``.
  /// - Throws: ``Failure`` if `fill` or `teach` does, or oneDNN fails; (`usage`) for a network that has no teachers.
  package func step(
    count: Int, seed: UInt64,
    fill: (
      _ input: UnsafeMutableBufferPointer<Float>, _ targets: UnsafeMutableBufferPointer<Float>,
      _ exampleWeights: UnsafeMutableBufferPointer<Float>
    ) throws(Failure) -> Void,
    teach: (
      _ input: UnsafeBufferPointer<Float>, _ probabilities: UnsafeMutableBufferPointer<Float>
    ) throws(Failure) -> Void
  ) throws(Failure) -> StepResult {
    guard objective.distillation != nil else {
      throw Failure(.usage, step: "a training step", cause: "teachers without a loss for them")
    }
    let plan = try begin(count)
    let input = plan.inputValues(count * inputCount)
    try fill(input, plan.targets.values, plan.exampleWeights.values)
    try teach(UnsafeBufferPointer(input), plan.teachers.values)
    return try run(plan, seed: seed)
  }

  private func begin(_ count: Int) throws(Failure) -> TrainingPlan {
    let plan = try plan(count)
    plan.isTimed = isTimed
    plan.exampleWeights.values.update(repeating: 1)
    return plan
  }

  private func run(_ plan: TrainingPlan, seed: UInt64) throws(Failure) -> StepResult {
    // Teachers, too, have had threads at work.
    engine.adoptThreads()
    var context = TrainingPlan.Context(seed: seed)
    try plan.run(&context)
    last = plan
    // A rectifier turns NaN into 0, so the loss alone does not show it.
    if !hasFiniteGradients { context.loss = .nan }
    return StepResult(
      loss: context.loss, correct: context.correct, count: plan.count, boxLoss: context.boxLoss,
      objectCells: context.targets)
  }

  private var hasFiniteGradients: Bool {
    // 0 times NaN or infinity is NaN.
    var lanes = SIMD8<Float>.zero
    let bytes = UnsafeRawBufferPointer(store.gradients.values)
    for offset in stride(from: 0, to: bytes.count, by: 32) {
      lanes += bytes.load(fromByteOffset: offset, as: SIMD8<Float>.self) * 0
    }
    return lanes == .zero
  }

  /// The trainable weights; they may be changed.
  package func withWeights<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeMutableBufferPointer(rebasing: store.weights.values[..<store.table.trainableCount]))
  }

  /// The gradients of the last step, where the weights have their values.
  package func withGradients<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(store.gradients.values)
  }

  /// The moving means and variances; they may be changed.
  package func withStatistics<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(store.statistics.values)
  }

  /// The probabilities of the last step: a row of ``outputCount`` for each picture; none before the first. Of a detector,
  /// for each cell the probability of an object, the loss of that, the loss of the box, and 0.
  package func withOutput<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(last?.probabilities.values ?? .init(start: nil, count: 0)))
  }

  /// The graph with the present weights and statistics, to be written or evaluated.
  package func graph() -> ModelGraph {
    var graph = source
    store.write(&graph)
    return graph
  }

  /// Takes the weights and statistics of `graph`, which must be this model.
  /// - Throws: ``Failure`` (`badInput`) naming a layer that differs.
  package func load(_ graph: ModelGraph) throws(Failure) {
    guard graph.layers.count == source.layers.count else {
      throw Failure(
        .badInput, step: "taking weights",
        cause: "\(graph.layers.count) layers, the model has \(source.layers.count)")
    }
    for (new, old) in zip(graph.layers, source.layers) {
      guard new.operation == old.operation, new.weights.map(\.shape) == old.weights.map(\.shape),
        new.weights.allSatisfy({ $0.values.count == $0.shape.reduce(1, *) })
      else {
        throw Failure(
          .badInput, step: "taking weights", subject: "layer \(new.name)", cause: "it is not this model's")
      }
      // Values of layers that are not trained are built into plans.
    }
    source = graph
    trainingGraph = try TrainingGraph(graph, objective.ending, isTrained: store.table.isTrained)
    store.read(graph)
    plans = []
  }

  /// How long the layers took in the timed steps since this was last asked for.
  /// - Throws: ``Failure`` if oneDNN fails to multiply matrices, whose rate the times are compared with.
  package func takeTimes() throws(Failure) -> [LayerTime] {
    let rate = try engine.productRate(type)
    var sum = LayerTimes()
    for (count, plan) in plans {
      let pictures = Double(count * plan.timedRuns)
      for (step, isBackward, seconds) in plan.takeTimes() {
        sum.add(step, isBackward: isBackward, seconds: seconds, floor: 0)
      }
      guard pictures > 0 else { continue }
      for node in trainingGraph.nodes where node.isPresent {
        let products = node.products(inputs: node.inputs.map { trainingGraph.nodes[$0] })
        guard products.forward > 0 else { continue }
        sum.add(node.name, isBackward: false, seconds: 0, floor: Double(products.forward) * pictures / rate)
        sum.add(node.name, isBackward: true, seconds: 0, floor: Double(products.backward) * pictures / rate)
      }
    }
    return sum.all
  }

  /// The parts of a step over `count` pictures with the implementation that oneDNN chose for each, for profiles.
  package func steps(count: Int) throws(Failure) -> [(layer: String, implementation: String)] {
    try plan(count).description
  }
}
