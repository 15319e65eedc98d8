import CAllocationCounter

/// Counts what chosen threads allocate; other tests, which run at the same time on other threads, are not counted.
enum AllocationCounter {
  /// The allocations of the two threads (or of one, the other being 0) while `body` runs.
  static func count(_ threads: (UInt, UInt), _ body: () throws -> Void) rethrows -> Int {
    counting_begin(threads.0, threads.1)
    do {
      try body()
    } catch {
      _ = counting_end()
      throw error
    }
    return counting_end()
  }

  /// The calling thread, as ``count(_:_:)`` takes it.
  static var thread: UInt { counting_thread() }
}
