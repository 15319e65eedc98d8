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

/// `vtt`: a cue for each run, the person as its voice.
final class WebVTT: FindingsWriter {
  private let output: TextOutput

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  func finish(_ findings: Findings) throws(Failure) {
    let text = SubtitleText(findings: findings)
    try output.write("WEBVTT\n")
    for (index, run) in findings.intervals().enumerated() {
      let name = text.expression(run).substituting(["&": "&amp;", "<": "&lt;", ">": "&gt;"])
      try output.write(
        "\n\(index + 1)\n\(ClockText.clock(run.start)) --> \(ClockText.clock(run.end))\n"
          + "<v Person \(text.person(run))>\(name.isEmpty ? "\(text.person(run))" : name)</v>\n")
    }
  }
}

/// `srt`: a subtitle for each run.
final class SubRip: FindingsWriter {
  private let output: TextOutput
  private var changed = 0

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  var remarks: [String] {
    changed > 0
      ? ["\(changed) names have characters that SubRip takes for marks, and others in their place"] : []
  }

  func finish(_ findings: Findings) throws(Failure) {
    let text = SubtitleText(findings: findings)
    for (index, run) in findings.intervals().enumerated() {
      let line = text.line(run)
      let safe = line.substituting(["<": "＜", ">": "＞", "{": "｛"])
      if safe != line { changed += 1 }
      let (start, end) = (
        ClockText.clock(run.start, separator: ","), ClockText.clock(run.end, separator: ",")
      )
      try output.write("\(index == 0 ? "" : "\n")\(index + 1)\n\(start) --> \(end)\n\(safe)\n")
    }
  }
}
