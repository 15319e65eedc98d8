import FrameStream

/// The sound and subtitle tracks whose packets are wanted, by the index of their stream in the container.
struct TrackTable {
  /// The tracks in the container's order.
  let tracks: [Track]
  private let positions: [Int: Int]

  /// - Parameter demuxed: tracks and the indices of their streams.
  init(_ demuxed: [(Int, Track)]) {
    tracks = demuxed.map { $0.1 }
    var positions: [Int: Int] = [:]
    for (position, entry) in demuxed.enumerated() { positions[entry.0] = position }
    self.positions = positions
  }

  /// The track that a stream carries; nil if its packets are not wanted.
  func track(ofStream index: Int) -> Track? { positions[index].map { tracks[$0] } }
}

/// Packets of tracks that were read before the first picture.
struct WaitingPackets {
  private var packets: [(packet: CompressedPacket, track: Track)] = []
  /// Bytes of memory that all that were added take.
  private(set) var memorySize = 0

  /// Adds a packet behind the others.
  mutating func append(_ packet: CompressedPacket, of track: Track) {
    memorySize += packet.memorySize
    packets.append((packet, track))
  }

  /// All have come: from now on ``next()`` gives them in their order.
  mutating func close() { packets.reverse() }

  /// Takes the first one out; nil if there is none.
  mutating func next() -> (packet: CompressedPacket, track: Track)? { packets.popLast() }

  /// Forgets all of them.
  mutating func removeAll() {
    packets = []
    memorySize = 0
  }
}
