/// The probability of each person's expression over time, in bins that grow so that their number stays bounded. The first
/// bin begins with the first frame; a frame's value holds until the person's next one, if that is in the next frame.
struct ReportSeries {
  private struct Lane {
    /// The bin of the first value.
    var first = 0
    var sums: [Float] = []
    var counts: [Int32] = []
    /// The last value, and the frame that it is of.
    var last: (value: Float, frame: Int) = (0, -2)
  }

  /// Seconds in a bin.
  private(set) var width = 0.04
  /// When the first frame and the present one are shown, in seconds.
  private var start: Double?
  private var time = 0.0
  /// The number of the present frame.
  private var frame = -1
  private var lanes: [Lane] = []
  private var total = 0

  private static let mostInLane = 4096
  private static let mostInAll = 200_000

  /// Parts of a bin by which a time may lie before it: 3 frames of 1/25 s are not quite 3 bins.
  private static let rounding = 1e-6

  /// A frame begins; times only grow.
  mutating func beginFrame(at time: Double) {
    start = start ?? time
    self.time = time
    frame += 1
  }

  private var bin: Int { Int(((time - (start ?? time)) / width + Self.rounding).clamped(0...1e15)) }

  /// Adds a person's probability in the present frame, 0 to 1.
  mutating func add(_ person: Int, _ value: Double) {
    while bin >= Self.mostInLane || total >= Self.mostInAll && width < 1e6 { widen() }
    // More people than there may be bins: those who come last have none.
    guard total < Self.mostInAll || lanes.indices.contains(person) else { return }
    while lanes.count <= person { lanes.append(Lane()) }
    if lanes[person].sums.isEmpty { lanes[person].first = bin }
    let place = max(0, bin - lanes[person].first)
    let last = lanes[person].last
    let holds = last.frame == frame - 1
    while lanes[person].sums.count <= place {
      let isBetween = lanes[person].sums.count < place
      lanes[person].sums.append(holds && isBetween ? last.value : 0)
      lanes[person].counts.append(holds && isBetween ? 1 : 0)
      total += 1
    }
    lanes[person].sums[place] += Float(value)
    lanes[person].counts[place] += 1
    lanes[person].last = (Float(value), frame)
  }

  /// Two bins become one.
  private mutating func widen() {
    width *= 2
    total = 0
    for index in lanes.indices {
      let old = lanes[index]
      guard !old.sums.isEmpty else { continue }
      var new = Lane(first: old.first / 2, last: old.last)
      let count = (old.first + old.sums.count - 1) / 2 - new.first + 1
      new.sums = [Float](repeating: 0, count: count)
      new.counts = [Int32](repeating: 0, count: count)
      for place in old.sums.indices {
        let bin = (old.first + place) / 2 - new.first
        new.sums[bin] += old.sums[place]
        new.counts[bin] += old.counts[place]
      }
      lanes[index] = new
      total += count
    }
  }

  /// The characters of levels: those of base64, which need no escape anywhere.
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// A person's bins as text from bin ``first(_:)`` on: a character for each, the 64 digits of base64 from 0 to 1, and a
  /// dot where there is none.
  func text(_ person: Int) -> String {
    guard lanes.indices.contains(person) else { return "" }
    let lane = lanes[person]
    return String(
      decoding: lane.sums.indices.map { place -> UInt8 in
        guard lane.counts[place] > 0 else { return UInt8(ascii: ".") }
        let mean = Double(lane.sums[place]) / Double(lane.counts[place])
        return Self.digits[Int((mean.clamped(0...1) * 63).rounded())]
      }, as: UTF8.self)
  }

  /// A person's first bin.
  func first(_ person: Int) -> Int { lanes.indices.contains(person) ? lanes[person].first : 0 }
}
