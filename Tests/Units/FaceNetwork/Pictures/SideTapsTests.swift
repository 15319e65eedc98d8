import FrameStream
import Testing

@testable import FaceNetwork

@Suite struct SideTapsTests {
  private func resample(_ taps: SideTaps, _ side: [Float]) -> [Float] {
    (0..<taps.count).map { index in
      (0..<taps.reach).reduce(0) { $0 + taps.weights[index * taps.reach + $1] * side[taps.first[index] + $1] }
    }
  }

  @Test func asItIs() {
    let taps = SideTaps(5, from: 2, ratio: 1, within: 9)
    #expect(taps.isIdentity && taps.first == [2, 3, 4, 5, 6])
  }

  @Test func means() {
    let side: [Float] = [10, 20, 30, 40, 50, 60]
    let half = SideTaps(3, from: 0, ratio: 2, within: 6)
    #expect(half.halves && resample(half, side) == [15, 35, 55])
    #expect(resample(SideTaps(2, from: 0, ratio: 3, within: 6), side) == [20, 50])
    // 1.5 samples a pixel: (10 + 20 / 2) / 1.5.
    let uneven = resample(SideTaps(4, from: 0, ratio: 1.5, within: 6), side)
    let means: [Float] = [20 / 1.5, 40 / 1.5, 65 / 1.5, 85 / 1.5]
    for (found, wanted) in zip(uneven, means) {
      #expect(abs(found - wanted) < 1e-4)
    }
    #expect(resample(SideTaps(1, from: 0, ratio: 6, within: 6), side) == [35])
  }

  /// Chroma of half the width: centers between the pixels, or on the first of two.
  @Test func lines() {
    let side: [Float] = [0, 40, 80]
    #expect(resample(SideTaps(6, from: 0, ratio: 0.5, within: 3), side) == [0, 10, 30, 50, 70, 80])
    #expect(resample(SideTaps(6, from: 0.25, ratio: 0.5, within: 3), side) == [0, 20, 40, 60, 80, 80])
    #expect(resample(SideTaps(3, from: 0, ratio: 1.0 / 3, within: 1), [7]) == [7, 7, 7])
  }

  /// A side that is doubled is computed two pixels at a time, but for its edges, and gives the same bits.
  @Test(arguments: [
    (0.0, 0.5, 40), (0.25, 0.5, 39), (3.25, 0.5, 21), (0, 0.5, 5), (0, 0.4, 40), (0, 0.7, 40),
  ])
  func doubled(_ start: Double, _ ratio: Double, _ count: Int) {
    let side = 24
    let taps = SideTaps(count, from: start, ratio: ratio, within: side)
    #expect(taps.doubled.count >= (ratio == 0.5 && count >= 8 ? count - 7 : 0))
    #expect(taps.doubled.isEmpty || ratio == 0.5)
    let bytes = (0..<side).map { UInt8($0 * 37 % 251) }
    let resampler = PlaneResampler(
      columns: taps, rows: SideTaps(1, from: 0, ratio: 1, within: 1), components: 1)
    bytes.withUnsafeBufferPointer {
      resampler.compute(row: 0, of: PlaneView($0.baseAddress!, width: side, height: 1, stride: side))
    }
    let found = (0..<count).map { resampler.component(0)[$0] }
    #expect(found == resample(taps, bytes.map(Float.init)))
  }

  /// Beyond the side its edge is repeated, and weights always add up to 1.
  @Test func edges() {
    let cases: [(count: Int, start: Double, ratio: Double, side: Int)] = [
      (7, -3, 1, 4), (5, 2.5, 1.7, 6), (640, 0, 1.5, 960), (641, 0.25, 0.5, 320), (3, 0, 400, 1200),
      (2, 0, 0.01, 1),
    ]
    for (count, start, ratio, side) in cases {
      let taps = SideTaps(count, from: start, ratio: ratio, within: side)
      for index in 0..<count {
        let sum = taps.weights[(index * taps.reach)..<((index + 1) * taps.reach)].reduce(0, +)
        #expect(abs(sum - 1) < 1e-5)
        #expect(taps.first[index] >= 0 && taps.first[index] + taps.reach <= side)
      }
    }
  }
}
