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
    plan(frames, hold: hold, gap: 0, cuts: cuts).frames
  }

  private func plan(
    _ frames: [[SightedFace]], hold: Double = 0.2, gap: Double, sides: [Int]? = nil, cuts: Set<Int> = []
  ) -> (frames: [PlannedFrame], bare: Int) {
    let plan = HidingPlan(hold: hold)
    plan.longestGap = gap
    var settled: [PlannedFrame] = []
    func settle() {
      var frame = PlannedFrame()
      plan.settle(into: &frame)
      settled.append(frame)
    }
    for (number, faces) in frames.enumerated() {
      let picture = sides.map { PixelRectangle(x: 0, y: 0, width: $0[number], height: $0[number]) }
      plan.observe(faces, at: Double(number) / 10, in: picture, isCut: cuts.contains(number))
      while plan.canSettle { settle() }
      #expect(plan.waitingCount <= Int(max(hold, gap) * 10 + 1))
    }
    plan.endStream()
    while plan.waitingCount > 0 { settle() }
    #expect(plan.memory == 0)
    return (settled, plan.bareFrames)
  }

  /// A person who may come back is waited for, longer than a face is held.
  @Test func aLongGapIsHidden() {
    let seen = [SightedFace(box(0), id: 1)]
    let back = [SightedFace(box(50), id: 1)]
    for length in 1...9 {
      let (frames, bare) = plan([seen] + [[SightedFace]](repeating: [], count: length) + [back, []], gap: 1)
      #expect(frames.allSatisfy { !$0.boxes.isEmpty } && bare == 0, "\(length)")
      for frame in frames[1...length] {
        #expect(frame.bridgesGap && frame.boxes.contains { $0.box == box(0).union(box(50)) }, "\(length)")
      }
    }
    // Who does not come back within that time is held as ever.
    let gone = plan([seen] + [[SightedFace]](repeating: [], count: 14), gap: 1)
    #expect(gone.frames.map(\.boxes.count) == [1, 1, 1] + [Int](repeating: 0, count: 12) && gone.bare == 0)
  }

  /// Frames that left before a person was seen again are counted, once; those that wait are hidden.
  @Test func whatWasShownBetweenTwoSightingsIsCounted() {
    let both = [SightedFace(box(0), id: 1), SightedFace(box(90), id: 2)]
    let (frames, bare) = plan([both] + [[SightedFace]](repeating: [], count: 9) + [both, []], gap: 0)
    #expect(frames.map { $0.boxes.isEmpty } == (0..<12).map { (3...7).contains($0) })
    #expect(bare == 5)
    #expect(frames[9].bridgesGap)
    // A cut, and the end of a stream: who comes after it is somebody else.
    #expect(plan([both] + [[SightedFace]](repeating: [], count: 9) + [both], gap: 0, cuts: [4]).bare == 0)
  }

  /// A picture of another size of the same film is no cut: boxes are scaled.
  @Test func sizesMayChange() {
    let half = PixelRectangle(x: 20, y: 0, width: 5, height: 5)
    for id in [1, nil] {
      let after = plan([[SightedFace(box(40), id: id)], [], []], gap: 0, sides: [100, 50, 100]).frames
      #expect(after.map { $0.boxes.map(\.box) } == [[box(40)], [half], [box(40)]])
      let before = plan([[], [], [SightedFace(box(40), id: id)]], gap: 0, sides: [100, 50, 100]).frames
      #expect(before.map { $0.boxes.map(\.box) } == [[box(40)], [half], [box(40)]])
      // It is known again, by its number or its place.
      let both = plan(
        [[SightedFace(box(40), id: id)], [], [SightedFace(half, id: id)]], gap: 0, sides: [100, 100, 50])
      #expect(both.frames[1].bridgesGap && both.frames[1].boxes.contains { $0.box == box(40) })
    }
  }

  /// Any number of boxes for any number of frames that wait: hidden as a whole, within bounds of memory.
  @Test func crowdsBeforeAFirstSighting() {
    let plan = HidingPlan(hold: 1)
    for _ in 0..<150 { plan.observe([], at: 0) }
    plan.observe((0..<8000).map { SightedFace(box($0)) }, at: 0)
    #expect(plan.memory < 64 << 20)
    var frame = PlannedFrame()
    plan.endStream()
    plan.settle(into: &frame)
    #expect(frame.isWhole)
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
