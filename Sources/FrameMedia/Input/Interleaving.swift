import FrameStream
import SystemIO

/// The order in which a file's pictures and packets are given out: each picture where the times at which the file's packets
/// are decoded reach the time at which it is shown. So it does not depend on how many pictures the decoder's threads hold
/// back, and sound is beside the pictures that are shown with it.
struct Interleaving {
  /// Whether packets are given out as soon as they have been read: nobody waits for a picture.
  var releasesAll: Bool
  /// Packets in the order of the file, and how many of the video's had been read before each.
  private var held = SlidingWindow<(packet: CompressedPacket, track: Track, place: Int)>()
  /// Bytes of memory that they take.
  private var heldBytes = 0
  /// How many packets of the video have been read, and when each of the latest is decoded, ascending.
  private var readCount = 0
  private var decodeTimes: [(time: Int, place: Int)] = []
  /// The picture that is to be given out after the packets before it, and the place of the latest.
  private var picture: Int?
  private var picturePlace = 0

  /// Bytes that may wait for a picture, as in a film whose pictures end long before its sound.
  static let largestWait = 16 << 20
  /// More packets than any decoder holds pictures back.
  private static let largestTimeCount = 1024

  /// - Parameter releasesAll: whether packets are given out as soon as they have been read.
  init(releasesAll: Bool) { self.releasesAll = releasesAll }

  /// Whether nothing is left to be given out.
  var isEmpty: Bool { held.isEmpty && picture == nil }

  /// A packet of the video has been read.
  mutating func noteVideo(_ packet: CompressedPacket) {
    readCount += 1
    guard let time = packet.dts, decodeTimes.last.map({ $0.time < time }) ?? true else { return }
    if decodeTimes.count == Interleaving.largestTimeCount { decodeTimes.removeFirst(decodeTimes.count / 2) }
    decodeTimes.append((time, readCount))
  }

  /// A packet of a track has been read.
  mutating func add(_ packet: CompressedPacket, of track: Track) {
    held.append((packet, track, readCount))
    heldBytes += packet.memorySize
  }

  /// A picture has been decoded; it stays in the decoder until ``next()`` gives it out.
  mutating func show(_ time: Int) {
    // Without such times, and where they are later still, all that has been read comes before it.
    let place = decodeTimes.first { $0.time >= time }?.place ?? readCount + 1
    picturePlace = max(picturePlace, place)
    picture = time
  }

  /// What is to be given out; nil if more has to be read or decoded first.
  mutating func next() -> MediaReader.Step? {
    if let (packet, track, place) = held.first, releases(place) {
      held.removeFirst()
      heldBytes -= packet.memorySize
      return .packet(packet, track)
    }
    guard let picture else { return nil }
    self.picture = nil
    return .frame(pts: picture)
  }

  /// Whether a packet at a place goes out now.
  private func releases(_ place: Int) -> Bool {
    releasesAll || heldBytes > Interleaving.largestWait || picture != nil && place < picturePlace
  }
}
