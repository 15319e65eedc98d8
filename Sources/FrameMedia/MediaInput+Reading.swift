import CFFmpeg
import FrameStream
import Glibc
import SystemIO

extension MediaInput {
  enum Step {
    case frame
    case packet
    case end
  }

  /// Reads and decodes until there is a picture in the decoder's frame or a track's packet in `currentPacket`.
  func advance() throws(Failure) -> Step {
    var consecutiveErrors = 0
    while true {
      if isAtEnd || interruption.isRequested { return .end }
      if !window.videoHasEnded {
        let result = decoder.receive()
        switch result {
        case .frame:
          consecutiveErrors = 0
          if let failure = decoder.deinterlacingFailure {
            decoder.deinterlacingFailure = nil
            if options.deinterlacing == .on { throw failure.within(name) }
            warn("interlaced pictures stay as they are: \(failure.cause)")
          }
          if try !hasFoundStart() { continue }
          try endOfLeadIn()
          try reportLog(damaged: fm_frame_is_damaged(decoder.frame) != 0)
          let pts = clock.time(of: decoder.frame)
          lastTime = Double(pts) * video.timeBase.value
          if clock.justStartedCounting {
            warn("no time stamps in the container: they are counted from \(clock.basis)")
          }
          switch window.position(of: pts, video.timeBase) {
          case .before: continue
          case .within: return .frame
          case .after:
            window.videoHasEnded = true
            if trackNumbers.isEmpty { isAtEnd = true }
            continue
          }
        case .end:
          if try !hasFoundStart(atEnd: true) { continue }
          isAtEnd = true
          try reportLog(damaged: false)
          if let lostConnection { throw lostConnection }
          return .end
        case .failed(let code):
          try reportDamage(errorText(code))
          consecutiveErrors += 1
          // A decoder that only ever fails has nothing more to give.
          if decoder.isDraining, consecutiveErrors > 100 { isAtEnd = true }
          continue
        case .needsInput: break
        }
      }
      if let waiting = decoder.waitingPacket {
        try decode(waiting)
        continue
      }
      if try !readPacket() { continue }
      return .packet
    }
  }

  /// Takes one packet from the demuxer; true if it is a track's and stands in `currentPacket`.
  private func readPacket() throws(Failure) -> Bool {
    switch demuxer.read() {
    case .again:
      usleep(5_000)
    case .end:
      try reportEnd()
      noteLostParts()
      if hasMissedPart, isShort, !window.videoHasEnded {
        try lose("the last parts of the playlist are missing")
      }
      if window.videoHasEnded { isAtEnd = true } else { decoder.drain() }
    case .failed(let code):
      if let failure = demuxer.channel?.failure("reading", name) { throw failure }
      if interruption.isRequested { return false }
      isInLeadIn = false
      if demuxer.isFile {
        if packetCount == 0, let failure = needsSeeking { throw failure }
        try reportDamage("the file ends early: " + errorText(code))
      } else {
        try lose(errorText(code))
      }
      if window.videoHasEnded { isAtEnd = true } else { decoder.drain() }
    case .packet(let packet):
      let index = packet.streamIndex
      // Matroska's reader goes on behind what a broken connection left out.
      if isResumable, demuxer.hasBrokenOff { try lose(systemMessage(EIO)) }
      noteLostParts()
      if index == videoIndex {
        packetCount += 1
        if let time = packet.pts { latestTime = max(latestTime ?? time, time) }
        if packet.isEncrypted { throw demuxer.encryptionFailure(canTakeKey: true) }
        if companionCount > 0 {
          companionCount -= 1
          return false
        }
        if mayHaveCompanions { companionCount = jpegCompanionCount(packet.data) }
        if window.videoHasEnded {
          // Sound of the last pictures may still follow them in the file.
          if let time = packet.dts ?? packet.pts, window.isFarBeyond(time, video.timeBase) { isAtEnd = true }
        } else {
          if packet.isCorrupt { try reportDamage("cut or corrupt packet") }
          try decode(packet)
        }
      } else if let number = trackNumbers[index] {
        let track = tracks[number]
        switch window.position(of: packet.pts ?? packet.dts, track.timeBase) {
        case .before: break
        case .within:
          currentPacket = packet
          return true
        case .after:
          if window.videoHasEnded, window.isFarBeyond(packet.dts ?? packet.pts ?? 0, track.timeBase) {
            isAtEnd = true
          }
        }
      }
    }
    return false
  }

  /// Takes note of parts of a playlist that could not be read. One that was asked for early may come when it is asked for again, and
  /// the one after the last is asked for too: only in the end it shows whether something is missing.
  private func noteLostParts() {
    guard demuxer.isPlaylist, log.takeLostPartCount() > 0 else { return }
    if !hasMissedPart, !window.videoHasEnded { warn("\(place): a part of the playlist could not be read") }
    hasMissedPart = true
  }

  /// Whether the last picture comes well before the input's end.
  private var isShort: Bool {
    guard let latestTime, let duration = video.duration else { return true }
    return Double(latestTime) * video.timeBase.value - startTime < duration - 0.5
  }

  /// No more packets come, though there should be; what waits inside the decoder comes first.
  private func lose(_ cause: String) throws(Failure) {
    let failure = Failure(.inputOutput, step: "reading", subject: name, cause: cause)
    if window.videoHasEnded || decoder.isDraining || isResumable { throw failure }
    lostConnection = failure
  }

  private var isResumable: Bool { options.resumable && !demuxer.isLive }

  private func decode(_ packet: Demuxer.Packet) throws(Failure) {
    if isInLeadIn, let time = packet.pts, window.position(of: time, video.timeBase) == .within {
      earliestWanted = min(earliestWanted ?? time, time)
    }
    guard let code = decoder.send(packet) else { return }
    try reportDamage(errorText(code))
  }

  /// Whether the first picture after a jump is not later than the start, so that none between them is missed; else
  /// goes further back. What has no index (MPEG-TS) says only roughly where key frames are.
  private func hasFoundStart(atEnd: Bool = false) throws(Failure) -> Bool {
    guard isSeeking else { return true }
    isSeeking = false
    let stamp = decoder.frame.pointee.best_effort_timestamp
    if !atEnd {
      guard stamp != fm_no_timestamp else { return true }
      guard window.position(of: Int(stamp), video.timeBase) != .before else { return true }
      let start = av_rescale_q(window.start, AVRational(num: 1, den: 1_000_000), video.timeBase.native)
      guard stamp > start else { return true }
    }
    let begin = demuxer.startTime
    let target = window.start &- Int64(nextStepBack * 1e6)
    // Whether the step before this one went to the beginning.
    let last = nextStepBack > 2 ? window.start &- Int64(nextStepBack / 2 * 1e6) : window.start
    guard last > begin else { return true }
    nextStepBack *= 2
    guard demuxer.seek(toMicrosecond: max(target, begin)) else { return true }
    isSeeking = true
    earliestWanted = nil
    decoder.restart()
    clock = PictureClock(timeBase: video.timeBase, frameRate: video.frameRate)
    earlyPackets = []
    earlyByteCount = 0
    _ = log.takeErrors()
    return false
  }

  // MARK: Damage

  private var place: String {
    guard let lastTime, abs(lastTime) < 1e12 else { return "packet \(packetCount)" }
    let thousandths = Int((lastTime * 1000).rounded(.toNearestOrAwayFromZero))
    let fraction = String(abs(thousandths) % 1000)
    let sign = thousandths < 0 ? "-" : ""
    return "packet \(packetCount), near \(sign)\(abs(thousandths) / 1000)."
      + String(repeating: "0", count: 3 - fraction.count) + fraction + " s"
  }

  /// Ends the lead-in with the first picture that is wanted.
  private func endOfLeadIn() throws(Failure) {
    guard isInLeadIn else { return }
    let stamp = decoder.frame.pointee.best_effort_timestamp
    if stamp != fm_no_timestamp, window.position(of: Int(stamp), video.timeBase) == .before { return }
    isInLeadIn = false
    let line = log.takeErrors()
    if let wanted = earliestWanted, stamp != fm_no_timestamp, Int(stamp) > wanted {
      // What was passed over had been asked for.
      let cause = line ?? lastCause
      try reportDamage("no picture at the start" + (cause.map { " (\($0))" } ?? ""))
    }
  }

  private func reportDamage(_ cause: String) throws(Failure) {
    if isInLeadIn {
      if let line = log.takeErrors() { lastCause = line }
      return
    }
    damageCount += 1
    let kind = cause
    var cause = cause
    if let line = log.takeErrors() {
      lastCause = line
      cause += " (" + line + ")"
    } else {
      lastCause = cause
    }
    if options.strict {
      throw Failure(.badInput, step: place, subject: name, cause: cause)
    }
    warn("\(place): damaged: \(cause)", ofDamage: kind)
  }

  /// Damage repeats itself: the first places of each kind are named, the others counted.
  private func warn(_ text: String, ofDamage kind: String) {
    damageCounts[kind, default: 0] += 1
    if damageCounts[kind, default: 0] <= 3 { warn(text) } else { options.onDetail?(text) }
  }

  /// Says how many damaged places were not named. Lines of libav's log that came with no damaged picture are counted
  /// apart: how many there are depends on how its threads took turns.
  func warnOfRest() {
    let counts = damageCounts
    damageCounts = [:]
    func rest(_ isChosen: (String) -> Bool) -> Int {
      counts.filter { isChosen($0.key) }.values.reduce(0) { $0 + max($1 - 3, 0) }
    }
    let packets = rest { !Self.logKinds.contains($0) }
    let lines = rest(Self.logKinds.contains)
    if lines > 0 { warn("\(lines) more line\(lines == 1 ? "" : "s") in the decoder's log") }
    if packets > 0 { warn("\(packets) more damaged packet\(packets == 1 ? "" : "s")") }
  }

  private static let logKinds: Set<String> = ["log", "end"]

  /// - Parameter kind: Which of libav's lines are counted together.
  private func reportLog(damaged: Bool, kind: String = "log") throws(Failure) {
    if let onDetail = options.onDetail { for line in log.takeDetails() { onDetail(line) } }
    if isInLeadIn {
      if let line = log.takeErrors() { lastCause = line }
    } else if damaged {
      try reportDamage("the picture is incomplete")
    } else if let line = log.takeErrors() {
      lastCause = line
      // What a decoder conceals, and an end that comes early, libav tells of in its log only.
      if options.strict { throw Failure(.badInput, step: place, subject: name, cause: line) }
      warn("\(place): \(line)", ofDamage: kind)
    }
  }

  /// At the end of input: a failed read ends libav's reading as if the file were over.
  private func reportEnd() throws(Failure) {
    if let failure = demuxer.channel?.failure("reading", name) { throw failure }
    if packetCount == 0, let failure = needsSeeking { throw failure }
    try reportLog(damaged: false, kind: "end")
  }

  /// What is wrong with an MP4 whose pictures went by before its index said where they are.
  var needsSeeking: Failure? {
    guard let channel = demuxer.channel, !channel.isSeekable, demuxer.isIndexed else { return nil }
    return Failure(
      .badInput, step: "reading", subject: name,
      cause: "its index comes after the pictures, which needs a file that can be read twice; give the file's "
        + "name instead of a pipe, or write it with -movflags +faststart")
  }
}
