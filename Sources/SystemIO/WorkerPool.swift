import Synchronization

/// Threads that wait for work: jobs of numbered items, each of which the caller or one of the threads takes.
///
/// A job allocates nothing. The pool belongs to one thread at a time.
package final class WorkerPool {
  private let state = WorkerState()
  private var workers: [WorkerThread] = []

  /// Starts `threads` - 1 threads, which the caller's own completes.
  ///
  /// - Throws: ``Failure`` `.failed` if the system starts no more threads.
  package init(threads: Int) throws(Failure) {
    for thread in 1..<max(threads, 1) {
      do throws(Failure) {
        workers.append(try WorkerThread { [state] in state.work(thread) })
      } catch {
        close()
        throw error
      }
    }
  }

  deinit {
    close()
  }

  private func close() {
    state.close()
    for worker in workers { worker.join() }
    workers = []
  }

  /// Calls `body` once for each item below `count`, on any thread, of which the caller's is number 0; returns when all
  /// items are done. A thread that the system has not let begin meanwhile is not waited for.
  ///
  /// The closure is escaping, although the pool does not keep it, because one that is made once and reused costs no
  /// allocation at each call.
  package func run(_ count: Int, _ body: @escaping (_ thread: Int, _ item: Int) -> Void) {
    state.run(count, body)
  }
}

/// What the threads of a pool share.
private final class WorkerState: @unchecked Sendable {
  // The job's fields are written by the caller under the monitor while no thread works on one.
  private let monitor = Monitor()
  private var generation = 0
  /// Threads that have begun with the job and not ended, besides the caller's.
  private var working = 0
  private var isClosing = false
  private var body: ((_ thread: Int, _ item: Int) -> Void)?
  private var count = 0
  private let next = Atomic(0)

  func close() {
    monitor.locked {
      isClosing = true
      monitor.wakeAll()
    }
  }

  func run(_ count: Int, _ body: @escaping (Int, Int) -> Void) {
    monitor.locked {
      self.body = body
      self.count = count
      next.store(0, ordering: .relaxed)
      generation += 1
      monitor.wakeAll()
    }
    take(0, count, body)
    monitor.locked {
      // Who comes from now finds nothing to do.
      self.body = nil
      monitor.wait { working == 0 }
    }
  }

  private func take(_ thread: Int, _ count: Int, _ body: (Int, Int) -> Void) {
    while true {
      let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard item < count else { return }
      body(thread, item)
    }
  }

  func work(_ thread: Int) {
    var seen = 0
    while true {
      // Returned from the generic `locked`, the function would be wrapped in newly allocated memory at each call.
      var body: ((Int, Int) -> Void)?
      var count = 0
      monitor.locked {
        monitor.wait { generation != seen && self.body != nil || isClosing }
        seen = generation
        if !isClosing {
          (body, count) = (self.body, self.count)
          working += 1
        }
      }
      guard let body else { return }
      take(thread, count, body)
      monitor.locked {
        working -= 1
        if working == 0 { monitor.wakeAll() }
      }
    }
  }
}
