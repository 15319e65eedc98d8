import FrameStream
import Testing

@testable import StreamSource

/// Stream records that would be longer than a line may be.
struct StreamHeaderFittingTests {
  private func track(_ id: Int, _ kind: String, _ codec: String, _ count: Int) -> Track {
    var track = Track(id: id, kind: kind, codec: codec, timeBase: Rational(1, 1000))
    track.extradata = [UInt8](repeating: 65, count: count)
    return track
  }

  private var video: VideoDescription {
    VideoDescription(width: 64, height: 48, pixelFormat: .gray, timeBase: Rational(1, 25), colorRange: .pc)
  }

  @Test func theLargestTrackIsLeftOut() {
    for (kind, codec) in [("subtitle", "ass"), ("audio", "vorbis"), ("subtitle", "dvd_subtitle")] {
      var header = StreamHeader(
        source: "a.mkv", video: video,
        tracks: [
          track(2, "audio", "aac", 5), track(3, kind, codec, 900_000), track(4, "subtitle", "ass", 3000),
        ])
      let left = header.fitIntoLine()
      #expect(left == ["the \(kind) track 3 (\(codec)), whose header has 900000 bytes"])
      #expect(header.tracks.map(\.id) == [2, 4])
      #expect(header.makeLine().bytes.count < StreamLimits.line)
    }
    var several = StreamHeader(
      video: video, tracks: (1...4).map { track($0, "subtitle", "ass", 200_000 + $0) })
    #expect(several.fitIntoLine().count == 1 && several.tracks.map(\.id) == [1, 2, 3])
  }

  @Test func chaptersAndTagsToo() {
    var header = StreamHeader(video: video, tracks: [track(2, "audio", "aac", 5)])
    header.chapters = (0..<20_000).map {
      Chapter(
        timeBase: Rational(1, 1000), start: $0, end: $0 + 1, metadata: [Tag("title", "Chapter number \($0)")])
    }
    #expect(header.fitIntoLine() == ["20000 chapters"])
    #expect(header.chapters.isEmpty && header.tracks.count == 1)
    header.metadata = (0..<30_000).map { Tag("key\($0)", "a value that is quite long \($0)") }
    #expect(header.fitIntoLine() == ["30000 tags"])
  }

  @Test func whatFitsStays() {
    var header = StreamHeader(source: "a", video: video, tracks: [track(2, "subtitle", "ass", 500_000)])
    let before = header
    #expect(header.fitIntoLine().isEmpty && header == before)
  }
}
