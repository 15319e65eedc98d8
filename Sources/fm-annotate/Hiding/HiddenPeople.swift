import FrameStream
import SystemIO

/// Who is hidden, by the numbers that a tracker gave.
struct HiddenPeople {
  private enum Choice {
    case all
    case except(Set<Int>)
    case only(Set<Int>)
  }

  private let choice: Choice
  private let listed: [Int]
  /// The stream in which each of the listed people was seen, counted from 1.
  private var streams: [Int: Int] = [:]
  private var streamCount = 0
  private var hasNumbers = false

  /// Everybody, unless one of the lists is given.
  init(except: [Int]? = nil, only: [Int]? = nil) {
    listed = except ?? only ?? []
    choice = except.map { .except(Set($0)) } ?? only.map { .only(Set($0)) } ?? .all
  }

  /// Whether the choice needs numbers.
  private var needsNumbers: Bool { if case .all = choice { false } else { true } }

  /// A stream begins.
  mutating func begin(_ header: StreamHeader) {
    streamCount += 1
    hasNumbers = header.filters.contains("fm-track")
  }

  /// Whether a face is hidden. Who has no number is hidden, unless only the listed people are.
  /// - Throws: ``Failure`` (`badInput`) if the stream has no numbers, or a listed number means two people.
  mutating func include(_ face: FaceRecord) throws(Failure) -> Bool {
    guard needsNumbers else { return true }
    guard let id = face.id else {
      guard hasNumbers else {
        throw Failure(
          .badInput, step: "cannot tell who is to be hidden",
          cause: "no face has a number \"id\" (run fm-track first)")
      }
      if case .only = choice { return false }
      return true
    }
    hasNumbers = true
    if listed.contains(id) {
      if let stream = streams[id], stream != streamCount {
        throw Failure(
          .badInput, step: "cannot tell who is to be hidden",
          cause: "the number \(id) is in two streams, perhaps of two people (hide each stream by itself)")
      }
      streams[id] = streamCount
    }
    return switch choice {
    case .all: true
    case .except(let numbers): !numbers.contains(id)
    case .only(let numbers): numbers.contains(id)
    }
  }

  /// The listed numbers that no face had.
  var unseen: [Int] { listed.filter { streams[$0] == nil } }
}
