import FrameStream

extension StreamHeader {
  /// How much of a stream record's line is left to the `history` of the filters that follow.
  private static let reserve = 128 << 10

  /// Leaves out what would make the stream record longer than a line may be, the largest first: a subtitle track's
  /// header with its fonts, thousands of chapters.
  /// - Returns: what is left out, in words.
  mutating func fitIntoLine() -> [String] {
    var left: [String] = []
    while makeLine().bytes.count > StreamLimits.line - StreamHeader.reserve {
      let trackSizes = tracks.map { $0.extradata.count + StreamHeader.size(of: $0.metadata) }
      let chapterSize = chapters.reduce(0) { $0 + 64 + StreamHeader.size(of: $1.metadata) }
      let tagSize = StreamHeader.size(of: metadata)
      let largest = trackSizes.max() ?? 0
      if largest >= chapterSize, largest >= tagSize, let index = trackSizes.firstIndex(of: largest) {
        let track = tracks.remove(at: index)
        left.append("the \(track.kind) track \(track.id) (\(track.codec)), whose header has \(largest) bytes")
      } else if chapterSize >= tagSize, !chapters.isEmpty {
        left.append("\(chapters.count) chapters")
        chapters = []
      } else if !metadata.isEmpty {
        left.append("\(metadata.count) tags")
        metadata = []
      } else {
        break
      }
    }
    return left
  }

  private static func size(of tags: [Tag]) -> Int {
    tags.reduce(0) { $0 + 6 + $1.key.utf8.count + $1.value.utf8.count }
  }
}
