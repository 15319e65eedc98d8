import CFFmpeg
import FrameStream
import SystemIO

/// Finds out where a part of an input begins, and how many pictures come before it: from the file's packets where they
/// tell, otherwise by decoding what comes before.
struct PartOpening {
  let demuxer: Demuxer
  let videoIndex: Int
  let timeBase: Rational
  /// The length that the container gives, in units of the time base; nil if it gives none.
  let length: Int?
  let options: MediaInputOptions

  /// To be made before anything is read: the lengths of some containers grow while they are read.
  init(_ demuxer: Demuxer, videoIndex: Int, _ options: MediaInputOptions) {
    let stream = demuxer.streams[videoIndex]
    self.demuxer = demuxer
    self.videoIndex = videoIndex
    self.options = options
    timeBase = Rational(stream.pointee.time_base)
    if stream.pointee.duration > 0 {
      length = Int(stream.pointee.duration)
    } else if demuxer.context.pointee.duration > 0 {
      length = Int(
        av_rescale_q(
          demuxer.context.pointee.duration, AVRational(num: 1, den: 1_000_000), stream.pointee.time_base))
    } else {
      length = nil
    }
  }

  /// Whether the input can be read a second time from its beginning.
  private var isFile: Bool { demuxer.channel?.isSeekable == true && options.isNamed }

  /// Prepares the reader, which has given the first picture, for a part of the input.
  /// - Returns: which pictures are given out, and whether what has been read so far is dropped.
  /// - Throws: ``Failure`` (`badInput`) if the input cannot be divided.
  func begin(
    _ chunk: Chunk, firstTime: Int, _ reader: MediaReader, _ damage: DamageAccount
  ) throws(Failure) -> (PartSelection, isSkipping: Bool) {
    var part = PartSelection(chunk, start: firstTime, length: try lengthToDivide(chunk, firstTime))
    guard let lower = part.lower else { return (part, false) }
    damage.forget()
    reader.isOutsidePart = true
    switch survey(before: lower) {
    case .failure(let unsuitable): reportDecoding(unsuitable.reason, damage)
    case .success(let survey):
      guard survey.firstTime == firstTime else {
        reportDecoding("its first pictures cannot be decoded", damage)
        break
      }
      guard let entry = survey.entry, entry.packet > reader.videoPacketCount, let coding else { break }
      reader.skip(to: entry, coding)
      part.count(from: entry.number)
      return (part, true)
    }
    return (part, false)
  }

  /// The number of the first picture at or after the start, for a reader that jumps there; nil if it has to decode
  /// everything before, and count.
  /// - Parameter window: the part that is wanted.
  func firstNumber(in window: TimeWindow, _ damage: DamageAccount) -> (number: Int, time: Int?)? {
    let microsecond = AVRational(num: 1, den: 1_000_000)
    let start = Int(av_rescale_q(window.start, microsecond, timeBase.native))
    do throws(PacketSurvey.Unsuitable) {
      let found = try survey(before: start).get()
      var plain = options
      (plain.start, plain.duration, plain.numbersWhole, plain.withTracks) = (nil, nil, false, false)
      (plain.onWarning, plain.onDetail) = (nil, nil)
      let first = try? MediaInput(path: demuxer.name, options: plain)
      guard let first, found.firstTime == first.firstTime else {
        throw PacketSurvey.Unsuitable(reason: "its first pictures cannot be decoded")
      }
      return (found.pictureCount, found.nextTime)
    } catch {
      reportDecoding(error.reason, damage)
      return nil
    }
  }

  private var coding: PictureCoding? { PictureCoding(demuxer.streams[videoIndex].pointee.codecpar) }

  private func survey(before limit: Int) -> Result<PacketSurvey, PacketSurvey.Unsuitable> {
    guard !options.countsByDecoding else { return .failure(.init(reason: "as asked for")) }
    guard isFile else { return .failure(.init(reason: "it cannot be read twice")) }
    do throws(PacketSurvey.Unsuitable) {
      return .success(
        try PacketSurvey(demuxer.name, before: limit, videoIndex: videoIndex, options: options))
    } catch {
      return .failure(error)
    }
  }

  /// What is divided into parts, by the container or, if it does not say, by all packets.
  private func lengthToDivide(_ chunk: Chunk, _ firstTime: Int) throws(Failure) -> Int {
    func failure(_ cause: String) -> Failure {
      Failure(.badInput, step: "cannot take part \(chunk)", subject: demuxer.name, cause: cause)
    }
    guard !demuxer.isLive, demuxer.arrival == nil else { throw failure("live input has no parts") }
    if let length { return length }
    guard isFile else { throw failure("how long it is, is not known") }
    var end: Int?
    do throws(PacketSurvey.Unsuitable) {
      end = try PacketSurvey.end(of: demuxer.name, videoIndex: videoIndex, options: options)
    } catch {
      throw failure(error.reason)
    }
    guard let end else { throw failure("how long it is, is not known") }
    return max(1, end.subtractingReportingOverflow(firstTime).partialValue)
  }

  private func reportDecoding(_ reason: String, _ damage: DamageAccount) {
    let text = "what comes before this part is decoded, to count the pictures: \(reason)"
    if options.countsByDecoding { options.onDetail?(text) } else { damage.warn(text) }
  }
}
