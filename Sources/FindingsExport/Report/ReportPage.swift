import FrameStream
import TextTables

/// The parts of the report that are written as they are.
enum ReportPage {
  /// A color as style sheets have it.
  static func color(_ code: UInt32) -> String {
    let digits = String(code, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
  }

  /// Up to the title.
  /// - Parameter title: escaped.
  static func beginning(title: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src \
    'unsafe-inline'; img-src data:; media-src * data: blob: file:">
    <title>\(title)</title>
    <link rel="icon" href="data:,">
    <style>
    \(ReportStyle.text)
    </style>
    </head>
    <body>
    <h1>\(title)</h1>

    """
  }

  /// The figures of the whole input.
  static func figures(_ findings: Findings) -> String {
    func figure(_ value: String, _ name: String) -> String { "<li><b>\(value)</b>\(name)</li>\n" }
    func count(_ value: Int, _ one: String, _ many: String) -> String {
      figure(DecimalText.grouped(value), value == 1 ? one : many)
    }
    let changes = findings.intervals().count
    var text = "<ul class=\"figures\">\n"
    text += count(findings.persons.count, "person", "people")
    text += figure(DecimalText.duration(findings.end - findings.start), "length")
    text += count(findings.frames, "frame", "frames")
    text += count(findings.framesWithFaces, "frame with a face", "frames with a face")
    text += count(findings.faces, "face", "faces")
    if findings.isClassified { text += count(changes, "run of an expression", "runs of an expression") }
    return text + "</ul>\n" + notes(findings)
  }

  private static func notes(_ findings: Findings) -> String {
    var notes: [String] = []
    if findings.frames > 0, findings.searchedFrames == 0 {
      notes.append("No detector has run on this stream.")
    } else if findings.faces == 0 {
      notes.append("No face was found.")
    } else if !findings.isClassified {
      notes.append("No classifier has run on this stream: expressions are not known.")
    }
    if findings.isUntracked {
      notes.append("No tracker has run on this stream: people are the places of faces in their frames.")
    }
    return notes.map { "<p class=\"soft\">\($0)</p>\n" }.joined()
  }

  /// The time line and the tables, which the script fills.
  static func middle(_ findings: Findings, leftOut: Int) -> String {
    let end = max(findings.end, findings.start + 0.001)
    let height = findings.isClassified ? " The height of the color is the probability." : ""
    return """
      <noscript><p>This page draws its time line and its tables with JavaScript, which is off.</p></noscript>
      <section id="time">
      <h2>Time line</h2>
      <ul class="legend" id="legend" aria-label="Expressions"></ul>
      <div class="bar">
      <button type="button" id="in">Zoom in</button><button type="button" id="out">Zoom out</button>
      <button type="button" id="all">Whole</button><button type="button" id="left" aria-label="Earlier">◀</button>
      <button type="button" id="right" aria-label="Later">▶</button>
      </div>
      <div id="timeline" tabindex="0" role="slider" aria-label="Position in time" aria-valuemin="\(decimal(findings.start))" \
      aria-valuemax="\(decimal(end))" aria-valuenow="\(decimal(findings.start))" aria-describedby="keys">
      <div id="lanes"></div>
      <div class="lane" id="axis"><span></span><canvas aria-hidden="true" style="height:24px"></canvas></div>
      </div>
      <p id="readout" aria-live="off"></p>
      <p class="soft screen" id="keys">Click, or use the arrow keys (with Shift in larger steps), Home and End, + and - to zoom, 0 \
      for the whole.\(height)</p>
      </section>
      <section id="who">
      <h2>People</h2>
      <div class="scroll"><table id="people"><caption>\(leftOut > 0
        ? "\(leftOut) more people, who are in view for less time, are not in this page." : "A click on a title sorts.")</caption>\
      <thead></thead><tbody></tbody></table></div>
      <div class="bar" id="people-pages" hidden><button type="button">Back</button><span></span><button \
      type="button">Next</button></div>
      </section>
      <section id="what">
      <h2>\(findings.isClassified ? "Runs of one expression" : "Runs in view")</h2>
      <div class="scroll"><table id="runs"><thead></thead><tbody></tbody></table></div>
      <div class="bar" id="runs-pages" hidden><button type="button">Back</button><span></span><button \
      type="button">Next</button></div>
      </section>

      """
  }

  /// Where the findings are from, and which programs made them.
  static func origin(_ findings: Findings, generator: String) -> String {
    var lines: [(String, String)] = []
    for stream in findings.streams.prefix(20) {
      var words = stream.source
      if let size = stream.size { words += ", \(size.width)×\(size.height)" }
      if let rate = stream.frameRate { words += ", \(DecimalText.rounded(rate.value, 3)) frames a second" }
      lines.append(("source", words))
      for entry in stream.history {
        let details = ["model", "cascade", "model_sha256", "precision", "smoothing", "classes"].compactMap {
          key in
          entry[key].flatMap { value in (value.string).map { "\(key) \($0)" } }
        }
        lines.append((entry.name, ([entry.version] + details).joined(separator: ", ")))
      }
    }
    if findings.streams.count > 20 { lines.append(("source", "and \(findings.streams.count - 20) more")) }
    lines.append(("report", generator))
    let items = lines.map { line in
      let (name, words) = (SingleLine.text(line.0, limit: 100), SingleLine.text(line.1, limit: 1000))
      return "<dt>\(MarkupText.escaped(name))</dt><dd>\(MarkupText.escaped(words))</dd>\n"
    }
    return "<section>\n<h2>How it was made</h2>\n<dl>\n\(items.joined())</dl>\n</section>\n"
  }

  private static func decimal(_ value: Double) -> String { DecimalText.fixed(value, 2) }
}
