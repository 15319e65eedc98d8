import CFFmpeg
import FrameStream

/// Which pictures and packets of an input belong to one of its parts, in the order in which they are given out.
///
/// A picture belongs to the part in which its time lies; where times go back, the latest time so far counts. A packet
/// belongs to the part of the picture before it, and before the first picture to the first part. So the parts, one after
/// the other, are the whole.
struct PartSelection {
  enum Place {
    case before
    case within
    case after
  }

  /// Where the part begins and ends, in units of the video's time base; nil for the input's own beginning and end.
  let lower: Int?
  private let upper: Int?
  /// Where the last picture lies; before the first one, where packets lie.
  private(set) var place: Place
  /// The number of the next picture in the whole input.
  private var nextNumber = 0
  private var latestTime = Int.min

  /// All of an input.
  init() {
    (lower, upper) = (nil, nil)
    place = .within
  }

  /// - Parameters:
  ///   - start: the time of the input's first picture.
  ///   - length: how long the input is: all parts are equally long, except that the first has what comes before, and the
  ///     last what comes after.
  init(_ chunk: Chunk, start: Int, length: Int) {
    func bound(_ number: Int) -> Int? {
      guard (1..<chunk.count).contains(number) else { return nil }
      return start &+ Int(av_rescale(Int64(length), Int64(number), Int64(chunk.count)))
    }
    lower = bound(chunk.number - 1)
    upper = bound(chunk.number)
    place = lower == nil ? .within : .before
  }

  /// The number of the last picture in the whole input, from 0.
  var number: Int { nextNumber - 1 }

  /// The next picture has this number.
  mutating func count(from number: Int) { nextNumber = number }

  /// Takes note of the next picture.
  mutating func take(_ time: Int) -> Place {
    nextNumber += 1
    latestTime = max(latestTime, time)
    if let upper, latestTime >= upper {
      place = .after
    } else if let lower, latestTime < lower {
      place = .before
    } else {
      place = .within
    }
    return place
  }
}
