import Glibc

/// The processors of this machine, as far as this process may use them.
package enum Processors {
  /// How many threads may run at once, and what bounds them.
  package struct Share: Sendable, Equatable {
    /// At least 1.
    package var count: Int
    /// In words: "of the machine", "SLURM_CPUS_PER_TASK".
    package var bound: String
  }

  private typealias Affinity = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> CInt

  /// Looked up by name: glibc's header shows it to C programs with `_GNU_SOURCE` only.
  private static let affinity = dlsym(nil, "sched_getaffinity").map { unsafeBitCast($0, to: Affinity.self) }

  /// How many threads this process should have; at least 1.
  package static var available: Int { share().count }

  /// The least of what the calling thread may run on (`sched_getaffinity(2)`, which `taskset` and cpusets bound), what its
  /// control groups may use (their quota, rounded up), and what a scheduler or OpenMP's `OMP_THREAD_LIMIT` grants.
  /// - Parameters:
  ///   - environment: gives a variable's value.
  ///   - root: the folder in which `proc` and `sys` are.
  package static func share(
    environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }, root: String = ""
  ) -> Share {
    let online = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    var share = Share(count: online, bound: "the machine")
    func bound(_ count: Int?, _ words: String) {
      if let count, count < share.count { share = Share(count: max(1, count), bound: words) }
    }
    bound(allowed, "the processors that it may run on")
    bound(ControlGroups(root: root).processorCount, "the quota of its control group")
    for name in ["SLURM_CPUS_PER_TASK", "OMP_THREAD_LIMIT"] {
      if let value = environment(name).flatMap({ Int($0) }), value > 0 { bound(value, name) }
    }
    return share
  }

  /// How many the calling thread may run on; nil where the system has more than the set has room for.
  private static var allowed: Int? {
    var allowed = cpu_set_t()
    guard let affinity, affinity(0, MemoryLayout.size(ofValue: allowed), &allowed) == 0 else { return nil }
    return withUnsafeBytes(of: allowed) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
  }
}

/// What Linux's control groups grant this process, in version 1 and 2 (`cgroups(7)`).
struct ControlGroups {
  /// The folder in which `proc` and `sys` are.
  let root: String

  /// Processors that may be used at once, rounded up; nil for no quota.
  var processorCount: Int? {
    var least: Double?
    for line in text("/proc/self/cgroup").split(separator: "\n") {
      // Number, controllers, path; version 2 has neither of the first two.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, fields[2].hasPrefix("/") else { continue }
      let controllers = fields[1].split(separator: ",")
      guard controllers.isEmpty || controllers.contains("cpu") else { continue }
      let mounts = controllers.isEmpty ? ["", "/unified"] : ["/\(fields[1])", "/cpu", "/cpu,cpuacct"]
      for mount in mounts {
        for quota in quotas("/sys/fs/cgroup" + mount, String(fields[2])) {
          least = min(least ?? quota, quota)
        }
      }
    }
    return least.map { max(1, Int($0.rounded(.up))) }
  }

  /// The quotas of a group and those above it. In a container its path may be that of the host, and only the root is there.
  private func quotas(_ mount: String, _ path: String) -> [Double] {
    var found: [Double] = []
    var path = path == "/" ? "" : path
    while true {
      if let quota = quota(mount + path) { found.append(quota) }
      guard let slash = path.lastIndex(of: "/") else { return found }
      path = String(path[..<slash])
    }
  }

  private func quota(_ folder: String) -> Double? {
    // Microseconds in each period; "max" or -1 for no quota.
    var numbers = text(folder + "/cpu.max").split { $0 == " " || $0 == "\n" }.map { Double($0) }
    if numbers.isEmpty {
      numbers = ["/cpu.cfs_quota_us", "/cpu.cfs_period_us"].map {
        Double(text(folder + $0).prefix { $0 != "\n" })
      }
    }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0,
      quota / period < 1e6
    else { return nil }
    return quota / period
  }

  private func text(_ path: String) -> String {
    guard let bytes = try? WholeFile.read(root + path, limit: 1 << 16) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }
}
