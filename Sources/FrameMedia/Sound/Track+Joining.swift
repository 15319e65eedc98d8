import FrameStream

/// What ``MediaOutput`` does with sound that cannot follow as it is: of another form than the first stream's, or in a
/// codec that the container cannot hold.
package enum SoundJoining: String, CaseIterable, Sendable {
  /// It is decoded and encoded in the form that is needed.
  case encode
  /// It is left out, with a warning.
  case drop
}

extension Track {
  /// The language by the container; nil where it is not said.
  var language: String? {
    let value = metadata.first { $0.key.lowercased() == "language" }?.value.lowercased()
    return value.flatMap { ["", "und", "unk", "mis"].contains($0) ? nil : $0 }
  }

  /// Whether this track's packets can follow those of `first` in one track, which is set up for `first` alone.
  func canFollow(_ first: Track) -> Bool {
    guard kind == first.kind, codec == first.codec else { return false }
    guard kind == "audio" else {
      return extradata == first.extradata || ["subrip", "text", "webvtt", "mov_text"].contains(codec)
    }
    guard sampleRate == first.sampleRate, channels == first.channels,
      knownLayout == nil || first.knownLayout == nil || knownLayout == first.knownLayout
    else { return false }
    switch codec {
    case "mp3", "mp2", "mp1", "ac3", "eac3", "dts": return true
    case "aac":
      return (profile ?? -1) == (first.profile ?? -1) && AACSetup(extradata) == AACSetup(first.extradata)
    case "opus":
      // Channels and their order; the rest is said by each packet.
      return extradata.dropFirst(9).first == first.extradata.dropFirst(9).first
        && extradata.dropFirst(18).elementsEqual(first.extradata.dropFirst(18))
    case "flac":
      return FLACSetup(extradata).map { own in FLACSetup(first.extradata).map(own.fits) ?? false } ?? false
    case "alac":
      // Without the sizes of the largest packet and the bit rate, which differ from file to file (ALACSpecificConfig).
      func essential(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.prefix(24)) + Array(bytes.dropFirst(32)) }
      return essential(extradata) == essential(first.extradata)
    default:
      let isPlain = codec.hasPrefix("pcm_")
      return extradata == first.extradata && (isPlain || blockAlign == first.blockAlign)
        && bitsPerCodedSample == first.bitsPerCodedSample
    }
  }

  /// The channel layout; nil for one that says no more than a number of channels.
  private var knownLayout: String? { channelLayout.flatMap { $0.hasSuffix(" channels") ? nil : $0 } }

  /// The same for packets that were encoded to follow those of `first`: what an encoder does not say is taken as right.
  func canFollowEncoded(_ first: Track) -> Bool {
    var own = self
    own.channelLayout = first.channelLayout
    own.blockAlign = codec.hasPrefix("adpcm_") ? blockAlign : first.blockAlign
    own.bitsPerCodedSample = codec.hasPrefix("adpcm_") ? bitsPerCodedSample : first.bitsPerCodedSample
    // Profile 1 is libav's number of low complexity (FF_PROFILE_AAC_LOW).
    if codec == "aac" {
      guard first.profile == nil || first.profile == 1,
        AACSetup(first.extradata).isPlain(at: first.sampleRate)
      else { return false }
      own.profile = first.profile
    }
    return own.canFollow(first)
  }

  /// The track's form in words: `aac, 48000 Hz, stereo`.
  var form: String {
    ([codec, sampleRate.map { "\($0) Hz" }, channelLayout ?? channels.map { "\($0) channels" }] as [String?])
      .compactMap { $0 }.joined(separator: ", ")
  }
}

/// What an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) says of how packets are to be decoded.
struct AACSetup: Equatable {
  /// 2 is the common "low complexity"; nil for packets with headers of their own (ADTS).
  let objectType: Int?
  let rate: Int
  let channels: Int
  private let rest: [UInt8]

  init(_ extradata: [UInt8]) {
    guard extradata.count >= 2 else {
      (objectType, rate, channels, rest) = (nil, 0, 0, [])
      return
    }
    let bits = Int(extradata[0]) << 8 | Int(extradata[1])
    objectType = bits >> 11
    rate = bits >> 7 & 15
    channels = bits >> 3 & 15
    // What follows a plain set-up says at most that there is no extension (sync 0x2b7, SBR off).
    let tail = Array(extradata.dropFirst(2))
    rest = bits >> 11 == 2 && channels > 0 && tail == [0x56, 0xe5, 0] ? [] : tail
  }

  /// Whether it is of low complexity and its rate is the one that is heard, so without an extension that doubles it.
  func isPlain(at sampleRate: Int?) -> Bool {
    guard let objectType else { return true }
    let rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
    return objectType == 2 && rates.indices.contains(rate) && rates[rate] == sampleRate
  }
}

/// What a STREAMINFO block (RFC 9639, 8.2) says of how frames are to be decoded.
struct FLACSetup {
  let largestBlock: Int
  /// Sample rate, channels and bits a sample.
  private let form: [UInt8]

  init?(_ extradata: [UInt8]) {
    guard extradata.count >= 34 else { return nil }
    let info = extradata.suffix(34).map { $0 }
    largestBlock = Int(info[2]) << 8 | Int(info[3])
    form = [info[10], info[11], info[12], info[13] & 0xf0]
  }

  /// Whether frames of this set-up can be decoded with the one of `first`.
  func fits(_ first: FLACSetup) -> Bool { form == first.form && largestBlock <= first.largestBlock }
}
