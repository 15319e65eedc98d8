import SystemIO
import Testing

@testable import NetworkEngine

/// The threads that share out loops and primitives.
struct ParallelTests {
  /// Adds up how often each index was done.
  private static func counts(_ count: Int, _ threads: Int, rounds: Int = 1) -> [Int] {
    var done = [Int](repeating: 0, count: count)
    done.withUnsafeMutableBufferPointer { done in
      nonisolated(unsafe) let done = done
      for _ in 0..<rounds {
        parallel(count, threads, least: 1) { range in for index in range { done[index] += 1 } }
      }
    }
    return done
  }

  @Test(arguments: [1, 2, 3, 7, 100]) func eachIndexIsDoneOnce(threads: Int) throws {
    try Engine(threads: threads).adoptThreads()
    for count in [1, 2, 5, 63, 64, 65, 1000] {
      #expect(Self.counts(count, threads) == [Int](repeating: 1, count: count), "\(count)")
    }
  }

  /// Small regions, one after the other, of which a thread that looks late must not take a part of the next.
  @Test func manySmallRegionsFollowEachOther() throws {
    try Engine(threads: 4).adoptThreads()
    #expect(Self.counts(9, 4, rounds: 20_000) == [Int](repeating: 20_000, count: 9))
  }

  @Test func regionsInsideRegionsAreOnePart() throws {
    try Engine(threads: 3).adoptThreads()
    var sums = [Int](repeating: 0, count: 12)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      parallel(sums.count, 3, least: 1) { outer in
        for index in outer { parallel(5, 3, least: 1) { inner in sums[index] += inner.count } }
      }
    }
    #expect(sums == [Int](repeating: 5, count: 12))
  }

  /// Each thread has a team of its own, which ends with it.
  @Test func severalThreadsBeginRegions() throws {
    let monitor = Monitor()
    nonisolated(unsafe) var isRight = true
    let threads = try (0..<4).map { _ in
      try WorkerThread {
        try? Engine(threads: 2).adoptThreads()
        let done = Self.counts(50, 2, rounds: 500)
        monitor.locked { isRight = isRight && done == [Int](repeating: 500, count: 50) }
      }
    }
    for thread in threads { thread.join() }
    #expect(monitor.locked { isRight })
  }
}
