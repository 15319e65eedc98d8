import FrameStream
import Testing

@testable import FaceHiding

/// Which boxes are hidden in which frames.
struct HidingPlanTests {
  private func box(_ x: Int, _ y: Int = 0) -> PixelRectangle {
    PixelRectangle(x: x, y: y, width: 10, height: 10)
  }

  /// Frames of a tenth of a second.
  private func plan(
    _ frames: [[SightedFace]], hold: Double = 0.2, cuts: Set<Int> = []
  ) -> [PlannedFrame] {
    let plan = HidingPlan(hold: hold)
    var settled: [PlannedFrame] = []
    func settle() {
      var frame = PlannedFrame()
      plan.settle(into: &frame)
      settled.append(frame)
    }
    for (number, faces) in frames.enumerated() {
      plan.observe(faces, at: Double(number) / 10, isCut: cuts.contains(number))
      while plan.canSettle { settle() }
      #expect(plan.waitingCount <= Int(hold * 10 + 1))
    }
    plan.endStream()
    while plan.waitingCount > 0 { settle() }
    return settled
  }

  @Test(arguments: [1, nil]) func aFaceIsHeldBeforeAndAfter(_ id: Int?) {
    let frames = plan([[], [], [], [SightedFace(box(5), id: id)], [], [], []])
    #expect(frames.map(\.boxes.count) == [0, 1, 1, 1, 1, 1, 0])
    #expect(frames[3].boxes == [HiddenBox(box(5))])
    // Grown with the time since it was seen.
    #expect(frames[2].boxes[0].growth < frames[1].boxes[0].growth)
    #expect(frames[4].boxes[0].growth < frames[5].boxes[0].growth)
    #expect(frames[2].boxes[0].growth > 0.1)
  }

  @Test(arguments: [1, nil]) func aGapIsHidden(_ id: Int?) {
    let frames = plan([[SightedFace(box(5), id: id)], [], [SightedFace(box(7), id: id)], []])
    #expect(frames.allSatisfy { !$0.boxes.isEmpty })
    #expect(frames[1].bridgesGap)
    // The whole way from one place to the other.
    #expect(frames[1].boxes.contains { $0.box == box(5).union(box(7)) })
    #expect(frames[0].boxes == [HiddenBox(box(5))] && !frames[0].bridgesGap)
  }

  @Test func aPersonIsKnownAgainAnywhere() {
    let frames = plan([[SightedFace(box(0), id: 1)], [SightedFace(box(90), id: 1)], []])
    #expect(frames[0].boxes == [HiddenBox(box(0))])
    #expect(frames[1].boxes == [HiddenBox(box(90))])
    // Without numbers, these are two faces.
    let others = plan([[SightedFace(box(0))], [SightedFace(box(90))], []])
    #expect(others[0].boxes.map(\.box) == [box(0), box(90)])
  }

  @Test func aCutEndsHolding() {
    let frames = plan([[SightedFace(box(0))], [], [SightedFace(box(50))]], cuts: [1, 2])
    #expect(frames.map(\.boxes) == [[HiddenBox(box(0))], [], [HiddenBox(box(50))]])
  }

  @Test func whatTheTrackerFilledInIsGrown() {
    let frames = plan([[SightedFace(box(0), id: 1, isSighted: false)]])
    #expect(frames[0].boxes == [HiddenBox(box(0), growth: HidingPlan.uncertainty)])
    #expect(frames[0].bridgesGap)
  }

  @Test func withoutHoldingNothingWaits() {
    let frames = plan([[], [SightedFace(box(0))], []], hold: 0)
    #expect(frames.map(\.boxes.count) == [0, 1, 0])
  }

  /// A stream that ends lets all go, and the next one starts afresh, although its times begin again.
  @Test func streamsAreApart() {
    let plan = HidingPlan(hold: 1)
    plan.observe([SightedFace(box(0), id: 1)], at: 100)
    plan.endStream()
    var frame = PlannedFrame()
    #expect(plan.canSettle)
    plan.settle(into: &frame)
    #expect(frame.boxes.count == 1)
    plan.observe([], at: 0, isCut: true)
    #expect(!plan.canSettle)
    plan.observe([], at: 1)
    #expect(plan.canSettle)
    plan.settle(into: &frame)
    #expect(frame.boxes.isEmpty && frame.faces.isEmpty && frame.time == 0)
  }

  /// A thousand faces that are nowhere twice take no more than a moment.
  @Test func crowds() {
    let plan = HidingPlan(hold: 0.5)
    var frame = PlannedFrame()
    for number in 0..<20 {
      let faces = (0..<1000).map { SightedFace(box($0 * 100, number * 100)) }
      plan.observe(faces, at: Double(number) / 25)
      if plan.canSettle { plan.settle(into: &frame) }
    }
    #expect(plan.waitingCount > 0)
    #expect(frame.boxes.count > 1000)
  }
}
