import FrameStream
import SystemIO

/// What is kept for a size of picture: the plan, the threads' memories, and the scan of the picture in work.
///
/// It belongs to one thread at a time, which calls the others in.
final class PreparedScan {
  let plan: ScanPlan
  /// One a thread.
  private let memories: [ScanMemory]
  /// For each strip, the thread that scanned it and the number of its range there.
  private var locations: [(thread: Int, range: Int)?]
  /// The picture in work; it changes only while no other thread works.
  private var picture: PlaneView?
  /// What the pool's threads run. Made once, because making a closure allocates.
  private var scanStrip: (_ thread: Int, _ index: Int) -> Void = { _, _ in }

  init(_ plan: ScanPlan, _ cascade: Cascade, _ level: SIMDLevel, threads: Int) {
    self.plan = plan
    memories = (0..<threads).map { _ in ScanMemory(plan, cascade, level) }
    locations = Array(repeating: nil, count: plan.strips.count)
    scanStrip = { [unowned self] thread, index in
      if let picture { memories[thread].scan(picture, strip: plan.order[index]) }
    }
  }

  /// Windows of the last picture that passed.
  var hitCount: Int { memories.reduce(0) { $0 + $1.hitCount } }

  /// True if a thread found more of them than it keeps.
  var isOverfull: Bool { memories.contains(where: \.isOverfull) }

  /// Scans all strips, with the pool's threads if there is one.
  func scan(_ picture: PlaneView, _ pool: WorkerPool?) {
    for memory in memories { memory.begin() }
    if let pool {
      self.picture = picture
      pool.run(plan.order.count, scanStrip)
      self.picture = nil
    } else {
      for strip in plan.strips.indices { memories[0].scan(picture, strip: strip) }
    }
  }

  /// Appends what was found, strip by strip, whoever scanned it.
  func collect(into detections: inout [Detection]) {
    for strip in locations.indices { locations[strip] = nil }
    for (thread, memory) in memories.enumerated() {
      for (index, range) in memory.ranges.enumerated() { locations[range.strip] = (thread, index) }
    }
    for case let location? in locations {
      let memory = memories[location.thread]
      memory.append(memory.ranges[location.range], to: &detections)
    }
  }
}
