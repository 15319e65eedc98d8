/// The times of pictures that a decoder has been given packets of and has not given out, where each packet must come out
/// as a picture: the numbers of all that follow depend on it.
struct ExpectedPictures {
  private let coding: PictureCoding
  /// Pictures before this time may lack what they refer to, and are not wanted.
  private let start: Int
  /// Ascending.
  private var times: [Int] = []

  /// - Parameter start: the time of the picture at which decoding starts.
  init(_ coding: PictureCoding, from start: Int) {
    self.coding = coding
    self.start = start
  }

  /// The decoder gets a packet.
  mutating func expect(_ packet: CompressedPacket) {
    guard let time = packet.pts, time >= start, !packet.isCutAway, coding.isShown(packet.data) else { return }
    var index = times.count
    while index > 0, times[index - 1] > time { index -= 1 }
    times.insert(time, at: index)
  }

  /// Whether a picture of this time is from before the start.
  func precedesStart(_ time: Int) -> Bool { time < start }

  /// Takes note of the next picture.
  /// - Returns: the time of one that should have come before it, or of itself if it should not have come; nil if it is
  ///   the next one.
  mutating func mismatch(_ time: Int) -> Int? {
    guard let first = times.first, first == time else { return min(times.first ?? time, time) }
    times.removeFirst()
    return nil
  }

  /// The time of the first picture that has not come; nil if all have.
  var missing: Int? { times.first }
}
