import CFFmpeg
import FrameStream
import Glibc
import SystemIO

/// Reads and decodes: from the container's packets to pictures within the time window, and track packets between them.
final class MediaReader {
  /// The outcome of ``advance()``.
  enum Step {
    /// A picture is in the decoder's frame.
    case frame(pts: Int)
    case packet(CompressedPacket, Track)
    /// Reading restarts at an earlier position: packets given so far come again.
    case rewound
    case end
  }

  private let name: String
  private let options: MediaInputOptions
  private let demuxer: Demuxer
  private let decoder: PictureDecoder
  private let damage: DamageAccount
  private let log: MediaLog
  /// The video stream's index in the container, and the units of its times.
  private let videoIndex: Int
  private let timeBase: Rational
  private let frameRate: Rational?
  /// Seconds, by the container.
  private let duration: Double?
  private let tracks: TrackTable

  private var window: TimeWindow
  private var clock: PictureClock
  private var search: StartSearch
  private var companions: JPEGCompanions?
  private var cutAway = CutAwayPackets()
  /// What is given out when.
  private var order: Interleaving
  private var isAtEnd = false
  /// Thrown once what was read before it is out.
  private var failure: Failure?
  private var consecutiveErrors = 0
  /// Packets of the video that are not decoded, and the pictures that must come of those after them.
  private var skippedCount = 0
  private var expected: ExpectedPictures?
  /// Whether what is read now belongs to another part, which reports its damage.
  var isOutsidePart = false
  /// Pictures before the time window.
  private(set) var earlierPictureCount = 0
  /// Whether a part of a playlist could not be read.
  private var hasMissedPart = false
  /// What has been read, to compare with what the container promises.
  private var extent = ReadingExtent()
  private let videoStream: UnsafeMutablePointer<AVStream>
  /// The latest picture's time, also of those that wait inside the decoder.
  private var latestTime: Int?
  /// Why there will be no more packets; thrown once the pictures inside the decoder are out.
  private var lostConnection: Failure?

  /// - Parameters:
  ///   - videoIndex: the video stream's index in the container.
  ///   - video: what the container says of that stream.
  ///   - mayHaveCompanions: whether JPEG files may hold pictures that belong to others.
  ///   - maySeek: whether reading may begin with a jump, so that nobody knows how many pictures come before.
  init(
    _ demuxer: Demuxer, _ decoder: PictureDecoder, videoIndex: Int, video: VideoDescription,
    tracks: TrackTable, mayHaveCompanions: Bool, maySeek: Bool, options: MediaInputOptions,
    damage: DamageAccount, log: MediaLog
  ) {
    name = demuxer.name
    self.options = options
    self.demuxer = demuxer
    self.decoder = decoder
    self.damage = damage
    self.log = log
    self.videoIndex = videoIndex
    videoStream = demuxer.streams[videoIndex]
    (timeBase, frameRate, duration) = (video.timeBase, video.frameRate, video.duration)
    self.tracks = tracks
    companions = mayHaveCompanions ? JPEGCompanions() : nil
    window = TimeWindow(options, origin: demuxer.startTime)
    clock = MediaReader.clock(demuxer, timeBase, frameRate)
    let mustSeek = window.start > 0 && options.start != nil && maySeek
    hasSought = mustSeek && demuxer.seek(toMicrosecond: window.start)
    search = StartSearch(hasSought: hasSought)
    order = Interleaving(releasesAll: demuxer.isLive)
  }

  /// Whether reading began after a jump.
  let hasSought: Bool

  /// Whether a picture after the time window's end has been seen.
  var isPastEnd: Bool { window.videoHasEnded }

  /// Reads no more.
  func stop() {
    isAtEnd = true
    failure = nil
    order = Interleaving(releasesAll: true)
  }

  /// How many of the video's packets have been read.
  var videoPacketCount: Int { extent.packetCount }

  /// Drops what has been decoded so far, and decodes from an entry on, which must not have been read.
  /// - Parameter coding: the video's codec.
  func skip(to entry: PacketSurvey.Entry, _ coding: PictureCoding) {
    skippedCount = entry.packet - 1
    expected = ExpectedPictures(coding, from: entry.time)
    order = Interleaving(releasesAll: false)
    decoder.restart()
    clock = MediaReader.clock(demuxer, timeBase, frameRate)
  }

  private static func clock(_ demuxer: Demuxer, _ timeBase: Rational, _ frameRate: Rational?) -> PictureClock
  {
    PictureClock(
      timeBase: timeBase, frameRate: frameRate,
      isContainerless: demuxer.isContainerless && demuxer.arrival == nil)
  }

  /// Reads and decodes until there is a picture or a track's packet.
  /// - Throws: ``Failure``: `inputOutput` if reading failed, `badInput` for damage that ends reading.
  func advance() throws(Failure) -> Step {
    while true {
      if let step = order.next() { return step }
      if let failure { throw failure }
      if isAtEnd || options.interruption.isRequested {
        guard !order.isEmpty else { return .end }
        order.releasesAll = true
        continue
      }
      do throws(Failure) {
        if try decodeOrRead() { return .rewound }
      } catch {
        failure = error
        order.releasesAll = true
      }
    }
  }

  /// Decodes a picture, or reads a packet.
  /// - Returns: whether reading restarts at an earlier position.
  private func decodeOrRead() throws(Failure) -> Bool {
    if !window.videoHasEnded {
      switch decoder.receive() {
      case .frame:
        consecutiveErrors = 0
        try reportDeinterlacing()
        if stepBack(isAtEnd: false) { return true }
        if let pts = try takePicture() { order.show(pts) }
        return false
      case .end:
        if stepBack(isAtEnd: true) { return true }
        isAtEnd = true
        try reportLog(.log)
        if let lostConnection { throw lostConnection }
        if let missing = expected?.missing { throw numberingFailure(missing) }
        return false
      case .failed(let code):
        try reportDamage(errorText(code))
        consecutiveErrors += 1
        // A decoder that only ever fails has nothing more to give.
        if decoder.isDraining, consecutiveErrors > 100 { isAtEnd = true }
        return false
      case .needsInput: break
      }
    }
    if let waiting = decoder.waitingPacket { try decode(waiting) } else { try readPacket() }
    return false
  }

  // MARK: Pictures

  /// The time of the decoder's picture if it lies within the window.
  private func takePicture() throws(Failure) -> Int? {
    try endLeadIn()
    if fm_frame_is_damaged(decoder.frame) != 0 {
      damage.reportDetails()
      try reportDamage("the picture is incomplete")
    } else {
      try reportLog(.log)
    }
    let pts = clock.time(of: decoder.frame)
    damage.notePicture(at: Double(pts) * timeBase.value)
    if clock.justStartedCounting, !demuxer.countsAtAssumedRate(options, rateOfBits: decoder.rateOfBits) {
      damage.warn("no time stamps in the container: they are counted from \(clock.basis)")
    }
    if let expected, expected.precedesStart(pts) { return nil }
    if let missing = expected?.mismatch(pts) { throw numberingFailure(missing) }
    switch window.position(of: pts, timeBase) {
    case .before:
      earlierPictureCount += 1
      return nil
    case .within: return pts
    case .after:
      window.videoHasEnded = true
      order.releasesAll = true
      if tracks.tracks.isEmpty { isAtEnd = true }
      return nil
    }
  }

  private func reportDeinterlacing() throws(Failure) {
    guard let failure = decoder.takeDeinterlacingFailure() else { return }
    if options.deinterlacing == .on { throw failure.within(name) }
    damage.warn("interlaced pictures stay as they are: \(failure.cause)")
  }

  /// Whether the first picture after a jump is later than the start, so that some are missed: goes further back then.
  private func stepBack(isAtEnd: Bool) -> Bool {
    let target = search.stepBack(
      from: decoder.frameTime, isAtEnd: isAtEnd, window, timeBase, origin: demuxer.startTime)
    guard let target, demuxer.seek(toMicrosecond: target) else { return false }
    search.restart()
    decoder.restart()
    cutAway.restart()
    order = Interleaving(releasesAll: order.releasesAll)
    clock = MediaReader.clock(demuxer, timeBase, frameRate)
    _ = log.takeErrors()
    return true
  }

  /// Ends the lead-in with the first picture that is wanted.
  private func endLeadIn() throws(Failure) {
    guard search.isInLeadIn else { return }
    let time = decoder.frameTime
    if let time, window.position(of: time, timeBase) == .before { return }
    let hasMissed = search.endLeadIn(at: time)
    let line = log.takeErrors()
    if hasMissed {
      let cause = line ?? damage.lastCause
      try reportDamage("no picture at the start" + (cause.map { " (\($0))" } ?? ""))
    }
  }

  /// The last packet that the decoder was given, which may have had no room for it.
  private var lastSent: CompressedPacket?

  private func decode(_ packet: CompressedPacket) throws(Failure) {
    if search.isInLeadIn, let time = packet.pts, window.position(of: time, timeBase) == .within {
      search.expectPicture(at: time)
    }
    if packet !== lastSent { expected?.expect(packet) }
    lastSent = packet
    guard let code = decoder.send(packet) else { return }
    try reportDamage(errorText(code))
  }

  // MARK: Packets

  /// Takes one packet from the demuxer.
  private func readPacket() throws(Failure) {
    switch demuxer.read() {
    case .again:
      usleep(5_000)
    case .end:
      try reportEnd()
      noteLostParts()
      if hasMissedPart, isShort, !window.videoHasEnded {
        try lose("the last parts of the playlist are missing", isTemporary: false)
      }
      if hasEndedEarly { lostConnection = demuxer.cutFailure(extent, video: videoStream) }
      endOfPackets()
    case .failed(let code):
      try readingFailed(code)
    case .packet(let packet):
      // Matroska's reader continues behind what a broken connection left out.
      if isResumable, demuxer.hasBrokenOff { try lose(systemMessage(EIO)) }
      noteLostParts()
      note(packet)
      if packet.streamIndex == videoIndex {
        try takeVideo(packet)
      } else if let track = tracks.track(ofStream: packet.streamIndex) {
        for packet in cutAway.take(packet, of: track) where isWithin(packet, track) {
          order.add(packet, of: track)
        }
      }
    }
  }

  private func endOfPackets() {
    if window.videoHasEnded { isAtEnd = true } else { decoder.drain() }
  }

  private func readingFailed(_ code: Int32) throws(Failure) {
    if let failure = demuxer.channel?.failure("reading", name) { throw failure }
    if options.interruption.isRequested { return }
    search.abandonLeadIn()
    if demuxer.isFile {
      if damage.packetCount == 0, let failure = demuxer.indexFailure { throw failure }
      if !damage.hasPicture {
        try reportDamage("the file ends early: " + errorText(code))
      } else if !window.videoHasEnded {
        if let line = log.takeErrors() { options.onDetail?(line) }
        lostConnection = demuxer.cutFailure(extent, video: videoStream)
      }
    } else {
      try lose(errorText(code))
    }
    endOfPackets()
  }

  private func note(_ packet: CompressedPacket) {
    let isVideo = packet.streamIndex == videoIndex
    if isVideo {
      extent.packetCount += 1
      order.noteVideo(packet)
    }
    let base = isVideo ? timeBase : tracks.track(ofStream: packet.streamIndex)?.timeBase
    if let base { extent.note(packet, isVideo: isVideo, base) }
  }

  /// Whether the file is over before the time that was asked for, and before the container says.
  private var hasEndedEarly: Bool {
    damage.hasPicture && !window.videoHasEnded && demuxer.hasEndedEarly(extent, video: videoStream)
  }

  private func takeVideo(_ packet: CompressedPacket) throws(Failure) {
    damage.countPacket()
    if let time = packet.pts { latestTime = max(latestTime ?? time, time) }
    if extent.packetCount <= skippedCount { return }
    if packet.isEncrypted { throw demuxer.encryptionFailure(canTakeKey: true) }
    if companions?.claims(packet.data) == true { return }
    if window.videoHasEnded {
      // Sound of the last pictures may still follow them in the file.
      if let time = packet.dts ?? packet.pts, window.isFarBeyond(time, timeBase) { isAtEnd = true }
    } else {
      if packet.isCorrupt { try reportDamage("cut or corrupt packet") }
      try decode(packet)
    }
  }

  private func isWithin(_ packet: CompressedPacket, _ track: Track) -> Bool {
    switch window.position(of: packet.pts ?? packet.dts, track.timeBase) {
    case .before: return false
    case .within: return true
    case .after:
      if window.videoHasEnded, window.isFarBeyond(packet.dts ?? packet.pts ?? 0, track.timeBase) {
        isAtEnd = true
      }
      return false
    }
  }

  // MARK: Losses and damage

  /// Takes note of parts of a playlist that could not be read. A part that was requested too early may come later, and
  /// libav asks for one more than there are: only the end shows whether something is missing.
  private func noteLostParts() {
    guard demuxer.isPlaylist, log.takeLostPartCount() > 0 else { return }
    if !hasMissedPart, !window.videoHasEnded {
      damage.warn("\(damage.place): a part of the playlist could not be read")
    }
    hasMissedPart = true
  }

  /// Whether the last picture comes well before the input's end.
  private var isShort: Bool {
    guard let latestTime, let duration else { return true }
    return Double(latestTime) * timeBase.value - Double(demuxer.startTime) / 1e6 < duration - 0.5
  }

  /// No more packets come, though there should be; what waits inside the decoder comes first.
  /// - Parameter isTemporary: whether they may come another time.
  private func lose(_ cause: String, isTemporary: Bool = true) throws(Failure) {
    var failure = Failure(.inputOutput, step: "reading", subject: name, cause: cause)
    failure.isTemporary = isTemporary
    if window.videoHasEnded || decoder.isDraining || isResumable { throw failure }
    lostConnection = failure
  }

  private var isResumable: Bool { options.resumable && !demuxer.isLive }

  /// At the end of input: a failed read ends libav's reading as if the file were over.
  private func reportEnd() throws(Failure) {
    if let failure = demuxer.channel?.failure("reading", name) { throw failure }
    if damage.packetCount == 0, let failure = demuxer.indexFailure { throw failure }
    try reportLog(.end)
  }

  /// A part counts packets instead of the pictures before it, so each of them must become a picture.
  private func numberingFailure(_ time: Int) -> Failure {
    let seconds = (Double(time) * timeBase.value * 1000).rounded() / 1000
    return Failure(
      .badInput, step: "cannot number the pictures", subject: name,
      cause: "the packets and the pictures differ at \(seconds) s; --count decoding counts the pictures "
        + "themselves, which all parts must do then")
  }

  private func reportDamage(_ cause: String) throws(Failure) {
    if search.isInLeadIn || isOutsidePart { damage.setAside() } else { try damage.report(cause) }
  }

  private func reportLog(_ kind: DamageAccount.LogKind) throws(Failure) {
    damage.reportDetails()
    if search.isInLeadIn || isOutsidePart { damage.setAside() } else { try damage.reportLog(kind) }
  }
}
