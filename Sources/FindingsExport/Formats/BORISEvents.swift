import FrameStream
import SystemIO

/// `boris-events`: BORIS's tabular events, separated by tabs: a row for the start of each run, and one for its end.
final class BORISEvents: FindingsWriter {
  private let output: TextOutput

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  /// A run's start or end.
  struct Event {
    var time: Double
    var person: Int
    var behavior: String
    var isStart: Bool
    var frame: Int
  }

  /// The events in the order of time; of those at one time, ends come first, so that no state overlaps the next.
  static func events(_ findings: Findings) -> [Event] {
    var events: [Event] = []
    for run in findings.intervals() {
      let behavior = findings.className(run) ?? seen
      let person = Int(run.person)
      events.append(
        Event(time: run.start, person: person, behavior: behavior, isStart: true, frame: Int(run.firstFrame)))
      events.append(
        Event(
          time: run.end, person: person, behavior: behavior, isStart: false, frame: Int(run.lastFrame) + 1))
    }
    return events.sorted {
      ($0.time, $0.isStart ? 1 : 0, $0.person) < ($1.time, $1.isStart ? 1 : 0, $1.person)
    }
  }

  /// What a person does where nothing was classified.
  private static let seen = "in view"

  /// The codes of the behaviors.
  static func behaviors(_ findings: Findings) -> [String] {
    findings.isClassified ? findings.classes : [seen]
  }

  /// The name of a subject.
  static func subject(_ person: Person) -> String { "person \(person.number)" }

  func finish(_ findings: Findings) throws(Failure) {
    let text = TableText(separator: "\t")
    let source = text.cell(findings.streams.first?.source ?? "")
    let header = [
      "Observation id", "Observation date", "Description", "Observation duration", "Observation type",
      "Source",
      "Time offset (s)", "Media duration (s)", "FPS (frame/s)", "Subject", "Behavior", "Behavioral category",
      "Behavior type", "Time", "Media file name", "Image index", "Comment",
    ]
    try output.write(text.row(header))
    let (duration, rate) = (ClockText.seconds(findings.end), ClockText.seconds(findings.frameRate.value))
    for event in Self.events(findings) {
      try output.write(
        text.row([
          "findings", "", "", duration, "Media file(s)", source, "0", duration, rate,
          text.cell(Self.subject(findings.persons[event.person])), text.cell(event.behavior), "",
          event.isStart ? "START" : "STOP", ClockText.seconds(event.time), source, "\(event.frame)", "",
        ]))
    }
  }
}
