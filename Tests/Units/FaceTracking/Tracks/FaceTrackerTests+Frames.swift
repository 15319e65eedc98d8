import FrameStream
import SeededNoise
import Testing

@testable import FaceTracking

/// Frames that were not searched, flashes, times that jump, and long streams.
extension FaceTrackerTests {
  /// Searched every so many frames, the faces in between are copies.
  private func searched(every count: Int, _ frames: Int, missing: Set<Int> = []) -> [[ObservedFace]] {
    (0..<frames).map { index in
      let search = index / count * count
      guard !missing.contains(search) else { return [] }
      var copy = face(100 + Double(search))
      copy.isHeld = index != search
      return [copy]
    }
  }

  @Test func rareSearchesEndNoTrack() {
    // Every 1.2 seconds, with gaps of 1 second allowed.
    for options in [TrackingOptions(), live] {
      let found = Set(track(searched(every: 30, 150), options).flatMap { $0.faces.compactMap(\.id) })
      #expect(found == [1])
      // A picture every two seconds.
      let frames = (0..<10).map { _ in [face(100)] }
      let slow = ids(track(frames, options, times: (0..<10).map { 2 * Double($0) }))
      #expect(slow.dropFirst().allSatisfy { $0 == [1] })
    }
    // The face was looked for at 1.2 seconds, and was not there.
    let lost = ids(track(searched(every: 30, 150, missing: [30])))
    #expect(lost[0] == [1] && lost[60] == [2])
  }

  @Test func foundAndCopiedFacesInOneFrame() {
    let frames = (0..<40).map { index -> [ObservedFace] in
      var other = face(400, 300)
      other.isHeld = index % 4 != 0
      return [face(100 + Double(index)), other]
    }
    let result = track(frames)
    #expect(ids(result).allSatisfy { $0 == [1, 2] })
    #expect(result.allSatisfy { $0.filled.isEmpty })
    // A copy of a face that was found as well is nobody else, and takes no number away.
    let doubled = (0..<40).map { index -> [ObservedFace] in
      var copy = face(100)
      copy.isHeld = true
      return index % 2 == 0 ? [face(100)] : [face(100), copy]
    }
    #expect(ids(track(doubled)).allSatisfy { $0[0] == 1 && ($0.count == 1 || $0[1] == nil) })
  }

  /// Three people, and three others one of whom is in the place of one before.
  @Test func boxesShowACut() {
    let before = [face(100), face(300), face(500)]
    let after = [face(104), face(380, 220), face(580, 220)]
    for options in [TrackingOptions(), live] {
      let found = ids(track((0..<40).map { $0 < 20 ? before : after }, options))
      #expect(found[19] == [1, 2, 3] && found[21] == [4, 5, 6])
    }
    // Two of three turn away and come back elsewhere: that is none.
    let found = ids(track((0..<40).map { $0 < 20 ? before : $0 < 25 ? [before[0]] : after }))
    #expect(found[39][0] == 1)
    // Where the pixels show no cut, there is none.
    let tracker = FaceTracker(live)
    for index in 0..<40 {
      tracker.observe(index < 20 ? before : after, at: Double(index) / 25, scene: .none)
      let faces = tracker.settle().faces
      #expect(index < 1 || faces[0].id == 1)
    }
  }

  @Test func timeThatRunsBackIsSeenWhereverItHappens() {
    for first in 60...70 {
      let times = (0..<first + 10).map { Double($0 < first ? $0 : $0 - first) / 25 }
      let frames = [[ObservedFace]](repeating: [face(200)], count: times.count)
      let found = ids(track(frames, live, times: times))
      #expect(found[first - 1] == [1] && found[first] == [nil] && found[first + 1] == [2], "\(first)")
    }
  }

  @Test func gapIsFilledWhollyOrNotAtAll() {
    var options = TrackingOptions()
    options.maximumGap = 3
    let frames = (0..<120).map { (30..<70).contains($0) ? [] : [face(200)] }
    #expect(track(frames, options).allSatisfy { $0.filled.isEmpty })
    options.lag = 2
    let filled = track(frames, options).enumerated().filter { !$1.filled.isEmpty }.map(\.offset)
    #expect(filled == Array(30..<70))
  }

  @Test func liveFacesWaitForTheLengthAskedFor() {
    var options = live
    options.liveMinimumLength = 5
    let found = ids(track([[ObservedFace]](repeating: [face(100)], count: 8), options))
    #expect(found == [nil, nil, nil, nil, 1, 1, 1, 1].map { [$0] })
  }

  @Test func flashLeavesTheNumbers() throws {
    var copy = face(200)
    copy.isHeld = true
    for inFlash in [[], [face(200)], [copy]] {
      for options in [TrackingOptions(), live] {
        var frames = [[ObservedFace]](repeating: [face(200)], count: 40)
        frames[20] = inFlash
        let result = track(frames, options, cuts: [20], flashesOver: [21])
        for (index, frame) in result.enumerated() where index != 20 && index > 0 {
          #expect(frame.faces.map(\.id) == [1] && frame.filled.isEmpty, "\(index)")
        }
        guard options.lag > 0 else { continue }
        // One face, whether it was found in the flash or not.
        #expect(result[20].faces.count + result[20].filled.count == 1)
        #expect(result[20].faces.first?.id ?? result[20].filled.first?.id == 1)
      }
    }
    // It was too long for a flash.
    let frames = [[ObservedFace]](repeating: [face(200)], count: 60)
    #expect(ids(track(frames, cuts: [20], flashesOver: [40])).last == [2])
  }

  /// Thousands of people one after another, and one who stays.
  @Test func wholeStreamTakesTimeInProportion() {
    var options = TrackingOptions()
    options.lag = .infinity
    let count = 16_000
    let time = ContinuousClock().measure {
      let frames = (0..<count).map { index -> [ObservedFace] in
        let person = index / 4 % 40
        return [face(100), face(400, Double(1000 * person))]
      }
      let result = track(frames, options)
      #expect(result.count == count && result[count - 1].faces[0].id == 1)
    }
    #expect(time < .seconds(30))
  }

  @Test func memoryIsCounted() {
    var options = TrackingOptions()
    options.lag = .infinity
    let tracker = FaceTracker(options)
    var seen = face(100)
    seen.probabilities = [Float](repeating: 1 / 7, count: 7)
    for index in 0..<1000 { tracker.observe([seen], at: Double(index) / 25) }
    #expect((400_000...1_500_000).contains(tracker.memory))
    tracker.endStream()
    while tracker.canSettle { _ = tracker.settle() }
    #expect(tracker.memory == 0 && tracker.keptCount == (0, 0))
  }

  @Test func boxesAreThoseAReaderTakes() {
    let far = TrackedBox(centerX: 1e12, centerY: -1e12, width: 1e12, height: 2).rectangle
    for value in [far.x, far.y, far.width, far.height] { #expect(abs(value) <= 1 << 24) }
  }
}
