import Glibc

/// A lock with a condition: threads wait in it for what other threads change under it.
package final class Monitor: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  /// An unlocked monitor.
  package init() {
    lock = .allocate(capacity: 1)
    lock.initialize(to: pthread_mutex_t())
    condition = .allocate(capacity: 1)
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(lock, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(condition)
    lock.deallocate()
    condition.deallocate()
  }

  /// Runs `body` with the lock held.
  package func locked<Result, Problem: Error>(_ body: () throws(Problem) -> Result) throws(Problem) -> Result
  {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body()
  }

  /// Gives up the lock until another thread calls ``wakeAll()``; the lock must be held.
  package func wait() {
    pthread_cond_wait(condition, lock)
  }

  /// Waits with the lock held until `isReady` says so.
  package func wait(until isReady: () -> Bool) {
    while !isReady() { wait() }
  }

  /// Wakes all threads that wait in it; the lock should be held.
  package func wakeAll() {
    pthread_cond_broadcast(condition)
  }
}

/// A thread of the operating system, for work that blocks.
package final class WorkerThread {
  private var handle = pthread_t()
  private var isJoinable: Bool

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread that runs `body`.
  /// - Throws: ``Failure`` if the system cannot start one.
  package init(_ body: @escaping @Sendable () -> Void) throws(Failure) {
    let context = Unmanaged.passRetained(Body(body))
    // Signals are for the main thread: others would have their system calls interrupted for nothing.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    // Faults are the thread's own; blocked, they would end the process without its handler.
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT] { sigdelset(&all, fault) }
    pthread_sigmask(SIG_SETMASK, &all, &before)
    let code = pthread_create(
      &handle, nil,
      { context in
        Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    pthread_sigmask(SIG_SETMASK, &before, nil)
    guard code == 0 else {
      context.release()
      throw Failure(.failed, step: "starting a thread", cause: systemMessage(code))
    }
    isJoinable = true
  }

  deinit {
    // Nobody joins it: the system releases it when it ends.
    if isJoinable { pthread_detach(handle) }
  }

  /// Waits until the thread has ended; returns at once if that has been waited for before.
  package func join() {
    if isJoinable { pthread_join(handle, nil) }
    isJoinable = false
  }
}
