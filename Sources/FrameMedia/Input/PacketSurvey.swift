import CFFmpeg
import SystemIO

/// What the packets of a file's video say of its pictures, found by reading all up to a time and decoding none.
struct PacketSurvey {
  /// Why the packets do not tell which pictures there are.
  struct Unsuitable: Error {
    let reason: String
  }

  /// A packet at which decoding may start.
  struct Entry {
    /// Which of the video's packets it is, from 1.
    var packet: Int
    /// The time of its picture, and the picture's number in the whole.
    var time: Int
    var number = 0
  }

  /// How many pictures come before the time.
  private(set) var pictureCount = 0
  /// The time of the first picture; nil if there is none before ``nextTime``.
  private(set) var firstTime: Int?
  /// The time of the first picture at or after the time that was given; nil if there is none.
  private(set) var nextTime: Int?
  /// Where decoding must start, so that the pictures from the time on are those of the whole; nil for the beginning.
  private(set) var entry: Entry?

  /// Pictures that are decoded before those that are wanted, for a deinterlacer looks at those beside it.
  private static let leadIn = 3
  /// Beyond that no film is as long, and the times would take much memory.
  private static let largestPictureCount = 20_000_000

  /// Reads the packets of a file's video that come before a time.
  /// - Throws: ``Unsuitable``.
  init(_ name: String, before limit: Int, videoIndex: Int, options: MediaInputOptions) throws(Unsuitable) {
    let demuxer = try PacketSurvey.open(name, videoIndex, options)
    guard !demuxer.hasSinglePictures, demuxer.formatName != "mjpeg", !demuxer.countsPictures else {
      throw Unsuitable(reason: "its container has no times")
    }
    let parameters = demuxer.streams[videoIndex].pointee.codecpar!
    guard let coding = PictureCoding(parameters) else {
      let codec = String(cString: avcodec_get_name(parameters.pointee.codec_id))
      throw Unsuitable(reason: "where \(codec) can be entered is not known")
    }
    var packetCount = 0
    var times: [Int] = []
    var entries: [Entry] = []
    var latestTime = Int.min
    var decodeTime = Int.min
    try PacketSurvey.forEachPacket(of: demuxer, videoIndex, options) { (packet) throws(Unsuitable) in
      packetCount += 1
      guard let time = packet.pts else { throw Unsuitable(reason: "its pictures have no times") }
      guard !packet.isCorrupt, !packet.isEncrypted else { throw Unsuitable(reason: "it is damaged") }
      guard packetCount == 1 || !packet.changesDecoder else {
        throw Unsuitable(reason: "its codec's settings change on the way")
      }
      if let decoded = packet.dts {
        guard decoded >= decodeTime, decoded <= time else {
          throw Unsuitable(reason: "its times are out of order")
        }
        decodeTime = decoded
        // What is decoded later is not shown earlier.
        if let nextTime, decoded >= limit, decoded > nextTime { return false }
      }
      if time > latestTime, coding.isEntry(packet) { entries.append(Entry(packet: packetCount, time: time)) }
      latestTime = max(latestTime, time)
      guard !packet.isCutAway, coding.isShown(packet.data) else { return true }
      firstTime = min(firstTime ?? time, time)
      if time < limit { times.append(time) } else { nextTime = min(nextTime ?? time, time) }
      guard times.count <= PacketSurvey.largestPictureCount else {
        throw Unsuitable(reason: "it has more than \(PacketSurvey.largestPictureCount) pictures")
      }
      return true
    }
    pictureCount = times.count
    guard times.count > PacketSurvey.leadIn else { return }
    times.sort()
    let lead = times[times.count - PacketSurvey.leadIn]
    entry = entries.last { $0.time <= lead }
    if let time = entry?.time { entry?.number = times.partitioningIndex { $0 >= time } }
  }

  /// Where the last of a file's pictures ends, by its packets; nil if they have no times.
  /// - Throws: ``Unsuitable``.
  static func end(of name: String, videoIndex: Int, options: MediaInputOptions) throws(Unsuitable) -> Int? {
    let demuxer = try open(name, videoIndex, options)
    var end: Int?
    try forEachPacket(of: demuxer, videoIndex, options) { (packet) throws(Unsuitable) in
      if let time = packet.pts ?? packet.dts {
        let own = time.addingReportingOverflow(packet.duration ?? 0).partialValue
        end = max(end ?? own, own)
      }
      return true
    }
    return end
  }

  /// Opens the file a second time: reading starts where it started for whoever decodes it.
  private static func open(
    _ name: String, _ videoIndex: Int, _ options: MediaInputOptions
  ) throws(Unsuitable) -> Demuxer {
    let demuxer: Demuxer
    do {
      demuxer = try Demuxer(name: name, descriptor: nil, options: options, log: MediaLog())
    } catch {
      throw Unsuitable(reason: error.cause)
    }
    guard demuxer.streams.indices.contains(videoIndex) else {
      throw Unsuitable(reason: "it has changed meanwhile")
    }
    demuxer.discardAll { $0 == videoIndex }
    return demuxer
  }

  /// Calls `body` with each packet of the video, until it returns false or the file ends, regularly or not: whoever
  /// decodes it says which.
  private static func forEachPacket(
    of demuxer: Demuxer, _ videoIndex: Int, _ options: MediaInputOptions,
    _ body: (CompressedPacket) throws(Unsuitable) -> Bool
  ) throws(Unsuitable) {
    while true {
      guard !options.interruption.isRequested else { throw Unsuitable(reason: "interrupted") }
      switch demuxer.read() {
      case .again: continue
      case .end, .failed: return
      case .packet(let packet):
        guard packet.streamIndex == videoIndex else { continue }
        guard try body(packet) else { return }
      }
    }
  }
}
