import FrameStream
import SystemIO

/// `fcpxml`: a Final Cut Pro XML 1.9 project with the source as its one clip, and a marker on it for each run.
final class FinalCutProject: FindingsWriter {
  private let output: TextOutput

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  func finish(_ findings: Findings) throws(Failure) {
    let rate = findings.frameRate
    let runs = findings.intervals()
    let text = SubtitleText(findings: findings)
    let end = Self.time(runs.reduce(max(findings.end, 1 / rate.value)) { max($0, $1.end) }, rate)
    let source = findings.streams.first?.source ?? ""
    let name = MarkupText.escaped(findings.streams.first?.fileName ?? "")
    let size = findings.size ?? (1920, 1080)
    try output.write(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE fcpxml>
      <fcpxml version="1.9">
        <resources>
          <format id="r1" frameDuration="\(rate.denominator)/\(rate.numerator)s" width="\(size.width)" height="\(size.height)"/>
          <asset id="r2" name="\(name)" start="0s" duration="\(end)" hasVideo="1" format="r1">
            <media-rep kind="original-media" src="\(MarkupText.escaped(Self.address(source)))"/>
          </asset>
        </resources>
        <library>
          <event name="fm-export">
            <project name="\(name)">
              <sequence format="r1" duration="\(end)" tcStart="0s" tcFormat="NDF">
                <spine>
                  <asset-clip ref="r2" name="\(name)" offset="0s" start="0s" duration="\(end)" format="r1" tcFormat="NDF">

      """)
    for run in runs {
      try output.write(
        "              <marker start=\"\(Self.time(run.start, rate))\" duration=\"\(Self.time(run.length, rate))\" "
          + "value=\"\(MarkupText.escaped(text.line(run)))\"/>\n")
    }
    try output.write(
      """
                  </asset-clip>
                </spine>
              </sequence>
            </project>
          </event>
        </library>
      </fcpxml>

      """)
  }

  /// Whole frames where a time is on one, otherwise microseconds.
  private static func time(_ seconds: Double, _ rate: Rational) -> String {
    let frames = (seconds * rate.value).rounded()
    if abs(frames / rate.value - seconds) < 0.0005, abs(frames) < 1e12 {
      let (ticks, overflow) = Int(frames).multipliedReportingOverflow(by: rate.denominator)
      if !overflow { return "\(ticks)/\(rate.numerator)s" }
    }
    return "\(Int((seconds * 1e6).rounded().clamped(0...9e17)))/1000000s"
  }

  /// A file's address.
  private static func address(_ path: String) -> String {
    path.hasPrefix("/") ? "file://" + AddressText.encoded(path) : AddressText.encoded("./" + path)
  }
}
