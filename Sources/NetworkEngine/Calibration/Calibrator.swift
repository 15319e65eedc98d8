import COneDNN
import NetworkModel
import SystemIO

/// The ranges of layers' results, gathered from one graph or several of the same layers: a network at several sizes.
package final class RangeSurvey {
  fileprivate var observers: [String: RangeObserver] = [:]
  /// Pictures observed so far.
  package fileprivate(set) var pictures = 0

  /// Nothing seen yet.
  package init() {}

  /// What was seen; layers of which nothing but zeros or infinities were seen are left out, and stay f32.
  package var calibration: Calibration {
    Calibration(
      pictures: pictures, ranges: observers.compactMapValues { $0.range.flatMap { $0.isUsable ? $0 : nil } })
  }
}

/// Runs a model over pictures in f32 and watches the results of its layers, for the ranges that int8 needs.
///
/// It belongs to one thread at a time.
package final class Calibrator {
  private let engine: Engine
  private let graph: InferenceGraph
  private let weights: WeightStore
  private let inputCount: Int
  private let survey: RangeSurvey
  private var plans: [Int: Plan] = [:]
  /// Pictures observed so far.
  package var pictures: Int { survey.pictures }

  /// - Parameter survey: Where what is seen goes.
  /// - Throws: ``Failure`` if weights are missing or oneDNN cannot start.
  package init(_ model: ModelGraph, threads: Int = 0, into survey: RangeSurvey = RangeSurvey())
    throws(Failure)
  {
    self.survey = survey
    engine = try Engine(threads: threads)
    graph = try InferenceGraph(model)
    weights = WeightStore(engine)
    inputCount = model.inputShape.reduce(1, *)
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
      survey.observers[graph.nodes[result.node].key, default: RangeObserver()].observe(
        UnsafeBufferPointer(
          start: bytes.assumingMemoryBound(to: Float.self),
          count: result.layout.byteCount / MemoryLayout<Float>.stride))
    }
    survey.pictures += batch
  }

  private func plan(_ batch: Int) throws(Failure) -> Plan {
    if let plan = plans[batch] { return plan }
    engine.adoptThreads()
    let plan = try InferencePlanner.plan(
      graph, batch: batch, engine, weights, NumberFormats(graph, .f32), keepsResults: true)
    plan.bind(to: AlignedBuffer(byteCount: plan.arenaSize))
    plans[batch] = plan
    return plan
  }

  /// What was seen.
  package var calibration: Calibration { survey.calibration }
}
