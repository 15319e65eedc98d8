/// Which trial is trained further: asynchronous successive halving (Li et al., A System for Massively Parallel Hyperparameter
/// Tuning, arXiv:1810.05934).
///
/// Trials are trained for few epochs first; the best part of those that have reached a rung is trained on to the
/// next. No process waits for another: each uses the records so far.
package struct SuccessiveHalving: Sendable, Equatable {
  /// Epochs at which trials are compared, the last one being the whole training.
  package let rungs: [Int]
  /// One trial in this many is trained further.
  package let reduction: Int

  /// - Parameters:
  ///   - first: Epochs of the first rung.
  ///   - epochs: Epochs of a whole training.
  package init(first: Int, epochs: Int, reduction: Int) {
    var rungs: [Int] = []
    var next = max(first, 1)
    while next < epochs {
      rungs.append(next)
      let (product, overflow) = next.multipliedReportingOverflow(by: max(reduction, 2))
      next = overflow ? epochs : product
    }
    self.rungs = rungs + [epochs]
    self.reduction = max(reduction, 2)
  }

  /// The next trial to train on.
  /// - Parameters:
  ///   - records: Those of all processes.
  ///   - seed: The process's own; only its own trials are promoted, so that no trial is trained twice.
  ///   - isFinishing: Whether the process has no new trial to begin: then the best of a rung is promoted even if too few
  ///     have reached it, so that a search ends with a whole training.
  /// - Returns: A record of the rung below, or nil if a new trial is to begin.
  package func promotion(_ records: [TrialRecord], seed: Int, isFinishing: Bool = false) -> TrialRecord? {
    for rung in rungs.indices.dropLast().reversed() {
      let promoted = Set(records.lazy.filter { $0.rung == rung + 1 && $0.seed == seed }.map(\.number))
      let reached = records.filter { $0.rung == rung && $0.score != nil }
      let best = reached.sorted { a, b in
        // Of equals the earlier trial, so that all processes agree.
        (b.score ?? 0, a.number, a.seed) < (a.score ?? 0, b.number, b.seed)
      }.prefix(max(reached.count / reduction, isFinishing ? 1 : 0))
      for record in best where record.seed == seed {
        if !promoted.contains(record.number) { return record }
      }
    }
    return nil
  }
}
