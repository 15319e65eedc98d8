import Synchronization
import SystemIO
import Testing

@Suite struct WorkerPoolTests {
  /// How often each item of a job ran, and the greatest thread number.
  private final class Runs: Sendable {
    let counts = Mutex<[Int]>([])
    let greatest = Mutex(0)

    init(_ count: Int) { counts.withLock { $0 = [Int](repeating: 0, count: count) } }

    func note(_ thread: Int, _ item: Int) {
      counts.withLock { $0[item] += 1 }
      greatest.withLock { $0 = max($0, thread) }
    }
  }

  @Test(arguments: [1, 2, 5], [0, 1, 2, 100]) func everyItemRunsOnce(threads: Int, count: Int) throws {
    let pool = try WorkerPool(threads: threads)
    for _ in 0..<20 {
      let runs = Runs(count)
      pool.run(count) { runs.note($0, $1) }
      #expect(runs.counts.withLock { $0 } == [Int](repeating: 1, count: count))
      #expect(runs.greatest.withLock { $0 } < threads)
    }
  }

  /// Two items that wait for each other: only two threads can finish them.
  @Test func itemsRunAtTheSameTime() throws {
    let pool = try WorkerPool(threads: 2)
    let arrived = Mutex(0)
    pool.run(2) { _, _ in
      arrived.withLock { $0 += 1 }
      while arrived.withLock({ $0 }) < 2 {}
    }
    #expect(arrived.withLock { $0 } == 2)
  }

  @Test func aPoolWithoutWorkEnds() throws {
    for _ in 0..<10 { _ = try WorkerPool(threads: 3) }
  }
}
