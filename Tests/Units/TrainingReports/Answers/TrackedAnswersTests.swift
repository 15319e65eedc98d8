import FrameStream
import Glibc
import SystemIO
import Testing

@testable import TrainingReports

/// What is said of answers over time.
struct TrackedAnswersTests {
  private func series(_ labels: String, _ named: String, step: Double = 0.25) -> AnswerSeries {
    var series = AnswerSeries()
    for (index, (label, name)) in zip(labels, named).enumerated() {
      series.append(
        AnswerSeries.Answer(
          time: Double(index) * step, label: String(label), named: name == "-" ? nil : String(name)))
    }
    return series
  }

  @Test func figuresAreThoseOfTheirDefinitions() {
    // Two persons; h: 4 of 5 right and one false, s: 2 of 4 right.
    let quality = AnswerQuality([series("hhhss", "hhhhs"), series("sshh", "s-sh")])
    #expect(quality.count == 9)
    #expect(quality.accuracy == 6.0 / 9)
    // h: 2·4 / (5 + 5); s: 2·2 / (4 + 3).
    #expect(quality.macroF1 == (0.8 + 4.0 / 7) / 2)
    // One change in four pairs; of the other person's three pairs only one has two names, and they differ.
    #expect(quality.changesPer100 == 100 * (2.0 / 5))
    #expect(quality.onsets == 2)
    #expect(quality.reachedOnsets == 2)
    #expect(quality.onsetDelay == 0.25)
  }

  @Test func anOnsetThatIsNotReachedHasNoDelay() {
    let quality = AnswerQuality([series("aabbaa", "aaaaaa")])
    #expect(quality.onsets == 2)
    #expect(quality.reachedOnsets == 1)
    #expect(quality.onsetDelay == 0)
    #expect(AnswerQuality([series("aabb", "aaaa")]).onsetDelay == nil)
  }

  @Test func nothingIsZero() {
    let quality = AnswerQuality([])
    #expect(
      (quality.count, quality.accuracy, quality.macroF1, quality.changesPer100) == (0, 0.0, 0.0, 0.0))
  }

  private func take(_ lines: [String]) throws -> TrackedAnswers {
    var answers = TrackedAnswers()
    let record = Record()
    let text =
      lines.joined(separator: "\n")
      + "\n" + #"{"type":"end","frames":\#(lines.count - 1),"status":"ok"}"# + "\n"
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    // Less than a pipe holds.
    _ = text.withCString { write(ends[1], $0, text.utf8.count) }
    close(ends[1])
    let reader = StreamReader(Descriptor(ends[0]))
    defer { close(ends[0]) }
    while case .record = try reader.read(into: record) { try answers.take(record) }
    return answers
  }

  private func frame(_ number: Int, label: String?, _ faces: String) -> String {
    let label = label.map { ",\"label\":\"\($0)\"" } ?? ""
    return
      #"{"type":"frame","seq":\#(number),"pts":\#(number),"time":\#(Double(number) / 4),"width":64,"height":64,"#
      + #""pixel_format":"gray"\#(label),"faces":[\#(faces)]}"#
  }

  private let header =
    #"{"fm":1,"type":"stream","video":{"width":64,"height":64,"pixel_format":"gray","time_base":[1,4]}}"#

  @Test func theLargestFaceOfALabeledFrameCounts() throws {
    func face(_ side: Int, id: Int, _ raw: String, _ smoothed: String) -> String {
      #"{"box":[0,0,\#(side),\#(side)],"id":\#(id),"expression":"\#(raw)","smoothed":{"expression":"\#(smoothed)"}}"#
    }
    let answers = try take([
      header,
      frame(0, label: "happy", face(20, id: 1, "happy", "happy") + "," + face(8, id: 2, "sad", "sad")),
      frame(1, label: "happy", face(20, id: 1, "sad", "happy")),
      frame(2, label: nil, face(20, id: 1, "sad", "happy")),
      frame(3, label: "happy", ""),
      frame(4, label: "sad", face(20, id: 3, "sad", "sad")),
    ])
    #expect((answers.persons, answers.withoutLabel, answers.withoutFace) == (2, 1, 1))
    #expect(answers.rawQuality.accuracy == 2.0 / 3)
    #expect(answers.rawQuality.changesPer100 == 100)
    #expect(answers.smoothedQuality?.accuracy == 1)
    #expect(answers.smoothedQuality?.changesPer100 == 0)
    let text = answers.text
    #expect(text.contains("smoothed") && text.contains("changes per 100 faces"), "\(text)")
    #expect(answers.json["smoothed"]?["accuracy"]?.double == 1)
  }

  /// A face that the tracker put in has a label over time but no answer: neither column counts it.
  @Test func filledFacesAreLeftOut() throws {
    let smoothed = #""smoothed":{"expression":"happy"}"#
    let answers = try take([
      header,
      frame(0, label: "happy", #"{"box":[0,0,9,9],"id":1,"expression":"happy",\#(smoothed)}"#),
      frame(1, label: "happy", #"{"box":[0,0,9,9],"id":1,"filled":true,\#(smoothed)}"#),
      frame(2, label: "happy", #"{"box":[0,0,9,9],"id":1,"expression":"happy",\#(smoothed)}"#),
    ])
    #expect((answers.answered, answers.unanswered) == (2, 1))
    #expect(answers.rawQuality.accuracy == 1 && answers.rawQuality.changesPer100 == 0)
    #expect(answers.rawQuality == answers.smoothedQuality)
    #expect(answers.json["unanswered"]?.int == 1)
  }

  @Test func withoutATrackerThereIsOneColumn() throws {
    let answers = try take([
      header, frame(0, label: "happy", #"{"box":[0,0,9,9],"expression":"happy"}"#),
    ])
    #expect(answers.smoothedQuality == nil && answers.persons == 0)
    #expect(!answers.text.contains("smoothed") && answers.json["smoothed"] == nil)
  }
}
