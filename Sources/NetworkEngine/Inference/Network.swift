import COneDNN
import NetworkModel
import SystemIO

/// A model that runs: its graph planned over oneDNN, once for each batch size that is asked for.
///
/// After ``prepare(batch:)`` a prediction of that batch size allocates nothing. A network belongs to one thread at
/// a time.
package final class Network {
  /// The model's input: height, width and channels in its data format.
  package let inputShape: [Int]
  /// True if a picture is stored as channels, height, width; otherwise as height, width, channels.
  package let channelsFirst: Bool
  /// Values of one picture.
  package let inputCount: Int
  /// Values of one result, or of the first of several: the number of classes.
  package var outputCount: Int { outputCounts[0] }
  /// Values of each result for one picture.
  package let outputCounts: [Int]

  /// The numbers it computes with.
  package var precision: Precision { numbers.precision }

  let engine: Engine
  private let graph: InferenceGraph
  private let numbers: NumberFormats
  private let weights: WeightStore
  private var plans: [Int: Plan] = [:]
  private var arena = AlignedBuffer(byteCount: 0)

  /// - Parameters:
  ///   - graph: The model, with its weights.
  ///   - threads: Threads for each primitive; 0 for as many as OpenMP would use (`OMP_NUM_THREADS`).
  ///   - precision: The numbers to compute with; bf16 needs a processor for it.
  ///   - calibration: The ranges that int8 needs; layers without one compute in f32.
  /// - Throws: ``Failure`` if weights are missing, oneDNN cannot start, or int8 has no calibration.
  package init(
    _ graph: ModelGraph, threads: Int = 0, precision: Precision = .f32, calibration: Calibration? = nil
  ) throws(Failure) {
    inputShape = graph.inputShape
    channelsFirst = graph.channelsFirst
    inputCount = graph.inputShape.reduce(1, *)
    outputCounts = graph.outputs.map { graph.layers[$0].shape.reduce(1, *) }
    engine = try Engine(threads: threads)
    var joined = try InferenceGraph(graph)
    if precision == .int8 {
      guard let calibration else {
        throw Failure(.badInput, step: "precision int8", cause: "the model has no calibration")
      }
      let hasDotProduct = try ProcessorAbilities.here().hasIntegerDotProduct
      if hasDotProduct, SeparableConvolutions.multipliesIntegersFast { joined = joined.joiningHeads() }
      numbers = NumberFormats(joined, calibration.ranges, hasIntegerDotProduct: hasDotProduct)
    } else {
      if precision == .f32, SeparableConvolutions.isFast { joined = joined.joiningHeads() }
      numbers = NumberFormats(joined, precision)
    }
    self.graph = joined
    weights = WeightStore(engine)
  }

  /// Plans for `batch` pictures at once, if that has not been done.
  /// - Throws: ``Failure`` naming the layer that oneDNN cannot compute.
  package func prepare(batch: Int) throws(Failure) { _ = try plan(batch) }

  /// The plan for `batch` pictures, made if there is none yet, with its tensors in place.
  func plan(_ batch: Int) throws(Failure) -> Plan {
    let plan: Plan
    if let found = plans[batch] {
      plan = found
    } else {
      guard batch > 0, batch <= 4096 else {
        throw Failure(.usage, step: "planning", cause: "a batch of \(batch) is not between 1 and 4096")
      }
      engine.adoptThreads()
      plan = try InferencePlanner.plan(graph, batch: batch, engine, weights, numbers)
      plans[batch] = plan
      if plan.arenaSize > arena.byteCount { arena = AlignedBuffer(byteCount: plan.arenaSize) }
    }
    plan.bind(to: arena)
    return plan
  }

  /// Computes the results of `batch` pictures.
  /// - Parameters:
  ///   - fill: Writes the pictures: `batch`·``inputCount`` values. If it throws, nothing is computed.
  ///   - read: Is given the results: `batch`·``outputCount`` values, valid during the call.
  /// - Throws: What `fill` throws; ``Failure`` if oneDNN fails.
  package func predict<Result>(
    batch: Int, fill: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Void,
    read: (UnsafeBufferPointer<Float>) -> Result
  ) throws(Failure) -> Result {
    try predict(batch: batch, fill: fill) { read($0[0]) }
  }

  /// Computes all that a network gives for `batch` pictures.
  /// - Parameters:
  ///   - fill: Writes the pictures: `batch`·``inputCount`` values. If it throws, nothing is computed.
  ///   - read: Is given the results, valid during the call.
  /// - Throws: What `fill` and `read` throw; ``Failure`` if oneDNN fails.
  package func predict<Result>(
    batch: Int = 1, fill: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Void,
    results read: (NetworkResults) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let plan = try plan(batch)
    guard let input = plan.bytes(of: plan.input) else {
      throw Failure(.failed, step: "prediction", cause: "the plan has no memory")
    }
    engine.adoptThreads()
    try fill(
      UnsafeMutableBufferPointer(
        start: input.assumingMemoryBound(to: Float.self), count: batch * inputCount))
    try plan.run(engine)
    return try read(NetworkResults(plan: plan, counts: outputCounts))
  }

  /// Computes the results of pictures that lie one after the other; for tests and single use.
  package func predict(_ pictures: [Float]) throws(Failure) -> [Float] {
    guard inputCount > 0, !pictures.isEmpty, pictures.count % inputCount == 0 else {
      throw Failure(
        .usage, step: "prediction", cause: "\(pictures.count) values are not whole pictures of \(inputCount)")
    }
    return try predict(batch: pictures.count / inputCount) { input in
      _ = input.update(fromContentsOf: pictures)
    } read: {
      Array($0)
    }
  }

  /// The steps of a plan with the implementation that oneDNN chose for each, and whether it multiplies integers; for
  /// profiles.
  package func steps(batch: Int) throws(Failure) -> [(
    layer: String, implementation: String, multipliesIntegers: Bool
  )] {
    try plan(batch).steps.map { ($0.name, $0.implementation, $0.multipliesIntegers) }
  }
}

/// What a network has computed, until it computes again.
package struct NetworkResults {
  fileprivate let plan: Plan
  fileprivate let counts: [Int]

  /// How many outputs the network has.
  package var count: Int { counts.count }

  /// The values of an output, those of one picture after the other.
  package subscript(output: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: plan.floats(plan.outputs[output]), count: plan.batch * counts[output])
  }
}
