import CFFmpeg
import FrameStream
import SystemIO

/// Writes the sound and subtitles of one stream, or of several that follow each other: each track as it comes if it can
/// follow in the output's track, otherwise encoded in that track's form, or left out with a warning.
final class TrackWriter {
  /// What becomes of the packets of one of the stream's tracks.
  private struct Route {
    let target: Int
    let timeBase: Rational
    /// Nil if packets are written as they come.
    let conversion: SoundConversion?
    let source: Track
    /// Whether a packet of the present stream has been written.
    var hasBegun = false
    /// The last packet's time, in units of the track.
    var lastTime: Int?
  }

  /// A track of the output.
  private struct Target {
    let stream: Int
    let form: Track
    var lastDecodeTime: Int64?
    /// Where the last packet ends, in microseconds.
    var end: Int64?
  }

  private let muxer: Muxer
  private let options: MediaOutputOptions
  private let log: MediaLog
  private let packet: CompressedPacket
  private var targets: [Target] = []
  private var routes: [Int: Route] = [:]
  private var isFirstStream = true

  private static let microsecond = AVRational(num: 1, den: 1_000_000)

  init(_ muxer: Muxer, options: MediaOutputOptions, log: MediaLog) throws(Failure) {
    guard let packet = CompressedPacket() else {
      throw Failure(.failed, step: "cannot write", cause: "out of memory")
    }
    self.muxer = muxer
    self.options = options
    self.log = log
    self.packet = packet
  }

  /// True if the output has tracks beside its video.
  var hasTracks: Bool { !targets.isEmpty }

  // MARK: Streams

  /// The tracks of the first stream that has any: the output's are made like them.
  func add(_ tracks: [Track]) {
    for track in tracks {
      guard let (form, conversion) = chooseForm(track), let stream = muxer.addStream(form) else {
        options.onWarning?("\(leading(track)); it is left out")
        continue
      }
      if conversion != nil { options.onWarning?("\(leading(track)); it is encoded as \(form.codec)") }
      routes[track.id] = route(track, to: targets.count, conversion)
      targets.append(Target(stream: stream, form: form))
    }
    isFirstStream = false
  }

  private func leading(_ track: Track) -> String {
    "\(muxer.container.name) cannot hold the \(track.kind) track \(track.id) (\(track.codec))"
  }

  /// Another stream follows the one before.
  /// - Parameter source: what to call it in messages.
  func follow(_ tracks: [Track], source: String?) throws(Failure) {
    guard !isFirstStream else {
      let place = source.map { "before \($0)" } ?? "at the beginning"
      options.onWarning?("there is no sound \(place): the output is silent there")
      return add(tracks)
    }
    try finishStream()
    let matching = TrackMatching(tracks, to: targets.map(\.form))
    let place = source.map { " of \($0)" } ?? ""
    for (index, track) in tracks.enumerated() {
      let name = "the \(track.kind) track \(track.id)\(place)"
      guard let target = matching.targets[index] else {
        options.onWarning?("\(name) (\(track.form)) is left out: the output has no such track")
        continue
      }
      let form = targets[target].form
      if track.canFollow(form) {
        if track.id != form.id {
          options.onWarning?("\(name) continues in the output's \(form.kind) track \(form.id)")
        }
        routes[track.id] = route(track, to: target, nil)
      } else if let conversion = conversion(of: track, to: form) {
        options.onWarning?("\(name) (\(track.form)) is encoded in the form of the output's (\(form.form))")
        routes[track.id] = route(track, to: target, conversion)
      } else {
        options.onWarning?(
          "\(name) (\(track.form)) is left out: it cannot follow the output's (\(form.form))")
      }
    }
    for (index, target) in targets.enumerated()
    where target.form.kind == "audio" && !routes.values.contains(where: { $0.target == index }) {
      if tracks.contains(where: { $0.kind == "audio" }) { continue }
      options.onWarning?("there is no sound in \(source ?? "this part"): the output is silent there")
    }
  }

  /// Writes what the conversions of a stream still hold.
  private func finishStream() throws(Failure) {
    for (id, route) in routes.sorted(by: { $0.key < $1.key }) {
      guard let conversion = route.conversion else { continue }
      try conversion.finish { (packet) throws(Failure) in
        try write(packet, of: id, conversion.outputTimeBase)
      }
      if conversion.failureCount > 0 {
        let count = conversion.failureCount
        options.onWarning?("\(count) damaged sound packet\(count == 1 ? "" : "s") could not be decoded")
      }
    }
    routes = [:]
  }

  /// Writes what waits for the end.
  func finish() throws(Failure) { try finishStream() }

  /// Where the sound ends that has been written, in seconds; nil if there is none.
  var soundEnd: Double? {
    targets.filter { $0.form.kind == "audio" }.compactMap(\.end).max().map { Double($0) / 1e6 }
  }

  /// Seconds by which a track's sound begins earlier in the output than in the stream, for the encoder's sake.
  func lead(ofTrack id: Int) -> Double? { routes[id]?.conversion?.lead }

  private func route(_ track: Track, to target: Int, _ conversion: SoundConversion?) -> Route {
    let timeBase = track.timeBase.isPositive ? track.timeBase : Rational(1, 1000)
    return Route(target: target, timeBase: timeBase, conversion: conversion, source: track)
  }

  // MARK: Forms

  /// The track as the container can hold it, and what brings it there; nil if it cannot.
  private func chooseForm(_ track: Track) -> (Track, SoundConversion?)? {
    let trial = muxer.trial
    if trial.holds(track) { return (track, nil) }
    guard track.kind == "audio", options.joining == .encode else { return nil }
    for codec in muxer.container.soundCodecs {
      var form = track
      form.codec = codec
      form.extradata = []
      form.sampleFormat = nil
      do throws(Failure) {
        let made = try SoundConversion(
          from: track, to: form, isFree: true, withHeader: muxer.container.hasGlobalHeader, log: log)
        if let form = made.track(id: track.id, like: track), trial.holds(form) { return (form, made) }
      } catch { continue }
    }
    return nil
  }

  /// What brings a track to the form of the output's; nil if nothing does, or nothing is wanted.
  private func conversion(of track: Track, to form: Track) -> SoundConversion? {
    guard track.kind == "audio", options.joining == .encode else { return nil }
    do throws(Failure) {
      let made = try SoundConversion(
        from: track, to: form, isFree: false, withHeader: muxer.container.hasGlobalHeader, log: log)
      // Encoders have set-ups of their own (Vorbis, HE-AAC): packets that need another one are of no use.
      guard let result = made.track(id: form.id, like: form), result.canFollowEncoded(form) else {
        return nil
      }
      return made
    } catch { return nil }
  }

  // MARK: Packets

  /// Writes a packet of the present stream; those of tracks that are left out are skipped.
  func write(_ media: MediaPacket) throws(Failure) {
    guard let route = routes[media.track] else { return }
    try fill(packet, with: media)
    guard let conversion = route.conversion else {
      measure(media, route)
      return try write(packet, of: media.track, route.timeBase)
    }
    try conversion.convert(packet) { (packet) throws(Failure) in
      try write(packet, of: media.track, conversion.outputTimeBase)
    }
    av_packet_unref(packet.native)
  }

  /// Gives a packet of sound the length that its source does not say: by its codec, otherwise as far as it is from the one
  /// before. In MP4, a last packet without a length is not heard.
  private func measure(_ media: MediaPacket, _ route: Route) {
    guard route.source.kind == "audio" else { return }
    if packet.native.pointee.duration <= 0 {
      let count = muxer.sampleCount(ofPacket: packet, stream: targets[route.target].stream)
      if count > 0, let rate = route.source.sampleRate, rate > 0 {
        packet.native.pointee.duration = av_rescale_q(
          Int64(count), AVRational(num: 1, den: Int32(clamping: rate)), route.timeBase.native)
      } else if let time = media.pts, let last = route.lastTime {
        packet.native.pointee.duration = max(0, Int64(time) &- Int64(last))
      }
    }
    routes[media.track]?.lastTime = media.pts
  }

  private func write(_ packet: CompressedPacket, of id: Int, _ timeBase: Rational) throws(Failure) {
    guard var route = routes[id] else { return }
    let native = packet.native
    let time = native.pointee.pts == fm_no_timestamp ? native.pointee.dts : native.pointee.pts
    let microsecond = TrackWriter.microsecond
    if time != fm_no_timestamp {
      let begin = av_rescale_q(time, timeBase.native, microsecond)
      let end = begin &+ av_rescale_q(max(0, native.pointee.duration), timeBase.native, microsecond)
      // Where two streams meet, sound may overlap by what an encoder needs to begin and to end.
      if !route.hasBegun, let last = targets[route.target].end, begin &+ end < 2 &* last,
        last &- begin < 200_000
      {
        return av_packet_unref(native)
      }
      targets[route.target].end = max(end, targets[route.target].end ?? end)
    }
    route.hasBegun = true
    routes[id] = route
    targets[route.target].lastDecodeTime = try muxer.write(
      packet, stream: targets[route.target].stream, timeBase, after: targets[route.target].lastDecodeTime)
  }

  private func fill(_ packet: CompressedPacket, with media: MediaPacket) throws(Failure) {
    let count = media.data.count
    let native = packet.native
    guard count <= StreamLimits.payload, av_new_packet(native, Int32(count)) >= 0 else {
      throw Failure(.failed, step: "writing", cause: "no memory for a packet of \(count) bytes")
    }
    if let base = media.data.baseAddress, count > 0 {
      UnsafeMutableRawPointer(native.pointee.data).copyMemory(from: base, byteCount: count)
    }
    native.pointee.pts = media.pts.map { Int64($0) } ?? fm_no_timestamp
    native.pointee.dts = media.dts.map { Int64($0) } ?? native.pointee.pts
    native.pointee.duration = Int64(media.duration ?? 0)
    if media.isKey { native.pointee.flags |= AV_PKT_FLAG_KEY }
    guard let skipped = media.skippedSamples,
      let side = av_packet_new_side_data(native, AV_PKT_DATA_SKIP_SAMPLES, 10)
    else { return }
    let bytes = UnsafeMutableRawPointer(side)
    bytes.storeBytes(of: UInt32(clamping: skipped.start).littleEndian, as: UInt32.self)
    bytes.storeBytes(of: UInt32(clamping: skipped.end).littleEndian, toByteOffset: 4, as: UInt32.self)
    bytes.storeBytes(of: 0, toByteOffset: 8, as: UInt16.self)
  }
}
