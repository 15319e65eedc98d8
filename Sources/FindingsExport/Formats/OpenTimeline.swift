import ExpressionPalette
import FrameStream
import SystemIO
import TextTables

/// `otio`: an OpenTimelineIO time line with the source as its one clip, and a marker on it for each run.
final class OpenTimeline: FindingsWriter {
  private let output: TextOutput
  private let options: ExportOptions

  init(_ output: TextOutput, _ options: ExportOptions) {
    self.output = output
    self.options = options
  }

  func finish(_ findings: Findings) throws(Failure) {
    let rate = findings.frameRate.value
    let runs = findings.intervals()
    let end = runs.reduce(findings.end) { max($0, $1.end) }
    let source = findings.streams.first?.source ?? ""
    let name = findings.streams.first?.fileName ?? ""
    let text = SubtitleText(findings: findings)
    var json = JSONWriter()
    func put(_ body: (inout JSONWriter) -> Void) -> String {
      json.removeAll()
      body(&json)
      return String(decoding: json.bytes, as: UTF8.self)
    }
    func time(_ seconds: Double) -> String {
      // More decimals than a double has of ticks would only be noise.
      "{\"OTIO_SCHEMA\":\"RationalTime.1\",\"rate\":\(DecimalText.shortest(rate)),"
        + "\"value\":\(DecimalText.shortest(DecimalText.value(seconds * rate, 6)))}"
    }
    func range(_ start: Double, _ end: Double) -> String {
      "{\"OTIO_SCHEMA\":\"TimeRange.1\",\"start_time\":\(time(start)),\"duration\":\(time(end - start))}"
    }
    let (quotedName, quotedSource) = (put { $0.value(name) }, put { $0.value(source) })
    let whole = range(0, end)
    try output.write(
      "{\"OTIO_SCHEMA\":\"Timeline.1\",\"name\":\(quotedName),\"metadata\":{\"fm\":{\"generator\":"
        + put { $0.value(options.generator) }
        + "}},\"global_start_time\":null,\"tracks\":{\"OTIO_SCHEMA\":\"Stack.1\","
        + "\"name\":\"tracks\",\"children\":[{\"OTIO_SCHEMA\":\"Track.1\",\"name\":\"video\",\"kind\":\"Video\","
        + "\"children\":[{\"OTIO_SCHEMA\":\"Clip.1\",\"name\":\(quotedName),\"source_range\":\(whole),"
        + "\"media_reference\":{\"OTIO_SCHEMA\":\"ExternalReference.1\",\"target_url\":\(quotedSource),"
        + "\"available_range\":\(whole)},\"markers\":[")
    for (index, run) in runs.enumerated() {
      let marker = put { json in
        json.value(text.line(run))
      }
      let metadata = put { json in
        json.object { json in
          json.field("person", text.person(run))
          json.field("expression", findings.className(run))
          json.field("confidence", run.confidence)
        }
      }
      let color = MarkerColor.of(run, findings)
      try output.write(
        (index == 0 ? "\n" : ",\n")
          + "{\"OTIO_SCHEMA\":\"Marker.2\",\"name\":\(marker),\"color\":\"\(color)\",\"marked_range\":"
          + range(run.start, run.end) + ",\"metadata\":{\"fm\":\(metadata)}}")
    }
    try output.write("]}]}]}}\n")
  }
}

/// The names of markers' colors, which editing programs share.
enum MarkerColor {
  /// The nearest to the palette's colors, in their order.
  private static let names = ["YELLOW", "CYAN", "RED", "BLUE", "GREEN", "ORANGE", "PINK", "BLACK"]

  static func of(_ run: Run, _ findings: Findings) -> String {
    findings.className(run).map {
      names[ExpressionPalette.index(of: $0, classIndex: run.classIndex) & 7]
    } ?? "WHITE"
  }
}
