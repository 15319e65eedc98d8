import FrameStream
import SystemIO

/// Coded intervals from a project of BORIS with one observation: its state events.
enum BORISReader {
  static func read(_ bytes: [UInt8]) throws(Failure) -> CodedIntervals {
    let project = try JSONValue(JSONText(parsing: bytes))
    func refuse(_ cause: String) -> Failure { Failure(.badInput, step: "no BORIS project", cause: cause) }
    guard let observations = project["observations"]?.object else { throw refuse("it has no observations") }
    guard observations.fields.count == 1, let observation = observations.fields.first?.value else {
      throw refuse(
        "it has \(observations.fields.count) observations, not one: export the one as tabular events")
    }
    var states: Set<String> = []
    for field in project["behaviors_conf"]?.object?.fields ?? [] {
      if let code = field.value["code"]?.string,
        field.value["type"]?.string?.lowercased().hasPrefix("state") ?? false
      {
        states.insert(code)
      }
    }
    var intervals: [CodedIntervals.Interval] = []
    var open: [[String]: Double] = [:]
    var leftOut = 0
    for event in observation["events"]?.array ?? [] {
      guard let cells = event.array, cells.count >= 3, let time = cells[0].double,
        let subject = cells[1].string,
        let code = cells[2].string, states.contains(code)
      else {
        leftOut += 1
        continue
      }
      // A state's events are its start and its end in turn.
      if let start = open.removeValue(forKey: [subject, code]) {
        intervals.append(CodedIntervals.Interval(subject: subject, label: code, start: start, end: time))
      } else {
        open[[subject, code]] = time
      }
    }
    return CodedIntervals(intervals, leftOut: leftOut + open.count)
  }
}
