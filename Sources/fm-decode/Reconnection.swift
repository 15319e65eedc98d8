import FilterTool
import FrameMedia
import FrameStream
import SystemIO

/// Opens an input again that could not be opened, or was lost.
struct Reconnection {
  let tool: Tool
  /// How many times in a row it is tried.
  let attempts: Int
  /// Seconds after which nothing more is wanted; nil for as many as there are.
  let duration: Double?
  /// How often it was tried since the input last gave a picture.
  private(set) var tried = 0
  let opening: (ReadingOptions.Resumption?) throws(Failure) -> MediaInput

  /// The input gave pictures: all attempts are there again.
  mutating func restart() { tried = 0 }

  /// Opens the input for the first time.
  mutating func open() throws(Failure) -> MediaInput {
    do throws(Failure) { return try opening(nil) } catch {
      guard attempts > 0, error.kind != .usage, tool.stop.signal == nil,
        let input = try reopen(after: error, nil)
      else { throw error }
      return input
    }
  }

  /// Tries again after a pause of one second, which doubles from one time to the next up to half a minute. An input
  /// that opens and gives nothing counts as one that does not open.
  /// - Returns: nil if what is wanted of a live input has gone by meanwhile.
  /// - Throws: the last ``Failure`` when all has been tried, or a signal has come.
  mutating func reopen(
    after failure: Failure, _ resumption: ReadingOptions.Resumption?
  ) throws(Failure) -> MediaInput? {
    var failure = failure
    while tried < attempts, tool.stop.signal == nil {
      let pause = min(30, Double(1 << min(tried, 5)))
      tried += 1
      tool.diagnostics.warn("\(failure.description); attempt \(tried) of \(attempts) to open it again")
      if tool.stop.descriptor.isReadable(within: pause) { break }
      if let end = resumption?.end, MonotonicClock.seconds() >= end { return nil }
      do throws(Failure) { return try opening(resumption) } catch {
        guard error.kind != .usage else { throw error }
        failure = error
      }
    }
    throw failure
  }
}

/// Lays the times of an input that was opened again behind those it had before.
struct ResumedClock {
  /// Seconds that are added to the present input's times.
  private var shift = 0.0
  private var isWaitingForOrigin = false
  /// The last record's time in seconds, and the clock on the wall then.
  private var last: (time: Double, wall: Double)?
  private var first: Double?

  /// When so many seconds of the stream will have gone by, with those since its last record, on the clock on the wall.
  func end(after duration: Double) -> Double {
    guard let first, let last else { return MonotonicClock.seconds() + duration }
    return last.wall + duration - (last.time - first)
  }

  /// Another input follows, whose times begin anywhere.
  mutating func restart() { isWaitingForOrigin = last != nil }

  /// A time of the present input in the stream's units.
  mutating func ticks(_ value: Int, from source: Rational, to target: Rational) -> Int {
    let shifted = time(source.seconds(value))
    if source == target, shift == 0 { return value }
    return target.ticks(shifted) ?? value
  }

  /// A length of time in the stream's units.
  static func length(_ value: Int, from source: Rational, to target: Rational) -> Int {
    source == target ? value : target.ticks(source.seconds(value)) ?? value
  }

  /// A time of the present input, in seconds, as a time of the stream.
  private mutating func time(_ seconds: Double) -> Double {
    if isWaitingForOrigin, let last {
      isWaitingForOrigin = false
      // What was missed takes the time that it took.
      shift = last.time + max(0.001, MonotonicClock.seconds() - last.wall) - seconds
    }
    let result = seconds + shift
    last = (max(result, last?.time ?? result), MonotonicClock.seconds())
    first = first ?? result
    return result
  }
}

/// Where the reading of a file broke off, so that it goes on with what has not been written yet: a jump leads to a key
/// frame somewhere before it. All times are the file's own, in seconds.
struct ResumptionMark {
  /// The times of the last picture and of each track's last packet.
  private var picture: Double?
  private var tracks: [Int: (time: Double, isSound: Bool)] = [:]
  /// The same when the file was lost: what is not later has been written.
  private var writtenPicture: Double?
  private var writtenTracks: [Int: Double] = [:]

  /// The file is lost: what it gave so far is not wanted again.
  mutating func breakOff() {
    writtenPicture = picture
    writtenTracks = tracks.mapValues(\.time)
  }

  /// Where to go on: nothing that has not been written lies before it. Nil for the beginning. Sound stands a little
  /// before or after the pictures it belongs to; of subtitles there may be none for long, nor of sound that has ended.
  var start: Double? {
    guard let picture else { return nil }
    return tracks.values.filter { $0.isSound && $0.time > picture - 5 }.reduce(picture) { min($0, $1.time) }
  }

  /// Takes note of a picture; false if it has been written before.
  mutating func isNew(_ time: Double) -> Bool {
    if let writtenPicture, time <= writtenPicture { return false }
    picture = max(time, picture ?? time)
    return true
  }

  /// Takes note of a track's packet; false if it has been written before.
  mutating func isNew(_ time: Double, ofTrack track: Int, isSound: Bool) -> Bool {
    if let written = writtenTracks[track], time <= written { return false }
    tracks[track] = (max(time, tracks[track]?.time ?? time), isSound)
    return true
  }
}
