import ExpressionPalette
import FrameStream
import SystemIO

/// `ass`: a subtitle for each run in its expression's color, above the face where the run begins.
final class AdvancedSubStation: FindingsWriter {
  private let output: TextOutput
  private var changed = 0
  private var times = CueTimes.hundredths

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  var remarks: [String] {
    let changes =
      changed > 0
      ? "\(changed) names have characters that SubStation takes for marks, and others in their place" : nil
    return [changes, times.remark].compactMap(\.self)
  }

  func finish(_ findings: Findings) throws(Failure) {
    let text = SubtitleText(findings: findings)
    let size = findings.size ?? (384, 288)
    let height = max(size.height, 1)
    try output.write(
      """
      [Script Info]
      ScriptType: v4.00+
      PlayResX: \(size.width)
      PlayResY: \(height)
      WrapStyle: 2
      ScaledBorderAndShadow: yes

      [V4+ Styles]
      Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
      Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, \
      MarginV, Encoding
      Style: Face,Sans,\(max(10, height / 18)),&H00FFFFFF,&H00FFFFFF,&H00000000,&H80000000,-1,0,0,0,100,100,0,0,1,\
      \(max(1, height / 240)),0,2,10,10,10,1

      [Events]
      Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text

      """)
    for run in findings.intervals() {
      let (line, time) = (text.line(run), times.of(run))
      let safe = line.substituting(["\\": "⧵", "{": "｛", "}": "｝"])
      if safe != line { changed += 1 }
      let color = ExpressionPalette.color(of: findings.className(run), classIndex: run.classIndex)
      var marks = "\\c&H\(Self.hexadecimal(color))&"
      // Dark letters need a light rim.
      if color == 0 { marks += "\\3c&HFFFFFF&" }
      if !run.center.x.isNaN {
        let isHigh = run.center.top < 0.1
        let y = isHigh ? run.center.bottom : run.center.top
        marks +=
          (isHigh ? "\\an8" : "\\an2")
          + "\\pos(\(Int(run.center.x * Float(size.width))),\(Int(y * Float(height))))"
      }
      try output.write(
        "Dialogue: 0,\(ClockText.clock(hundredths: time.start)),\(ClockText.clock(hundredths: time.end)),Face,"
          + "Person \(text.person(run)),0,0,0,,{\(marks)}\(safe)\n")
    }
  }

  /// Blue, green and red, as the format has them.
  private static func hexadecimal(_ color: UInt32) -> String {
    let swapped = (color & 0xFF) << 16 | color & 0xFF00 | color >> 16
    let digits = String(swapped, radix: 16, uppercase: true)
    return String(repeating: "0", count: 6 - digits.utf8.count) + digits
  }
}
