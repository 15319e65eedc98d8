import ExpressionPalette
import FrameStream
import SystemIO
import TextTables

/// `html`: one page that needs nothing else: a time line of each person, tables, faces, and how the findings were made.
final class HTMLReport: FindingsWriter {
  private let output: TextOutput
  private let options: ExportOptions
  private var series = ReportSeries()
  private var thumbnails: [Int: FaceThumbnail] = [:]
  private let gray = GrayPicture()
  private var stream: FindingsStream?
  private var leftOut = 0

  /// People who are shown: those who are in view for longest.
  private static let mostPeople = 500
  /// People whose face is kept, and how many faces the page has.
  private static let mostThumbnails = (kept: 200, shown: 24)

  init(_ output: TextOutput, _ options: ExportOptions) {
    self.output = output
    self.options = options
  }

  var remarks: [String] {
    leftOut > 0
      ? ["\(leftOut) people are left out: the page shows the \(Self.mostPeople) who are in view for longest"]
      : []
  }

  func begin(_ stream: FindingsStream) { self.stream = stream }

  func add(_ frame: FindingsFrame, classes: [String]) throws(Failure) {
    series.beginFrame(at: frame.position)
    var plane: PlaneView?
    for (face, person) in zip(frame.faces, frame.people) {
      guard let person else { continue }
      let label = !options.isRaw && face.smoothed.isPresent ? face.smoothed : face.label
      if let confidence = label.confidence { series.add(person.place, confidence) }
      guard let record = frame.record, record.hasPixels, !face.isFilled else { continue }
      let old = thumbnails[person.place]
      guard old != nil || thumbnails.count < Self.mostThumbnails.kept else { continue }
      let quality = face.box.area * (face.score ?? 1)
      // A little better is not worth the work.
      guard quality > (old?.quality ?? 0) * 1.1 else { continue }
      plane = plane ?? gray.plane(of: record)
      if let picture = plane {
        thumbnails[person.place] = FaceThumbnail(
          picture, record.colorRange(in: stream?.video), face.box, quality: quality)
      }
    }
  }

  func finish(_ findings: Findings) throws(Failure) {
    let shown = findings.persons.indices.sorted {
      (findings.persons[$1].seconds, $0) < (findings.persons[$0].seconds, $1)
    }.prefix(Self.mostPeople)
    leftOut = findings.persons.count - shown.count
    let title = MarkupText.escaped(
      SingleLine.text(findings.streams.first?.fileName ?? "findings", limit: 400))
    try output.write(ReportPage.beginning(title: title))
    try output.write(ReportPage.figures(findings))
    if let video = options.video {
      try output.write(
        "<video controls preload=\"metadata\" src=\"\(MarkupText.escaped(AddressText.link(video)))\"></video>\n"
      )
    }
    try output.write(ReportPage.middle(findings, leftOut: leftOut))
    try output.write(ReportPage.origin(findings, generator: options.generator))
    try output.write("<script type=\"application/json\" id=\"data\">")
    try writeData(findings, Array(shown))
    try output.write("</script>\n<script>\n\(ReportScript.text)\n</script>\n</body>\n</html>\n")
  }

  private func writeData(_ findings: Findings, _ shown: [Int]) throws(Failure) {
    var json = JSONWriter()
    func flush() throws(Failure) {
      // No end of the element may stand in it, nor a comment's beginning.
      try output.write(json.bytes.flatMap { $0 == UInt8(ascii: "<") ? Array("\\u003c".utf8) : [$0] })
      json.removeAll()
    }
    json.object { json in
      json.field("classified", findings.isClassified)
      json.field("start", DecimalText.value(findings.start, 6))
      json.field("end", DecimalText.value(findings.end, 6))
      json.field("frame", DecimalText.value(1 / findings.frameRate.value, 6))
      json.field("width", series.width)
      json.key("classes")
      json.array { json in
        for (index, name) in findings.classes.enumerated() {
          json.object { json in
            json.field("name", name)
            json.field("color", ReportPage.color(ExpressionPalette.color(of: name, classIndex: index)))
          }
        }
      }
    }
    // The object goes on with the people, a piece at a time.
    let head = Array(json.bytes.dropLast())
    json.removeAll()
    try output.write(head.flatMap { $0 == UInt8(ascii: "<") ? Array("\\u003c".utf8) : [$0] })
    try output.write(",\"persons\":[")
    let faces = Set(shown.filter { thumbnails[$0] != nil }.prefix(Self.mostThumbnails.shown))
    let order = findings.runs.indices.sorted {
      (findings.runs[$0].person, $0) < (findings.runs[$1].person, $1)
    }
    var firsts: [Int: Int] = [:]
    for (place, index) in order.enumerated() where firsts[Int(findings.runs[index].person)] == nil {
      firsts[Int(findings.runs[index].person)] = place
    }
    for (count, place) in shown.enumerated() {
      let person = findings.persons[place]
      json.object { json in
        json.field("number", person.number)
        json.field("first", DecimalText.value(person.firstSeen, 3))
        json.field("last", DecimalText.value(person.lastSeen, 3))
        json.field("frames", person.frames)
        json.field("seconds", DecimalText.value(person.seconds, 3))
        if faces.contains(place) { json.field("thumb", thumbnails[place]?.dataAddress) }
        json.field("f", series.first(place))
        json.field("b", series.text(place))
        json.key("r")
        json.array { json in
          var position = 0
          var next = firsts[place] ?? order.endIndex
          while next < order.endIndex, Int(findings.runs[order[next]].person) == place {
            let run = findings.runs[order[next]]
            let (start, end) = (ClockText.milliseconds(run.start), ClockText.milliseconds(run.end))
            json.value(start - position)
            json.value(end - start)
            json.value(Int(run.expression))
            json.value(run.confidence.map { Int(($0 * 1000).rounded().clamped(0...1000)) } ?? -1)
            position = end
            next += 1
          }
        }
      }
      try flush()
      if count < shown.count - 1 { try output.write(",\n") }
    }
    try output.write("]}")
  }
}
