import FrameStream
import SystemIO

/// The answers that a stream carries for its labeled frames, as the classifier gave them and smoothed by a tracker.
///
/// The face of a labeled frame is its largest one, as in training. Faces with the same `id` in one stream are one
/// person's; those without one belong together too. Both kinds of answers are judged on the same faces: those that the
/// classifier has answered. A face that a tracker filled in after it has no answer of its own.
package struct TrackedAnswers: Sendable {
  private struct Person: Hashable {
    var stream: Int
    var id: Int?
  }

  private var places: [Person: Int] = [:]
  private var raw: [AnswerSeries] = []
  private var smoothed: [AnswerSeries] = []
  private var streams = 0
  private var timeBase: Rational?
  /// Labeled frames without a face.
  package private(set) var withoutFace = 0
  /// Frames without a label.
  package private(set) var withoutLabel = 0
  /// Whether a tracker has smoothed any of the answers.
  package private(set) var isSmoothed = false
  /// Faces of labeled frames for which the classifier named a class.
  package private(set) var answered = 0
  /// Those without: they are left out.
  package private(set) var unanswered = 0

  /// Nothing yet.
  package init() {}

  /// Takes a record of the stream; only stream records and frames count.
  /// - Throws: ``Failure`` (`badInput`) if the faces of a frame cannot be read, or if the stream has no `video`.
  package mutating func take(_ record: Record) throws(Failure) {
    if record.kind == .stream {
      streams += 1
      timeBase = try StreamHeader(record.line).video?.timeBase
    }
    guard record.kind == .frame else { return }
    guard let label = record.label, !label.isEmpty else {
      withoutLabel += 1
      return
    }
    guard let face = try record.faces()?.max(by: { $0.box.area < $1.box.area }) else {
      withoutFace += 1
      return
    }
    guard let expression = face.expression else {
      unanswered += 1
      return
    }
    answered += 1
    guard let timeBase else {
      throw Failure(.badInput, step: "bad stream", cause: "its stream record has no \"video\"")
    }
    let time = timeBase.seconds(record.presentationTime)
    let person = Person(stream: streams, id: face.id)
    let place = places[person] ?? raw.count
    if place == raw.count {
      places[person] = place
      raw.append(AnswerSeries())
      smoothed.append(AnswerSeries())
    }
    raw[place].append(AnswerSeries.Answer(time: time, label: label, named: expression))
    let answer = face.smoothed
    if answer != nil { isSmoothed = true }
    smoothed[place].append(AnswerSeries.Answer(time: time, label: label, named: answer?.expression))
  }

  /// Persons that were followed.
  package var persons: Int { places.keys.count { $0.id != nil } }
  /// The classifier's answers.
  package var rawQuality: AnswerQuality { AnswerQuality(raw) }
  /// The tracker's; nil if there is none.
  package var smoothedQuality: AnswerQuality? { isSmoothed ? AnswerQuality(smoothed) : nil }
}
