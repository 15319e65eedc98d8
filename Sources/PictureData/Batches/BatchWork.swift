import SystemIO

/// What a loader shares with the threads that prepare its batches: a ring of slots, a step each.
final class BatchWork: @unchecked Sendable {
  let plan: BatchPlan
  private let monitor = Monitor()
  private var slots: [Slot]
  /// Changed by ``begin(epoch:fromStep:)``, while no thread prepares anything; read by the loader's thread.
  private(set) var epoch = 0
  private(set) var order: [Int] = []
  /// The step that the loader gives next, and the one that a thread prepares next.
  private(set) var nextStep: Int
  private var nextToPrepare: Int
  private var isStopped = false

  private struct Slot {
    enum State { case free, filling, ready }
    var state = State.free
    let batch: Batch
  }

  /// - Parameter slots: batches that may be ready at a time; 0 if none is prepared ahead.
  init(_ plan: BatchPlan, slots: Int) {
    self.plan = plan
    nextStep = plan.stepCount
    nextToPrepare = plan.stepCount
    let batch = min(plan.options.batch, plan.set.count)
    self.slots = (0..<slots).map { _ in
      Slot(
        batch: Batch(
          input: .allocate(capacity: batch * plan.input.count),
          targets: .allocate(capacity: batch * plan.set.classes.count),
          weights: .allocate(capacity: batch)))
    }
  }

  deinit {
    for slot in slots {
      slot.batch.input.deallocate()
      slot.batch.targets.deallocate()
      slot.batch.weights.deallocate()
    }
  }

  func stop() {
    monitor.locked {
      isStopped = true
      monitor.wakeAll()
    }
  }

  func begin(epoch: Int, fromStep step: Int) {
    let order = plan.order(ofEpoch: epoch)
    monitor.locked {
      nextToPrepare = plan.stepCount
      monitor.wait { slots.allSatisfy { $0.state != .filling } }
      for number in slots.indices { slots[number].state = .free }
      self.epoch = epoch
      self.order = order
      nextStep = min(max(step, 0), plan.stepCount)
      nextToPrepare = nextStep
      monitor.wakeAll()
    }
  }

  /// The step was made by the loader's own thread.
  func skip() { nextStep += 1 }

  /// Copies the next batch, waiting until it is ready.
  func take(_ count: Int, into target: Batch) {
    let number = nextStep % slots.count
    monitor.locked { monitor.wait { slots[number].state == .ready } }
    let batch = slots[number].batch
    target.input.update(from: batch.input, count: count * plan.input.count)
    target.targets.update(from: batch.targets, count: count * plan.set.classes.count)
    target.weights.update(from: batch.weights, count: count)
    monitor.locked {
      slots[number].state = .free
      nextStep += 1
      monitor.wakeAll()
    }
  }

  /// A thread's work: prepares one step after the other until ``stop()``.
  func prepare() {
    var maker = BatchMaker(plan)
    while true {
      let job = monitor.locked { () -> (step: Int, epoch: Int, order: [Int], number: Int, batch: Batch)? in
        monitor.wait {
          isStopped
            || nextToPrepare < plan.stepCount && slots[nextToPrepare % slots.count].state == .free
              && nextToPrepare < nextStep + slots.count
        }
        if isStopped { return nil }
        let step = nextToPrepare
        nextToPrepare += 1
        let number = step % slots.count
        slots[number].state = .filling
        return (step, epoch, order, number, slots[number].batch)
      }
      guard let job else { return }
      maker.make(step: job.step, epoch: job.epoch, order: job.order, into: job.batch)
      monitor.locked {
        slots[job.number].state = .ready
        monitor.wakeAll()
      }
    }
  }
}
