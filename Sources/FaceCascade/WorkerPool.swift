import Glibc
import Synchronization
import SystemIO

/// Threads that wait for work: jobs of numbered items, which the threads and the caller take one after another.
final class WorkerPool {
  private let state = WorkerState()
  private var handles: [pthread_t] = []

  /// - Throws: ``Failure`` if the system has no more threads.
  init(threads: Int) throws(Failure) {
    for thread in 1..<threads {
      let start = Unmanaged.passRetained(Start(state: state, thread: thread))
      var handle = pthread_t()
      let error = pthread_create(
        &handle, nil,
        { argument in
          let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
          start.state.work(start.thread)
          return nil
        }, start.toOpaque())
      guard error == 0 else {
        start.release()
        close()
        throw Failure(.failed, step: "cannot start threads", cause: String(cString: strerror(error)))
      }
      handles.append(handle)
    }
  }

  /// What a thread begins with.
  private final class Start {
    let state: WorkerState
    let thread: Int

    init(state: WorkerState, thread: Int) {
      self.state = state
      self.thread = thread
    }
  }

  deinit {
    close()
  }

  private func close() {
    state.close()
    for handle in handles { pthread_join(handle, nil) }
    handles = []
  }

  /// Calls `body` once for each item below `count`, on any thread, 0 being the caller's; returns when all are done.
  ///
  /// An escaping closure, although none escapes: one that is made once and kept costs no allocation at each call.
  func run(_ count: Int, _ body: @escaping (_ thread: Int, _ item: Int) -> Void) {
    state.run(count, others: handles.count, body)
  }
}

/// What the threads of a pool share.
private final class WorkerState: @unchecked Sendable {
  // The job's fields are written by the caller under the lock while no thread works on one.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let begun = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var generation = 0
  private var working = 0
  private var isClosing = false
  private var body: ((_ thread: Int, _ item: Int) -> Void)?
  private var count = 0
  private let next = Atomic(0)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(begun, nil)
    pthread_cond_init(finished, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(begun)
    pthread_cond_destroy(finished)
    mutex.deallocate()
    begun.deallocate()
    finished.deallocate()
  }

  func close() {
    pthread_mutex_lock(mutex)
    isClosing = true
    pthread_cond_broadcast(begun)
    pthread_mutex_unlock(mutex)
  }

  func run(_ count: Int, others: Int, _ body: @escaping (Int, Int) -> Void) {
    pthread_mutex_lock(mutex)
    self.body = body
    self.count = count
    next.store(0, ordering: .relaxed)
    working = others
    generation += 1
    pthread_cond_broadcast(begun)
    pthread_mutex_unlock(mutex)
    take(0, count, body)
    pthread_mutex_lock(mutex)
    while working > 0 { pthread_cond_wait(finished, mutex) }
    self.body = nil
    pthread_mutex_unlock(mutex)
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
    pthread_mutex_lock(mutex)
    while true {
      while generation == seen && !isClosing { pthread_cond_wait(begun, mutex) }
      if isClosing { break }
      seen = generation
      if let body {
        let count = count
        pthread_mutex_unlock(mutex)
        take(thread, count, body)
        pthread_mutex_lock(mutex)
      }
      working -= 1
      if working == 0 { pthread_cond_signal(finished) }
    }
    pthread_mutex_unlock(mutex)
  }
}
