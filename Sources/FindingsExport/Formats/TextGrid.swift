import FrameStream
import SystemIO
import TextTables

/// `textgrid`: Praat's long text format: an interval tier for each person, without a gap: between runs the text is empty.
final class TextGrid: FindingsWriter {
  private let output: TextOutput

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  func finish(_ findings: Findings) throws(Failure) {
    let runs = findings.intervals()
    let end = runs.reduce(max(findings.end, 0.001)) { max($0, $1.end) }
    let order = runs.indices.sorted { (runs[$0].person, $0) < (runs[$1].person, $1) }
    try output.write(
      """
      File type = "ooTextFile"
      Object class = "TextGrid"

      xmin = 0
      xmax = \(ClockText.seconds(end))
      tiers? <exists>
      size = \(findings.persons.count)
      item []:

      """)
    var next = order.startIndex
    for (place, person) in findings.persons.enumerated() {
      let first = next
      while next < order.endIndex, Int(runs[order[next]].person) == place { next += 1 }
      let own = order[first..<next]
      var count = own.count
      var position = 0.0
      for index in own {
        if runs[index].start > position { count += 1 }
        position = runs[index].end
      }
      if position < end { count += 1 }
      try output.write(
        """
            item [\(place + 1)]:
                class = "IntervalTier"
                name = "person \(person.number)"
                xmin = 0
                xmax = \(ClockText.seconds(end))
                intervals: size = \(count)

        """)
      var written = 0
      func write(_ start: Double, _ end: Double, _ text: String) throws(Failure) {
        written += 1
        try output.write(
          """
                  intervals [\(written)]:
                      xmin = \(ClockText.seconds(start))
                      xmax = \(ClockText.seconds(end))
                      text = "\(text.substituting(["\"": "\"\""]))"

          """)
      }
      position = 0
      for index in own {
        let run = runs[index]
        if run.start > position { try write(position, run.start, "") }
        let name = findings.className(run) ?? "\(person.number)"
        try write(run.start, run.end, SingleLine.text(name, limit: 400))
        position = run.end
      }
      if position < end { try write(position, end, "") }
    }
  }
}
