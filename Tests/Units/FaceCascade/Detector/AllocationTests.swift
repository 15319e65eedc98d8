import CascadePictures
import Glibc
import SystemIO
import Testing

@testable import FaceCascade

/// After the first picture of a size, searching allocates nothing, on any thread.
@Suite(.serialized) struct AllocationTests {
  /// Passes many windows, so that candidates are sorted and grouped.
  private func busy(_ change: (inout CascadeText) -> Void = { _ in }) throws -> Cascade {
    try Cascade(
      xml: CascadeText.with {
        $0.stageThreshold = "<stageThreshold>0.5</stageThreshold>"
        change(&$0)
      }.bytes, file: "made.xml")
  }

  private func pictures(_ side: Int) -> [Picture] {
    (0..<4).map { seed in
      let bytes = (0..<side * side).map { index -> UInt8 in
        let (x, y) = (index % side, index / side)
        return UInt8(truncatingIfNeeded: (x * x + (3 + seed) * y * y) / 16 + (x &* 31 ^ y &* 17) % 40)
      }
      return Picture(width: side, height: side, bytes: bytes)
    }
  }

  /// The pool's second thread.
  private func otherThread(_ pool: WorkerPool) -> UInt {
    let other = UnsafeMutablePointer<UInt>.allocate(capacity: 1)
    defer { other.deallocate() }
    other.pointee = 0
    let own = AllocationCounter.thread
    while other.pointee == 0 {
      pool.run(2) { _, _ in
        if AllocationCounter.thread == own { usleep(1000) } else { other.pointee = AllocationCounter.thread }
      }
    }
    return other.pointee
  }

  @Test func theCounterCounts() {
    // An array that nothing is known of: the compiler may leave out an allocation whose memory nobody looks at.
    var kept: [Int] = []
    let length = Int.random(in: 100...200)
    let count = AllocationCounter.count((AllocationCounter.thread, 0)) {
      kept = Array(repeating: 1, count: length)
    }
    #expect(kept.count == length)
    #expect(count > 0)
  }

  @Test(arguments: [1, 2], SIMDLevel.allCases.filter { $0 <= .best })
  func nothingAfterTheFirstPicture(threads: Int, level: SIMDLevel) throws {
    let rectangles = "<rects><_>8 2 4 6 -1.</_><_>8 2 2 6 2.</_></rects>"
    let tilted = "<features><_>\(rectangles)<tilted>1</tilted></_></features>"
    for cascade in [
      try busy(), try busy { $0.features = tilted }, try Cascade(xml: CascadeText.lbp().bytes, file: ""),
    ] {
      for neighbors in [0, 3] {
        let options = DetectionOptions(scaleFactor: 1.2, minNeighbors: neighbors)
        let detector = try CascadeDetector(cascade, options: options, threads: threads, level: level)
        let other = detector.pool.map(otherThread) ?? 0
        let set = DetectorSet([.init(name: "a cascade of a longer name", detector: detector)])
        let pictures = pictures(90)
        var objects: [DetectorSet.Object] = []
        var total = 0
        func searchAll() throws {
          for picture in pictures {
            try picture.withPlane { try set.detect($0, into: &objects) }
            total += objects.count
          }
        }
        // Memory for what is found grows with the first pictures; which thread finds how much is chance.
        for _ in 0..<(threads == 1 ? 2 : 20) { try searchAll() }
        let count = try AllocationCounter.count((AllocationCounter.thread, other)) {
          for _ in 0..<10 { try searchAll() }
        }
        #expect(count == 0, "\(level), \(threads) threads, \(cascade.featureKind): in 40 pictures")
        #expect(total > 0)
      }
    }
  }
}
