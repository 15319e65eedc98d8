import FrameStream
import SystemIO
import TextTables

/// `edl`: an edit decision list (CMX3600) of one event, the whole video, with a locator at the start of each run. Times are
/// time codes without dropped frames, from 00:00:00:00, to the nearest frame.
final class EditList: FindingsWriter {
  private let output: TextOutput
  private var rate = 25
  private var isRounded = false
  private var isLong = false

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  var remarks: [String] {
    var remarks: [String] = []
    if isRounded {
      remarks.append(
        "time codes count \(rate) frames a second, without dropped frames: read the list at that rate")
    }
    if isLong { remarks.append("time codes begin again after 24 hours") }
    return remarks
  }

  func finish(_ findings: Findings) throws(Failure) {
    let exact = findings.frameRate.value
    rate = Int(exact.rounded().clamped(1...240))
    isRounded = abs(exact - Double(rate)) > 1e-6
    // A frame of 29.97 a second has its own number of time code.
    func code(_ seconds: Double, _ more: Int = 0) -> String {
      let frame = Int((seconds * (isRounded ? exact : Double(rate))).rounded().clamped(0...1e12)) + more
      if frame >= 24 * 3600 * rate { isLong = true }
      return ClockText.timeCode(frame: frame, rate: rate)
    }
    let runs = findings.intervals()
    let text = SubtitleText(findings: findings)
    let end = runs.reduce(findings.end) { max($0, $1.end) }
    let name = SingleLine.text(findings.streams.first?.fileName ?? "", limit: 400)
    try output.write(
      """
      TITLE: \(name)
      FCM: NON-DROP FRAME

      001  AX       V     C        \(code(0)) \(code(end)) \(code(0)) \(code(end))
      * FROM CLIP NAME: \(name)

      """)
    for run in runs {
      let color = MarkerColor.of(run, findings)
      try output.write("* LOC: \(code(run.start)) \(Self.padded(color)) \(text.line(run))\n")
    }
  }

  /// Colors of locators stand in a column of seven.
  private static func padded(_ color: String) -> String { TextColumns.left(color, 7) }
}
