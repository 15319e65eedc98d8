import Glibc
import SystemIO
import Testing

struct ProcessorsTests {
  private typealias Affinity = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> CInt

  /// Counts, in a thread of its own, after the thread has been bound to that many of its processors.
  private func counted(boundTo limit: Int) throws -> (before: Int, after: Int)? {
    guard let get = dlsym(nil, "sched_getaffinity"), let set = dlsym(nil, "sched_setaffinity") else {
      return nil
    }
    let (getAffinity, setAffinity) = (
      unsafeBitCast(get, to: Affinity.self), unsafeBitCast(set, to: Affinity.self)
    )
    final class Counts: @unchecked Sendable { var found: (before: Int, after: Int)? }
    let counts = Counts()
    let thread = try WorkerThread {
      let size = MemoryLayout<cpu_set_t>.size
      var allowed = cpu_set_t()
      guard getAffinity(0, size, &allowed) == 0 else { return }
      let before = Processors.available
      var left = limit
      withUnsafeMutableBytes(of: &allowed) { bytes in
        for place in bytes.indices {
          while bytes[place].nonzeroBitCount > left { bytes[place] &= bytes[place] - 1 }
          left -= bytes[place].nonzeroBitCount
        }
      }
      guard setAffinity(0, size, &allowed) == 0 else { return }
      counts.found = (before, Processors.available)
    }
    thread.join()
    return counts.found
  }

  @Test(arguments: [1, 2]) func thoseThatAThreadIsBoundTo(_ limit: Int) throws {
    let online = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    #expect((1...max(1, online)).contains(Processors.available))
    // Nil on a machine of more processors than a set has room for.
    guard let counts = try counted(boundTo: limit) else { return }
    #expect(counts.before == Processors.available)
    #expect(counts.after == min(limit, counts.before))
  }
}
