import FrameStream

/// Which track of a stream continues which track of the first stream: by kind and language, otherwise in order.
struct TrackMatching {
  /// Indices of the first stream's tracks by those of the stream's own.
  private(set) var targets: [Int: Int] = [:]

  /// - Parameters:
  ///   - tracks: the stream's.
  ///   - first: the first stream's.
  init(_ tracks: [Track], to first: [Track]) {
    var free = Array(first.indices)
    func pair(_ isMatch: (Track, Track) -> Bool) {
      for index in tracks.indices where targets[index] == nil {
        guard let place = free.firstIndex(where: { isMatch(tracks[index], first[$0]) }) else { continue }
        targets[index] = free.remove(at: place)
      }
    }
    pair { $0.kind == $1.kind && $0.language != nil && $0.language == $1.language }
    pair { $0.kind == $1.kind && $0.language == $1.language }
    pair { $0.kind == $1.kind && ($0.language == nil || $1.language == nil) }
    // The only sound that is left is heard, whatever its language.
    pair { $0.kind == $1.kind && $0.kind == "audio" }
  }
}
