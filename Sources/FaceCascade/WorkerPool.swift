import Glibc
import Synchronization
import SystemIO

/// Threads that wait for work: jobs of numbered items, which the threads and the caller take one after another.
final class WorkerPool: @unchecked Sendable {
  // The job's fields are written by the caller under the lock while no thread works on one.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let begun = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var handles: [pthread_t] = []
  private var generation = 0
  private var working = 0
  private var isClosing = false
  private var body: ((_ thread: Int, _ item: Int) -> Void)?
  private var count = 0
  private let next = Atomic(0)

  /// - Throws: ``Failure`` if the system has no more threads.
  init(threads: Int) throws(Failure) {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(begun, nil)
    pthread_cond_init(finished, nil)
    for thread in 1..<threads {
      let start = Unmanaged.passRetained(Start(pool: self, thread: thread))
      var handle = pthread_t()
      let error = pthread_create(
        &handle, nil,
        { argument in
          let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
          start.pool.work(start.thread)
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

  /// What a thread begins with. The pool outlives its threads, which its deinit waits for.
  private final class Start {
    unowned let pool: WorkerPool
    let thread: Int

    init(pool: WorkerPool, thread: Int) {
      self.pool = pool
      self.thread = thread
    }
  }

  deinit {
    close()
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(begun)
    pthread_cond_destroy(finished)
    mutex.deallocate()
    begun.deallocate()
    finished.deallocate()
  }

  private func close() {
    pthread_mutex_lock(mutex)
    isClosing = true
    pthread_cond_broadcast(begun)
    pthread_mutex_unlock(mutex)
    for handle in handles { pthread_join(handle, nil) }
    handles = []
  }

  /// Calls `body` once for each item below `count`, on any thread, 0 being the caller's; returns when all are done.
  func run(_ count: Int, _ body: (_ thread: Int, _ item: Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      pthread_mutex_lock(mutex)
      self.body = body
      self.count = count
      next.store(0, ordering: .relaxed)
      working = handles.count
      generation += 1
      pthread_cond_broadcast(begun)
      pthread_mutex_unlock(mutex)
      take(0, count, body)
      pthread_mutex_lock(mutex)
      while working > 0 { pthread_cond_wait(finished, mutex) }
      self.body = nil
      pthread_mutex_unlock(mutex)
    }
  }

  private func take(_ thread: Int, _ count: Int, _ body: (Int, Int) -> Void) {
    while true {
      let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard item < count else { return }
      body(thread, item)
    }
  }

  private func work(_ thread: Int) {
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
