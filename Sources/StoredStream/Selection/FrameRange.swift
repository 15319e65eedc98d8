import FrameStream

/// Which frames of a stream are wanted.
package enum FrameRange: Sendable, Equatable {
  /// All of them.
  case all
  /// Those with these numbers, both ends included.
  case sequences(ClosedRange<Int>)
  /// Those shown from the first time on and before the second, in seconds.
  case times(from: Double, before: Double)

  /// Whether the first frames of a stream may be left out.
  var hasStart: Bool {
    switch self {
    case .all: false
    case .sequences(let range): range.lowerBound > 0
    case .times(let start, _): start > -.infinity
    }
  }

  /// Where a frame is.
  enum Place {
    case before, inside, behind
  }

  /// Where a frame of a stream with a time base is.
  func place(sequence: Int, presentationTime: Int, _ timeBase: Rational) -> Place {
    switch self {
    case .all: return .inside
    case .sequences(let range):
      return sequence < range.lowerBound ? .before : sequence > range.upperBound ? .behind : .inside
    case .times(let start, let end):
      let time = timeBase.seconds(presentationTime)
      return time < start ? .before : time >= end ? .behind : .inside
    }
  }

  /// The frame at which reading may begin; nil if that is the stream's beginning.
  package func start(in index: IndexRecord, _ header: StreamHeader) -> IndexRecord.Entry? {
    guard hasStart else { return nil }
    switch self {
    case .all: return nil
    case .sequences(let range): return index.entry(before: range.lowerBound)
    case .times(let start, _):
      let ticks = (start / header.timeBase.value).rounded(.down)
      guard let ticks = Int(exactly: ticks) else { return nil }
      return index.entry(beforeTime: ticks)
    }
  }

  /// Whether nothing that is wanted follows a frame behind the range.
  package func isOver(with index: IndexRecord) -> Bool {
    switch self {
    case .all: false
    case .sequences: true
    case .times: index.hasTimes
    }
  }
}
