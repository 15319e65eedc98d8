import Foundation
import SeededNoise
import Testing

@testable import FaceTracking

/// Numbers, gaps and ends of tracks, in streams of a few boxes.
struct FaceTrackerTests {
  func face(_ x: Double, _ y: Double = 100, side: Double = 60, score: Double? = nil) -> ObservedFace {
    ObservedFace(box: TrackedBox(centerX: x, centerY: y, width: side, height: side), score: score)
  }

  /// What becomes of frames 0.04 seconds apart, each settled as soon as it may be.
  func track(
    _ frames: [[ObservedFace]], _ options: TrackingOptions = TrackingOptions(), cuts: Set<Int> = [],
    flashesOver: Set<Int> = [], times: [Double]? = nil
  ) -> [TrackedFrame] {
    let tracker = FaceTracker(options)
    var settled: [TrackedFrame] = []
    for (index, faces) in frames.enumerated() {
      tracker.observe(
        faces, at: times?[index] ?? Double(index) / 25,
        scene: cuts.contains(index) ? .cut : flashesOver.contains(index) ? .flashOver : .unknown)
      while tracker.canSettle { settled.append(tracker.settle()) }
    }
    tracker.endStream()
    while tracker.canSettle { settled.append(tracker.settle()) }
    return settled
  }

  func ids(_ frames: [TrackedFrame]) -> [[Int?]] { frames.map { $0.faces.map(\.id) } }

  var live: TrackingOptions {
    var options = TrackingOptions()
    options.lag = 0
    return options
  }

  @Test func twoPeopleKeepTheirNumbersWhateverTheOrder() {
    var random = Noise(1)
    let frames = (0..<50).map { index -> [ObservedFace] in
      let pair = [face(100 + 2 * Double(index)), face(500 - 3 * Double(index), 250)]
      return random.below(2) == 0 ? pair : pair.reversed()
    }
    let result = track(frames)
    for (faces, tracked) in zip(frames, result) {
      for (face, found) in zip(faces, tracked.faces) {
        let isFirst = face.box.centerY == 100
        let first = frames[0][0].box.centerY == 100
        #expect(found.id == (isFirst == first ? 1 : 2))
      }
    }
  }

  @Test func gapIsFilledOnItsWay() throws {
    let frames = (0..<40).map { (10..<20).contains($0) ? [] : [face(100 + 4 * Double($0))] }
    let result = track(frames)
    for index in 10..<20 {
      let filled = try #require(result[index].filled.first)
      #expect(filled.id == 1 && result[index].filled.count == 1)
      #expect(abs(filled.box.centerX - (100 + 4 * Double(index))) < 3, "frame \(index)")
    }
    #expect(result.enumerated().allSatisfy { (10..<20).contains($0) || $1.filled.isEmpty })
    // Nobody knows a gap's end who does not look ahead.
    let hasFilled = track(frames, live).contains { !$0.filled.isEmpty }
    #expect(!hasFilled)
  }

  @Test func gapLongerThanAllowedEndsATrack() {
    func last(gap: Int) -> Int? {
      let frames = (0..<60).map { (20..<20 + gap).contains($0) ? [] : [face(200)] }
      return ids(track(frames)).last?.first ?? nil
    }
    // The frame before the gap and the one after it are gap + 1 frames apart.
    #expect(last(gap: 24) == 1)
    #expect(last(gap: 25) == 2)
  }

  @Test func faceSeenOnceIsNobody() {
    var frames = [[ObservedFace]](repeating: [face(200)], count: 60)
    frames[30].append(face(500, 300))
    let result = track(frames)
    #expect(result[30].faces.map(\.id) == [1, nil])
    #expect(result[30].faces[1].label == nil && result[30].faces[1].steady == nil)
  }

  @Test func liveFacesHaveANumberFromTheSecondSighting() {
    let found = ids(track([[face(100)], [face(101)], [face(102)]], live))
    #expect(found == [[nil], [1], [1]])
    // In a stream of few pictures a face can be seen no more often than that.
    #expect(ids(track([[face(100)]])) == [[1]])
  }

  @Test func doubtfulFaceContinuesATrackButBeginsNone() {
    let weak = (0..<30).map { _ in [face(100, score: 0.65)] }
    #expect(ids(track(weak)).allSatisfy { $0 == [nil] })
    let begun = (0..<30).map { [face(100, score: $0 < 5 ? 0.9 : 0.65)] }
    #expect(ids(track(begun)).allSatisfy { $0 == [1] })
  }

  @Test func cutEndsAllTracksAndTimeThatRunsBackToo() {
    let frames = [[ObservedFace]](repeating: [face(200)], count: 20)
    let expected = [Int?](repeating: 1, count: 10) + [Int?](repeating: 2, count: 10)
    #expect(ids(track(frames, cuts: [10])).map { $0[0] } == expected)
    let times = (0..<20).map { index in Double(index) / 25 + (index < 10 ? 5 : 0) }
    #expect(ids(track(frames, times: times)).map { $0[0] } == expected)
  }

  @Test func numbersGoOnInTheNextStream() {
    let tracker = FaceTracker(TrackingOptions())
    var found: [Int?] = []
    for _ in 0..<2 {
      for index in 0..<5 { tracker.observe([face(100)], at: Double(index) / 25) }
      tracker.endStream()
      while tracker.canSettle { found.append(tracker.settle().faces[0].id) }
    }
    #expect(found == [Int?](repeating: 1, count: 5) + [Int?](repeating: 2, count: 5))
  }

  @Test func heldBoxesAreNoSightings() throws {
    /// Searched every fourth frame, as fm-detect --every 4 writes it.
    let frames = (0..<40).map { index -> [ObservedFace] in
      var copy = face(100 + 4 * Double(index / 4 * 4))
      copy.isHeld = index % 4 != 0
      return [copy]
    }
    let result = track(frames)
    for (index, frame) in result.enumerated() {
      let found = try #require(frame.faces.first)
      #expect(found.id == 1, "frame \(index)")
      guard index % 4 != 0, index < 36 else {
        #expect(found.corrected == nil)
        continue
      }
      let corrected = try #require(found.corrected)
      #expect(abs(corrected.centerX - (100 + 4 * Double(index))) < 3, "frame \(index)")
    }
  }

  @Test func looksAheadAsFarAsAskedAndNoFarther() {
    let tracker = FaceTracker(TrackingOptions())
    for index in 0..<25 { tracker.observe([face(100)], at: Double(index) / 25) }
    #expect(!tracker.canSettle)
    tracker.observe([face(100)], at: 1)
    #expect(tracker.canSettle)
    _ = tracker.settle()
    #expect(!tracker.canSettle && tracker.waitingCount == 25)
  }

  @Test func jitterIsRemoved() throws {
    var random = Noise(4)
    let frames = (0..<50).map { [face(100 + 2 * Double($0) + 4 * Double(random.value()))] }
    let result = track(frames)
    func error(_ boxes: [Double]) -> Double {
      boxes.enumerated().map { abs($1 - (100 + 2 * Double($0))) }.reduce(0, +) / 50
    }
    let steady = error(try result.map { frame in try #require(frame.faces[0].steady).centerX })
    #expect(steady < 0.7 * error(frames.map { $0[0].box.centerX }))
  }

  /// Thousands of frames: what has been settled is forgotten.
  @Test func memoryIsThatOfTheFramesThatWait() {
    let tracker = FaceTracker(TrackingOptions())
    var settled = 0
    for index in 0..<2000 {
      tracker.observe([face(100)], at: Double(index) / 25)
      while tracker.canSettle {
        _ = tracker.settle()
        settled += 1
      }
      #expect(tracker.waitingCount <= 26 && tracker.keptCount.frames <= 26)
      #expect(tracker.keptCount.sightings <= 27)
    }
    #expect(settled == 1975)
  }
}
