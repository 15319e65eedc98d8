import Foundation
import Testing

@testable import SystemIO

/// How many threads a process has by default, in folders that look like those of Linux.
struct ControlGroupsTests {
  /// Writes files below a folder of its own, and gives it to `body`.
  private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let root = NSTemporaryDirectory() + "/groups-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    for (path, text) in files {
      let file = URL(fileURLWithPath: root + path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try body(root)
  }

  static let quotas: [(files: [String: String], processors: Int?)] = [
    ([:], nil),
    (["/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n"], nil),
    (["/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max": "150000 100000\n"], 2),
    (["/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max": "10000 100000\n"], 1),
    // That of a group above counts too.
    (
      [
        "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max": "800000 100000\n",
        "/sys/fs/cgroup/a/cpu.max": "300000 100000\n",
      ], 3
    ),
    // In a container without a name space of its own.
    (["/proc/self/cgroup": "0::/docker/1\n", "/sys/fs/cgroup/cpu.max": "200000 100000\n"], 2),
    (["/proc/self/cgroup": "0::/../x\n", "/sys/fs/cgroup/cpu.max": "nonsense\n"], nil),
    // Version 1.
    (
      [
        "/proc/self/cgroup": "5:memory:/m\n4:cpu,cpuacct:/a\n0::/\n",
        "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "250000\n",
        "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
      ], 3
    ),
    (
      [
        "/proc/self/cgroup": "4:cpu:/\n", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      ], nil
    ),
  ]

  @Test(arguments: quotas.indices) func theLeastQuotaCounts(_ index: Int) throws {
    let (files, processors) = ControlGroupsTests.quotas[index]
    try withFiles(files) { #expect(ControlGroups(root: $0).processorCount == processors) }
  }

  @Test func aSchedulersVariablesCount() {
    func share(_ variables: [String: String]) -> Processors.Share {
      Processors.share(environment: { variables[$0] }, root: "/nowhere")
    }
    let all = share([:]).count
    #expect(share(["SLURM_CPUS_PER_TASK": "1"]).count == 1)
    #expect(share(["OMP_THREAD_LIMIT": "1"]).count == 1)
    if all > 1 { #expect(share(["OMP_THREAD_LIMIT": "1"]).bound == "OMP_THREAD_LIMIT") }
    for text in ["100000", "", "x", "0", "-3"] { #expect(share(["SLURM_CPUS_PER_TASK": text]).count == all) }
  }
}
