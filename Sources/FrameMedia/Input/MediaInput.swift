import CFFmpeg
import FrameStream
import SystemIO

/// Reads a video, a picture, a camera or a live stream: decoded pictures of the main video stream in presentation
/// order, and between them the compressed packets of sound and subtitle tracks.
///
/// One thread at a time may use it; only the ``MediaInterruption`` it was opened with may be used from others.
package final class MediaInput {
  /// What the pictures are. Their size may change on the way; their pixel format does not.
  package let video: VideoDescription
  /// The tracks whose packets ``next()`` gives; empty if they are not wanted.
  package var tracks: [Track] { trackTable.tracks }
  /// True for a camera or a live stream, whose pictures come at their own pace.
  package var isLive: Bool { demuxer.isLive }
  /// The file's tags, chapters and attachments, those of the part that is read.
  package let metadata: MediaMetadata
  /// True for live input without times of its own: each picture's is when it arrived.
  package var hasArrivalTimes: Bool { demuxer.arrival != nil }
  /// Damaged places so far: packets and pictures that could not be decoded, or not wholly.
  package var damagedCount: Int { damage.count }
  /// When the input begins, in seconds on the clock of its times.
  package var startTime: Double { Double(demuxer.startTime) / 1e6 }
  /// The number of the last picture in the whole input, from 0; nil if pictures are numbered from the start that was
  /// asked for.
  package var pictureNumber: Int? { numbersWhole ? part.number : nil }
  /// Whether pictures have come that are later than ``MediaInputOptions/duration`` asks for.
  package var isPastDuration: Bool { reader.isPastEnd }

  private let demuxer: Demuxer
  private let decoder: PictureDecoder
  private let reader: MediaReader
  private let converter: FrameConverter
  private let damage: DamageAccount
  private let trackTable: TrackTable
  /// The time of the first picture that was decoded.
  let firstTime: Int
  /// Which pictures are given out.
  private var part = PartSelection()
  private let numbersWhole: Bool
  /// One picture is all that is read.
  private let isPictureFile: Bool
  /// Packets that come before the first picture, and that picture's time while it waits in the decoder.
  private var waitingPackets: WaitingPackets
  private var waitingTime: Int?

  /// Opens a file, a URL (`scheme://…`), a picture sequence (`%05d.png`) or, with ``MediaInputOptions/format``, a
  /// device.
  /// - Throws: ``Failure``: `.inputOutput` if it cannot be opened, `.badInput` if it is not media or has no video.
  package convenience init(path: String, options: MediaInputOptions = MediaInputOptions()) throws(Failure) {
    try self.init(name: path, descriptor: nil, options: options)
  }

  /// Reads from an open descriptor, which may be a pipe and stays open.
  /// - Parameter name: what messages call it; its extension counts as a hint at the format.
  package convenience init(
    descriptor: Int32, name: String, options: MediaInputOptions = MediaInputOptions()
  ) throws(Failure) {
    try self.init(name: name, descriptor: descriptor, options: options)
  }

  private init(name: String, descriptor: Int32?, options: MediaInputOptions) throws(Failure) {
    var options = options
    options.isNamed = descriptor == nil
    let log = MediaLog()
    demuxer = try Demuxer(name: name, descriptor: descriptor, options: options, log: log)
    let (stream, index) = try demuxer.videoStream(options.stream)
    let hasManyPictures = !demuxer.hasSinglePictures || demuxer.hasSeveralPictures
    isPictureFile = demuxer.isPictureFile
    // Somebody may be waiting for each picture: none stays in the decoder for the sake of speed.
    let isUnseekable = demuxer.isLive || demuxer.channel?.isSeekable == false && options.threads == 0
    decoder = try PictureDecoder(
      stream, name: name, threads: hasManyPictures ? options.threads : 1,
      withoutDelay: options.live || isUnseekable, options: options, log: log)
    var orientation: Orientation? = .upright
    if let matrix = fm_stream_display_matrix(stream) { orientation = Orientation(displayMatrix: matrix) }
    var video = demuxer.describe(stream, hasManyPictures: hasManyPictures)
    let trackTable = TrackTable(options.withTracks ? demuxer.tracks : [])
    self.trackTable = trackTable
    demuxer.discardAll { $0 == index || trackTable.track(ofStream: $0) != nil }
    damage = DamageAccount(name: name, options: options, log: log)
    let opening = PartOpening(demuxer, videoIndex: index, options)
    numbersWhole = options.chunk != nil || options.numbersWhole
    let window = TimeWindow(options, origin: demuxer.startTime)
    let first = options.numbersWhole && options.start != nil ? opening.firstNumber(in: window, damage) : nil
    reader = MediaReader(
      demuxer, decoder, videoIndex: index, video: video, tracks: trackTable,
      // JPEG files, also several in a row, which FFmpeg takes for a film.
      mayHaveCompanions: demuxer.hasSinglePictures || demuxer.formatName == "mjpeg",
      maySeek: !options.numbersWhole || first != nil, options: options, damage: damage, log: log)
    MediaInput.reportOmissions(demuxer, videoIndex: index, options, damage)
    if orientation == nil {
      damage.warn("the rotation of the picture is not a multiple of 90 degrees; it is shown as stored")
    }
    let (time, packets) = try MediaInput.readFirstFrame(demuxer, decoder, reader, damage, stream, options)
    (waitingTime, waitingPackets) = (time, packets)
    MediaInput.reportTimes(demuxer, decoder, options, damage)
    firstTime = time
    converter = try FrameConverter(
      decoder.frame, pictureOrientation: decoder.pictureOrientation,
      streamOrientation: orientation ?? .upright, pixelShapes: MediaInput.pixelShapes(stream),
      options: options, name: name)
    converter.describe(&video)
    metadata = demuxer.metadata(options)
    if hasManyPictures {
      video.startTime = time == 0 ? nil : video.timeBase.seconds(time)
      let first = stream.pointee.start_time
      MediaInput.advanceTimecode(&video, by: first == fm_no_timestamp ? 0 : time - Int(first))
    }
    self.video = video
    try beginPart(opening, first)
  }

  /// Decides which pictures are given out, and which numbers they have.
  /// - Parameter first: the number and the time of the first picture at or after the start, where they were counted.
  private func beginPart(_ opening: PartOpening, _ first: (number: Int, time: Int?)?) throws(Failure) {
    if let chunk = opening.options.chunk {
      let (part, isSkipping) = try opening.begin(chunk, firstTime: firstTime, reader, damage)
      self.part = part
      if isSkipping {
        waitingPackets.removeAll()
        waitingTime = nil
      }
    } else if let first {
      guard first.time == firstTime else {
        throw Failure(
          .badInput, step: "cannot number the pictures", subject: demuxer.name,
          cause: "the first one is not the one that the packets tell; --count decoding counts the pictures")
      }
      part.count(from: first.number)
    } else if opening.options.numbersWhole {
      part.count(from: reader.earlierPictureCount)
    }
  }

  /// Reports what the file has and the stream of frames will not.
  private static func reportOmissions(
    _ demuxer: Demuxer, videoIndex: Int, _ options: MediaInputOptions, _ damage: DamageAccount
  ) {
    let others = demuxer.otherVideoStreams(than: videoIndex)
    if options.stream == nil, demuxer.isFile, !demuxer.isPictureFile, !others.isEmpty {
      damage.warn(
        "its video stream \(videoIndex) is read; --stream takes another: "
          + others.map(String.init).joined(separator: ", "))
    }
    let omitted = demuxer.isPictureFile ? [] : demuxer.omissions(withTracks: options.withTracks)
    if !omitted.isEmpty {
      damage.warn("not carried into the stream: \(omitted.joined(separator: ", "))")
    }
  }

  /// Reports times that the input does not have.
  private static func reportTimes(
    _ demuxer: Demuxer, _ decoder: PictureDecoder, _ options: MediaInputOptions, _ damage: DamageAccount
  ) {
    guard !demuxer.isPictureFile else { return }
    if demuxer.arrival != nil {
      // A multipart stream has no rate to give.
      let remedy = demuxer.formatName == "mpjpeg" ? "" : "; --input-option framerate=N counts them instead"
      damage.warn("its pictures have no times: each gets the time at which it arrived\(remedy)")
    } else if demuxer.countsAtAssumedRate(options, rateOfBits: decoder.rateOfBits) {
      damage.warn(
        "its pictures have no times: they are counted, 25 a second; --input-option framerate=N sets another rate"
      )
    }
  }

  private static func pixelShapes(
    _ stream: UnsafeMutablePointer<AVStream>
  ) -> (container: Rational?, codec: Rational?) {
    func known(_ ratio: AVRational) -> Rational? { Rational(ratio).isPositive ? Rational(ratio) : nil }
    return (
      known(stream.pointee.sample_aspect_ratio), known(stream.pointee.codecpar.pointee.sample_aspect_ratio)
    )
  }

  /// A time code is that of the source's first picture; the stream may begin later, by some ticks of its time base.
  private static func advanceTimecode(_ video: inout VideoDescription, by ticks: Int) {
    guard let index = video.metadata.firstIndex(where: { $0.key == "timecode" }), let rate = video.frameRate,
      case let frames = (video.timeBase.seconds(ticks) * rate.value).rounded(), frames >= 1, frames < 1e9
    else { return }
    var text = Array(video.metadata[index].value.utf8.prefix(31)) + [0]
    text += [UInt8](repeating: 0, count: 32 - text.count)
    let isAdvanced = text.withUnsafeMutableBytes {
      fm_timecode_advance($0.baseAddress!.assumingMemoryBound(to: CChar.self), rate.native, Int32(frames))
        != 0
    }
    if isAdvanced {
      video.metadata[index].value = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// Decodes up to the first picture, which alone says how pictures are turned (EXIF) and what their format is.
  /// - Returns: its time, and the track packets before it.
  private static func readFirstFrame(
    _ demuxer: Demuxer, _ decoder: PictureDecoder, _ reader: MediaReader, _ damage: DamageAccount,
    _ stream: UnsafeMutablePointer<AVStream>, _ options: MediaInputOptions
  ) throws(Failure) -> (time: Int, packets: WaitingPackets) {
    let name = demuxer.name
    var packets = WaitingPackets()
    var hasWarned = false
    while true {
      switch try reader.advance() {
      case .frame(let pts):
        packets.close()
        return (pts, packets)
      case .packet(let packet, let track):
        packets.append(packet, of: track)
        if !hasWarned, packets.memorySize > Interleaving.largestWait {
          hasWarned = true
          damage.warn(
            "its first picture comes late: all that comes before it is kept in memory, up to 256 MiB")
        }
        guard packets.memorySize <= StreamLimits.payload else {
          throw Failure(
            .badInput, step: "reading", subject: name,
            cause: "no picture before 256 MiB of sound")
        }
      case .rewound: packets.removeAll()
      case .end:
        if options.interruption.isRequested {
          throw Failure(
            .failed, step: "reading", subject: name, cause: "interrupted before the first picture")
        }
        if let failure = demuxer.indexFailure { throw failure }
        if decoder.isAnimatedWebP {
          throw Failure(
            .badInput, step: "reading", subject: name,
            cause: "it is an animated WebP, which FFmpeg cannot decode")
        }
        if demuxer.isScrambled(stream) { throw demuxer.encryptionFailure(canTakeKey: false) }
        let cause =
          options.start != nil && damage.count == 0
          ? "no picture at or after the requested start"
            + (damage.lastCause.map { " (\($0))" } ?? "")
          : ["no picture could be decoded", damage.lastCause].compactMap { $0 }.joined(separator: ": ")
        throw Failure(.badInput, step: "reading", subject: name, cause: cause)
      }
    }
  }

  /// The next picture or packet; nil at the end of the media, or after an interruption.
  /// - Throws: ``Failure``: `.inputOutput` if reading failed; `.badInput` for damage when
  ///   ``MediaInputOptions/strict`` is set.
  package func next() throws(Failure) -> MediaEvent? {
    while true {
      switch try advance() {
      case .end:
        damage.reportRest()
        return nil
      case .packet(let packet, let track):
        if part.place == .within { return .packet(keep(packet, track)) }
      case .frame(let pts):
        let place = part.take(pts)
        reader.isOutsidePart = place == .before
        switch place {
        case .before: continue
        case .within: return .frame(try frame(pts))
        case .after: reader.stop()
        }
      case .rewound: continue
      }
    }
  }

  /// The next step of the whole input.
  private func advance() throws(Failure) -> MediaReader.Step {
    if let (packet, track) = waitingPackets.next() { return .packet(packet, track) }
    guard let pts = waitingTime else { return try reader.advance() }
    waitingTime = nil
    if isPictureFile { reader.stop() }
    return .frame(pts: pts)
  }

  /// Releases the input, so that it can be opened again: a port is bound to, a device used by one at a time.
  /// ``next()`` gives nil from now on.
  package func close() {
    damage.reportRest()
    reader.stop()
    waitingPackets.removeAll()
    waitingTime = nil
    demuxer.close()
  }

  private func frame(_ pts: Int) throws(Failure) -> MediaFrame {
    try converter.convert(decoder.frame, pts: pts, pictureOrientation: decoder.pictureOrientation)
  }

  /// The last packet given out, whose bytes must outlive the call.
  private var currentPacket: CompressedPacket?

  private func keep(_ packet: CompressedPacket, _ track: Track) -> MediaPacket {
    currentPacket = packet
    return MediaPacket(
      track: track.id, pts: packet.pts, dts: packet.dts, duration: packet.duration, isKey: packet.isKey,
      skippedSamples: packet.skippedSamples, data: packet.data)
  }
}
