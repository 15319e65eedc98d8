import FrameStream
import Testing

@testable import FrameMedia

/// Which track follows in which, and whether its packets may.
struct TrackJoiningTests {
  private static func track(_ id: Int, _ kind: String = "audio", _ language: String? = nil) -> Track {
    var track = Track(id: id, kind: kind, codec: "aac", timeBase: Rational(1, 48000))
    if let language { track.metadata = [Tag("language", language)] }
    return track
  }

  private static func sound(
    _ codec: String, _ rate: Int = 48000, _ channels: Int = 2, _ extradata: [UInt8] = [],
    layout: String? = nil
  ) -> Track {
    var track = Track(id: 1, kind: "audio", codec: codec, timeBase: Rational(1, rate))
    track.sampleRate = rate
    track.channels = channels
    track.channelLayout = layout
    track.extradata = extradata
    return track
  }

  @Test func matchesByKindAndLanguage() {
    let rows: [([Track], [Track], [Int: Int])] = [
      // Another order of streams.
      (
        [Self.track(1), Self.track(2, "subtitle")], [Self.track(2, "subtitle"), Self.track(3)], [0: 1, 1: 0]
      ),
      // Languages, whatever their order.
      (
        [Self.track(2, "audio", "fra"), Self.track(3, "audio", "eng")],
        [Self.track(2, "audio", "eng"), Self.track(3, "audio", "fra")], [0: 1, 1: 0]
      ),
      // A language that is not said does not take the place of one that is.
      ([Self.track(2), Self.track(3, "audio", "eng")], [Self.track(2, "audio", "eng")], [1: 0]),
      // The only sound is heard in any language; a second one has no place.
      ([Self.track(2, "audio", "deu")], [Self.track(2, "audio", "eng")], [0: 0]),
      ([Self.track(2, "audio", "und"), Self.track(3, "audio", "spa")], [Self.track(2)], [0: 0]),
      ([Self.track(2, "subtitle", "deu")], [Self.track(2, "subtitle", "eng")], [:]),
      ([Self.track(2)], [], [:]),
    ]
    for (tracks, first, expected) in rows { #expect(TrackMatching(tracks, to: first).targets == expected) }
  }

  @Test func packetsFollowWhereTheSetUpIsTheSame() {
    // AudioSpecificConfig: object type 2, 48 kHz (3) or 44.1 kHz (4), channels; and the mark that there is no SBR.
    let (plain, marked, other): ([UInt8], [UInt8], [UInt8]) = (
      [0x11, 0x90], [0x11, 0x90, 0x56, 0xe5, 0x00], [0x12, 0x10]
    )
    let highEfficiency: [UInt8] = [0x2b, 0x11, 0x88, 0x00]
    var low = Self.sound("aac", 48000, 2, plain)
    low.profile = 1
    var high = low
    high.profile = 4
    func opus(_ channels: UInt8, skip: UInt8 = 0x38, family: [UInt8] = [0]) -> [UInt8] {
      Array("OpusHead".utf8) + [1, channels, skip, 1, 0x80, 0xbb, 0, 0, 0, 0] + family
    }
    func flac(_ block: Int, bits: UInt8 = 0xf0, checksum: UInt8 = 0) -> [UInt8] {
      [UInt8(block >> 8), UInt8(block & 255), UInt8(block >> 8), UInt8(block & 255), 0, 0, 0, 0, 0, 0]
        + [0x0b, 0xb8, 0x02, bits] + [UInt8](repeating: checksum, count: 20)
    }
    var blocks = (Self.sound("adpcm_ima_wav"), Self.sound("adpcm_ima_wav"))
    (blocks.0.blockAlign, blocks.1.blockAlign) = (1024, 2048)
    let rows: [(Track, Track, Bool)] = [
      (Self.sound("mp3"), Self.sound("mp3"), true), (Self.sound("mp3"), Self.sound("mp3", 44100), false),
      (Self.sound("mp3"), Self.sound("mp3", 48000, 1), false), (Self.sound("mp3"), Self.sound("ac3"), false),
      (Self.sound("aac", 48000, 2, plain), Self.sound("aac", 48000, 2, marked), true),
      (Self.sound("aac", 48000, 2, plain), Self.sound("aac", 48000, 2, other), false),
      (Self.sound("aac", 48000, 2, plain), Self.sound("aac", 48000, 2, highEfficiency), false),
      // With headers of their own (ADTS) and without.
      (Self.sound("aac"), Self.sound("aac", 48000, 2, plain), false), (low, high, false),
      (Self.sound("opus", 48000, 2, opus(2)), Self.sound("opus", 48000, 2, opus(2, skip: 0)), true),
      (Self.sound("opus", 48000, 2, opus(2)), Self.sound("opus", 48000, 2, opus(1)), false),
      (Self.sound("flac", 48000, 2, flac(4096)), Self.sound("flac", 48000, 2, flac(4608, checksum: 9)), true),
      (Self.sound("flac", 48000, 2, flac(4608)), Self.sound("flac", 48000, 2, flac(4096)), false),
      (Self.sound("flac", 48000, 2, flac(4096)), Self.sound("flac", 48000, 2, flac(4096, bits: 0x70)), false),
      (Self.sound("vorbis", 48000, 2, [1, 2, 3]), Self.sound("vorbis", 48000, 2, [1, 2, 4]), false),
      (Self.sound("pcm_s16le"), Self.sound("pcm_s16le"), true),
      (Self.sound("pcm_s16le"), Self.sound("pcm_s24le"), false),
      (
        Self.sound("pcm_s16le", 8000, 1, layout: "1 channels"),
        Self.sound("pcm_s16le", 8000, 1, layout: "mono"),
        true
      ),
      (Self.sound("ac3", 48000, 6, layout: "5.1"), Self.sound("ac3", 48000, 6, layout: "hexagonal"), false),
      (blocks.0, blocks.1, false),
    ]
    for (track, first, expected) in rows {
      #expect(track.canFollow(first) == expected, "\(track.form) after \(first.form)")
    }
    // What is encoded is of low complexity.
    #expect(low.canFollowEncoded(low) && !low.canFollowEncoded(high))
  }
}
