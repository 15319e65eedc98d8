import CFFmpeg
import FrameStream
import SystemIO

/// Brings the sound of one track to another form: decodes it, resamples it, and encodes it.
final class SoundConversion {
  private let decoder: SoundDecoder
  private let encoder: SoundEncoder
  private let timeBase: Rational
  private let samples: OpaquePointer
  /// What changes rate, format and channels, for samples like the last ones.
  private var resampler: OpaquePointer?
  private var input: (rate: Int32, format: Int32, channels: Int32)?
  /// The time of the first sample that waits to be encoded, in samples of the output.
  private var position: Int64?
  private let packet: CompressedPacket

  /// Seconds by which a source's time may differ from the count of its samples before it counts as a gap.
  private static let tolerance = 0.1
  /// Samples in a packet of a codec that takes any number.
  private static let freeFrameSize = 1024

  /// - Parameters:
  ///   - source: the track as it comes.
  ///   - form: the track as it is wanted.
  ///   - isFree: whether rate and channels may differ from the form's where the encoder does not know them.
  ///   - withHeader: whether the container has the set-up of its tracks at its beginning.
  /// - Throws: ``Failure`` if this FFmpeg cannot do it.
  init(
    from source: Track, to form: Track, isFree: Bool, withHeader: Bool, log: MediaLog
  ) throws(Failure) {
    timeBase = source.timeBase.isPositive ? source.timeBase : Rational(1, 1000)
    decoder = try SoundDecoder(source, timeBase: timeBase, log: log)
    encoder = try SoundEncoder(form, isFree: isFree, withHeader: withHeader, log: log)
    guard let packet = CompressedPacket(),
      let samples = av_audio_fifo_alloc(
        encoder.sampleFormat, encoder.channelLayout.nb_channels, Int32(SoundConversion.freeFrameSize))
    else { throw Failure(.failed, step: "encoding sound", cause: "out of memory") }
    self.packet = packet
    self.samples = samples
  }

  deinit {
    av_audio_fifo_free(samples)
    swr_free(&resampler)
  }

  /// What comes out, as a track.
  func track(id: Int, like source: Track) -> Track? { encoder.track(id: id, like: source) }

  /// Seconds that the first packet comes before the first sample.
  var lead: Double { Double(encoder.lead) / Double(encoder.sampleRate) }

  /// The units of the packets' times that come out.
  var outputTimeBase: Rational { Rational(1, encoder.sampleRate) }

  /// How many packets could not be decoded.
  var failureCount: Int { decoder.failureCount + refusedCount }
  private var refusedCount = 0

  /// Takes a packet of the source; `write` gets those that come out.
  func convert(
    _ source: CompressedPacket, _ write: (CompressedPacket) throws(Failure) -> Void
  ) throws(Failure) {
    if !decoder.send(source) { refusedCount += 1 }
    try takeDecoded(write)
  }

  /// The source has ended: gives out all that waits. The conversion is of no more use.
  func finish(_ write: (CompressedPacket) throws(Failure) -> Void) throws(Failure) {
    _ = decoder.send(nil)
    try takeDecoded(write)
    try closeResampler()
    try encode(all: true, write)
    encoder.drain()
    try writePackets(write)
  }

  private func takeDecoded(_ write: (CompressedPacket) throws(Failure) -> Void) throws(Failure) {
    while decoder.receive() {
      let frame = decoder.frame
      guard frame.pointee.nb_samples > 0, frame.pointee.ch_layout.nb_channels > 0 else { continue }
      try follow(frame)
      if let time = decoder.time {
        let place = av_rescale_q(time, timeBase.native, outputTimeBase.native)
        let tolerance = Int64(SoundConversion.tolerance * Double(encoder.sampleRate))
        if let next, place > next &+ tolerance {
          try encode(all: true, write)
          position = place
        } else if position == nil {
          position = place
        }
      }
      if position == nil { position = 0 }
      try resample(
        UnsafePointer(frame.pointee.extended_data), frame.pointee.nb_samples, frame.pointee.sample_rate)
      try encode(all: false, write)
    }
  }

  /// When the next decoded sample is due by the count of those before it.
  private var next: Int64? {
    guard let position else { return nil }
    let delay = resampler.map { swr_get_delay($0, Int64(encoder.sampleRate)) } ?? 0
    return position &+ Int64(av_audio_fifo_size(samples)) &+ delay
  }

  // MARK: Resampling

  /// Makes a resampler for samples like these, unless the last one is.
  private func follow(_ frame: UnsafeMutablePointer<AVFrame>) throws(Failure) {
    let kind = (frame.pointee.sample_rate, frame.pointee.format, frame.pointee.ch_layout.nb_channels)
    if let input, input == kind { return }
    try closeResampler()
    input = kind
    var own = encoder.channelLayout
    var theirs = AVChannelLayout()
    defer { av_channel_layout_uninit(&theirs) }
    if frame.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
      av_channel_layout_default(&theirs, kind.2)
    } else {
      av_channel_layout_copy(&theirs, &frame.pointee.ch_layout)
    }
    var result = swr_alloc_set_opts2(
      &resampler, &own, encoder.sampleFormat, Int32(encoder.sampleRate), &theirs,
      AVSampleFormat(rawValue: kind.1), kind.0, 0, nil)
    if result >= 0 { result = swr_init(resampler) }
    guard result >= 0 else { throw Failure(.failed, step: "resampling sound", cause: errorText(result)) }
  }

  /// Takes what waits in the resampler, which is of no more use.
  private func closeResampler() throws(Failure) {
    guard resampler != nil else { return }
    try resample(nil, 0, Int32(encoder.sampleRate))
    swr_free(&resampler)
  }

  private func resample(
    _ data: UnsafePointer<UnsafeMutablePointer<UInt8>?>?, _ count: Int32, _ rate: Int32
  ) throws(Failure) {
    let room = swr_get_out_samples(resampler, count)
    guard room > 0 else { return }
    let channels = encoder.channelLayout.nb_channels
    var planes = [UnsafeMutablePointer<UInt8>?](repeating: nil, count: max(8, Int(channels)))
    guard av_samples_alloc(&planes, nil, channels, room, encoder.sampleFormat, 0) >= 0 else {
      throw Failure(.failed, step: "resampling sound", cause: "out of memory")
    }
    defer { av_freep(&planes) }
    let made = fm_resample(resampler, &planes, room, data, count)
    guard made >= 0, fm_fifo_write(samples, &planes, made) >= made else {
      throw Failure(.failed, step: "resampling sound", cause: errorText(made))
    }
  }

  // MARK: Encoding

  /// Encodes whole packets' samples; with `all` also the rest, with silence after it where the codec wants whole ones.
  private func encode(
    all: Bool, _ write: (CompressedPacket) throws(Failure) -> Void
  ) throws(Failure) {
    let size = encoder.frameSize > 0 ? encoder.frameSize : SoundConversion.freeFrameSize
    while let position {
      let waiting = Int(av_audio_fifo_size(samples))
      guard waiting >= size || all && waiting > 0 else { break }
      let taken = min(waiting, size)
      let count = encoder.frameSize > 0 ? size : taken
      try encoder.encode(count, at: position) { planes in
        _ = fm_fifo_read(samples, planes, Int32(taken))
        if taken < count {
          av_samples_set_silence(
            planes, Int32(taken), Int32(count - taken), encoder.channelLayout.nb_channels,
            encoder.sampleFormat)
        }
      }
      self.position = position &+ Int64(count)
      try writePackets(write)
    }
  }

  private func writePackets(_ write: (CompressedPacket) throws(Failure) -> Void) throws(Failure) {
    while try encoder.receive(packet) { try write(packet) }
  }
}
