import FrameStream
import SystemIO
import TextTables

/// A run as subtitles show it.
struct SubtitleText {
  let findings: Findings

  /// The expression, or nothing of a stream without classification, on one line.
  func expression(_ run: Run) -> String { SingleLine.text(findings.className(run) ?? "", limit: 400) }

  /// The number that the run's person goes by.
  func person(_ run: Run) -> Int { findings.persons[Int(run.person)].number }

  /// `1: happy`, or `1` where nothing was classified.
  func line(_ run: Run) -> String {
    let name = expression(run)
    return name.isEmpty ? "\(person(run))" : "\(person(run)): \(name)"
  }
}

/// When subtitles are shown, in the format's whole units. One without a length would never be seen, or is an error: it
/// lasts for a unit.
struct CueTimes {
  private let inUnits: (Double) -> Int
  private let unit: String
  private var lengthened = 0

  private init(unit: String, _ inUnits: @escaping (Double) -> Int) {
    (self.unit, self.inUnits) = (unit, inUnits)
  }

  /// Times in milliseconds.
  static var milliseconds: CueTimes { CueTimes(unit: "a millisecond", ClockText.milliseconds) }
  /// Times in hundredths of a second.
  static var hundredths: CueTimes { CueTimes(unit: "a hundredth of a second", ClockText.hundredths) }

  /// The times of a run.
  mutating func of(_ run: Run) -> (start: Int, end: Int) {
    let (start, end) = (inUnits(run.start), inUnits(run.end))
    if end <= start { lengthened += 1 }
    return (start, max(end, start + 1))
  }

  /// What was changed, as a phrase; nil if nothing was.
  var remark: String? {
    lengthened > 0 ? "\(lengthened) runs are shorter than \(unit), and last as long as that" : nil
  }
}

/// `vtt`: a cue for each run, the person as its voice.
final class WebVTT: FindingsWriter {
  private let output: TextOutput
  private var times = CueTimes.milliseconds

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  var remarks: [String] { [times.remark].compactMap(\.self) }

  func finish(_ findings: Findings) throws(Failure) {
    let text = SubtitleText(findings: findings)
    try output.write("WEBVTT\n")
    for (index, run) in findings.intervals().enumerated() {
      let name = text.expression(run).substituting(["&": "&amp;", "<": "&lt;", ">": "&gt;"])
      let time = times.of(run)
      try output.write(
        "\n\(index + 1)\n\(ClockText.clock(milliseconds: time.start)) --> \(ClockText.clock(milliseconds: time.end))\n"
          + "<v Person \(text.person(run))>\(name.isEmpty ? "\(text.person(run))" : name)</v>\n")
    }
  }
}

/// `srt`: a subtitle for each run.
final class SubRip: FindingsWriter {
  private let output: TextOutput
  private var changed = 0
  private var times = CueTimes.milliseconds

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  var remarks: [String] {
    let changes =
      changed > 0
      ? "\(changed) names have characters that SubRip takes for marks, and others in their place" : nil
    return [changes, times.remark].compactMap(\.self)
  }

  func finish(_ findings: Findings) throws(Failure) {
    let text = SubtitleText(findings: findings)
    for (index, run) in findings.intervals().enumerated() {
      let line = text.line(run)
      let safe = line.substituting(["<": "＜", ">": "＞", "{": "｛"])
      if safe != line { changed += 1 }
      let time = times.of(run)
      let (start, end) = (
        ClockText.clock(milliseconds: time.start, separator: ","),
        ClockText.clock(milliseconds: time.end, separator: ",")
      )
      try output.write("\(index == 0 ? "" : "\n")\(index + 1)\n\(start) --> \(end)\n\(safe)\n")
    }
  }
}
