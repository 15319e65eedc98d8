import COneDNN
import SystemIO

/// Runs a model over pictures in f32 and watches the results of its layers, for the ranges that int8 needs.
///
/// It belongs to one thread at a time.
package final class Calibrator {
  private let engine: Engine
  private let graph: ComputeGraph
  private let weights: WeightStore
  private let inputCount: Int
  private var observers: [RangeObserver]
  private var plans: [Int: Plan] = [:]
  /// Pictures observed so far.
  package private(set) var pictures = 0

  /// - Throws: ``Failure`` if weights are missing or oneDNN cannot start.
  package init(_ model: ExpressionModel, threads: Int = 0) throws(Failure) {
    engine = try Engine(threads: threads)
    graph = try ComputeGraph(model.graph)
    weights = WeightStore(engine)
    inputCount = model.graph.inputShape.reduce(1, *)
    observers = graph.nodes.map { _ in RangeObserver() }
  }

  /// Runs the network on pictures that lie one after the other, as its input wants them.
  /// - Throws: ``Failure`` if they are not whole pictures, or oneDNN fails.
  package func observe(_ inputs: [Float]) throws(Failure) {
    let batch = inputCount > 0 ? inputs.count / inputCount : 0
    guard batch > 0, batch <= 4096, batch * inputCount == inputs.count else {
      throw Failure(.usage, step: "calibration", cause: "not whole pictures of \(inputCount) values")
    }
    let plan = try plan(batch)
    guard let input = plan.bytes(of: plan.input) else {
      throw Failure(.failed, step: "calibration", cause: "the plan has no memory")
    }
    engine.adoptThreads()
    inputs.withUnsafeBytes { input.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    try plan.run(engine)
    for result in plan.results {
      guard let bytes = plan.bytes(of: result.slot) else { continue }
      // Whatever order the values lie in; a blocked layout's padding is zero.
      observers[result.node].observe(
        UnsafeBufferPointer(
          start: bytes.assumingMemoryBound(to: Float.self),
          count: result.layout.byteCount / MemoryLayout<Float>.stride))
    }
    pictures += batch
  }

  private func plan(_ batch: Int) throws(Failure) -> Plan {
    if let plan = plans[batch] { return plan }
    engine.adoptThreads()
    let plan = try Planner.plan(
      graph, batch: batch, engine, weights, NumberFormats(graph, .f32), keepsResults: true)
    plan.bind(to: AlignedBuffer(byteCount: plan.arenaSize))
    plans[batch] = plan
    return plan
  }

  /// What was seen; layers of which nothing but zeros or infinities were seen are left out, and stay f32.
  package var calibration: Calibration {
    var ranges: [String: ActivationRange] = [:]
    for (key, observer) in zip(graph.keys, observers) {
      if let range = observer.range, range.isUsable { ranges[key] = range }
    }
    return Calibration(pictures: pictures, ranges: ranges)
  }
}

/// Compares what a model answers in several precisions, picture by picture.
package final class PrecisionComparison {
  private let networks: [(precision: Precision, network: Network)]
  private var counts: [Precision: (found: Int, agreeing: Int)] = [:]
  /// Pictures compared so far.
  package private(set) var pictures = 0

  /// - Parameters:
  ///   - precisions: Besides f32, which always takes part.
  ///   - calibration: The ranges for int8.
  /// - Throws: ``Failure`` if a network cannot be made.
  package init(
    _ model: ExpressionModel, _ precisions: [Precision], calibration: Calibration, threads: Int = 0
  ) throws(Failure) {
    var networks: [(Precision, Network)] = []
    for precision in [.f32] + precisions.filter({ $0 != .f32 }) {
      networks.append(
        (
          precision,
          try Network(model.graph, threads: threads, precision: precision, calibration: calibration)
        ))
      counts[precision] = (0, 0)
    }
    self.networks = networks
  }

  /// Runs all of them on pictures that lie one after the other.
  /// - Parameter labels: The index of each picture's class.
  package func compare(_ inputs: [Float], labels: [Int]) throws(Failure) {
    var reference: [Int] = []
    for (precision, network) in networks {
      let results = try network.predict(inputs)
      let answers = labels.indices.map { index in
        let row = results[(index * network.outputCount)..<((index + 1) * network.outputCount)]
        return (row.indices.max { row[$0] < row[$1] } ?? row.startIndex) - row.startIndex
      }
      if precision == .f32 { reference = answers }
      for index in labels.indices {
        counts[precision]?.found += answers[index] == labels[index] ? 1 : 0
        counts[precision]?.agreeing += answers[index] == reference[index] ? 1 : 0
      }
    }
    pictures += labels.count
  }

  /// The fractions found; nil if no picture was compared.
  package func accuracy() throws(Failure) -> Calibration.Accuracy? {
    guard pictures > 0 else { return nil }
    let total = Double(pictures)
    return Calibration.Accuracy(
      pictures: pictures, found: counts.mapValues { Double($0.found) / total },
      agreement: counts.filter { $0.key != .f32 }.mapValues { Double($0.agreeing) / total },
      hadIntegerDotProduct: try ProcessorAbilities.here().hasIntegerDotProduct)
  }
}
