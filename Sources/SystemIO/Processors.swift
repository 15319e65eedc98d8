import Glibc

/// The processors of this machine, as far as this process may use them.
package enum Processors {
  private typealias Affinity = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> CInt

  /// Looked up by name: glibc's header shows it to C programs with `_GNU_SOURCE` only.
  private static let affinity = dlsym(nil, "sched_getaffinity").map { unsafeBitCast($0, to: Affinity.self) }

  /// How many the calling thread may run on (`sched_getaffinity(2)`, which `taskset` and cpusets bound); at least 1.
  package static var available: Int {
    var allowed = cpu_set_t()
    // It fails where the system has more processors than the set has room for.
    guard let affinity, affinity(0, MemoryLayout.size(ofValue: allowed), &allowed) == 0 else {
      return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }
    return withUnsafeBytes(of: allowed) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
  }
}
