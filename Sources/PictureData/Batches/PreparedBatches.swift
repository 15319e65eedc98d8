import SystemIO

/// Batches that threads of their own prepare while the network computes: a ring of slots, a step each.
///
/// What a batch holds does not depend on the number of threads. For one thread at a time.
package final class PreparedBatches<Source: BatchSource> {
  private let work: BatchWork<Source>
  private var threads: [WorkerThread] = []
  private var maker: Source.Maker

  /// - Parameter threads: Threads that prepare batches ahead; 0 to prepare each when it is asked for.
  /// - Throws: ``Failure`` if a thread cannot be started, or batches cannot be made.
  package init(_ source: Source, threads count: Int) throws(Failure) {
    maker = try source.makeMaker()
    work = BatchWork(source, slots: count > 0 ? count + 2 : 0)
    for _ in 0..<count { threads.append(try WorkerThread { [work] in work.prepare() }) }
  }

  deinit {
    work.stop()
    for thread in threads { thread.join() }
  }

  /// What the batches are made of.
  package var source: Source { work.source }

  /// Goes to a step of an epoch: what follows is the same as if all before it had been asked for.
  package func begin(_ epoch: Source.Maker.Epoch, fromStep step: Int) {
    work.begin(epoch, fromStep: step)
  }

  /// Pictures of the next batch; 0 at the epoch's end.
  package var nextCount: Int { work.source.count(ofStep: work.nextStep) }

  /// Writes the next batch, of ``nextCount`` pictures.
  /// - Throws: ``Failure`` if it cannot be made.
  package func next(into batch: Batch) throws(Failure) {
    let count = nextCount
    guard count > 0, let epoch = work.epoch else { return }
    if threads.isEmpty {
      try maker.make(step: work.nextStep, of: epoch, into: batch)
      work.skip()
    } else {
      try work.take(count, into: batch)
    }
  }
}

/// What batches share with the threads that prepare them.
private final class BatchWork<Source: BatchSource>: @unchecked Sendable {
  let source: Source
  private let monitor = Monitor()
  private var slots: [Slot]
  /// Changed by ``begin(_:fromStep:)``, while no thread prepares anything; read by the thread that takes batches.
  private(set) var epoch: Source.Maker.Epoch?
  /// The step that is given next, and the one that a thread prepares next.
  private(set) var nextStep: Int
  private var nextToPrepare: Int
  private var isStopped = false
  /// What kept a thread from its work.
  private var failure: Failure?

  private struct Slot {
    enum State { case free, filling, ready }
    var state = State.free
    let batch: Batch
  }

  /// - Parameter slots: batches that may be ready at a time; 0 if none is prepared ahead.
  init(_ source: Source, slots: Int) {
    self.source = source
    nextStep = source.stepCount
    nextToPrepare = source.stepCount
    self.slots = (0..<slots).map { _ in Slot(batch: .allocate(for: source)) }
  }

  deinit { for slot in slots { slot.batch.deallocate() } }

  func stop() {
    monitor.locked {
      isStopped = true
      monitor.wakeAll()
    }
  }

  func begin(_ epoch: Source.Maker.Epoch, fromStep step: Int) {
    monitor.locked {
      nextToPrepare = source.stepCount
      monitor.wait { slots.allSatisfy { $0.state != .filling } || failure != nil }
      for number in slots.indices { slots[number].state = .free }
      self.epoch = epoch
      nextStep = min(max(step, 0), source.stepCount)
      nextToPrepare = nextStep
      monitor.wakeAll()
    }
  }

  /// The step was made by the thread that takes batches.
  func skip() { nextStep += 1 }

  /// Copies the next batch, waiting until it is ready.
  func take(_ count: Int, into target: Batch) throws(Failure) {
    let number = nextStep % slots.count
    let problem = monitor.locked { () -> Failure? in
      monitor.wait { slots[number].state == .ready || self.failure != nil }
      return slots[number].state == .ready ? nil : self.failure
    }
    if let problem { throw problem }
    target.copy(slots[number].batch, count, of: source)
    monitor.locked {
      slots[number].state = .free
      nextStep += 1
      monitor.wakeAll()
    }
  }

  /// A thread's work: prepares one step after the other until ``stop()``, or until it fails.
  func prepare() {
    do throws(Failure) { try prepareAll() } catch {
      monitor.locked {
        failure = error
        monitor.wakeAll()
      }
    }
  }

  private func prepareAll() throws(Failure) {
    var maker = try source.makeMaker()
    while true {
      let job = monitor.locked { () -> (step: Int, epoch: Source.Maker.Epoch, number: Int, batch: Batch)? in
        monitor.wait {
          isStopped
            || nextToPrepare < source.stepCount && slots[nextToPrepare % slots.count].state == .free
              && nextToPrepare < nextStep + slots.count
        }
        guard !isStopped, let epoch else { return nil }
        let step = nextToPrepare
        nextToPrepare += 1
        let number = step % slots.count
        slots[number].state = .filling
        return (step, epoch, number, slots[number].batch)
      }
      guard let job else { return }
      try maker.make(step: job.step, of: job.epoch, into: job.batch)
      monitor.locked {
        slots[job.number].state = .ready
        monitor.wakeAll()
      }
    }
  }
}
