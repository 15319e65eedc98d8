import FrameStream
import Testing

@testable import FindingsExport

/// Values in formats: who is who, what is unsure, times of every size, and curves of the report.
struct FormatValueTests {
  /// The cells of a table's column.
  private func column(_ name: String, _ text: String) -> [String] {
    let rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    guard let place = rows.first?.firstIndex(of: Substring(name)) else { return [] }
    return rows.dropFirst().map { String($0[place]) }
  }

  /// Numbers are people's on one time line: a face without one is nobody, and a later stream's person another one.
  @Test func facesBelongToPeople() throws {
    let frames = [MadeFindings.Frame(pts: 0, [.init(id: nil, "a"), .init(id: 1, "a"), .init(id: 7, "b")])]
    func export(_ format: String) throws -> String {
      try MadeFindings.export(format, frames: frames, times: 2, history: ["fm-track"]).text
    }
    #expect(column("face_id", try export("openface")) == ["", "0", "6", "", "7", "8"])
    #expect(
      column("Identity", try export("fex")) == ["", "Person_1", "Person_7", "", "Person_8", "Person_9"])
    let mot = try export("mot").split(separator: "\n").map { $0.split(separator: ",")[1] }
    #expect(mot == ["1", "7", "8", "9"])
    let coco = try JSONValue(JSONText(parsing: Array(export("coco").utf8)))
    let annotations = try #require(coco["annotations"]?.array)
    #expect(annotations.map { $0["track_id"]?.int } == [nil, 1, 7, nil, 8, 9])
    // Without a tracker, OpenFace numbers places, and the others know nobody.
    let untracked = [MadeFindings.Frame(pts: 0, [.init(id: nil, "a"), .init(id: nil, "b")])]
    #expect(
      column("face_id", try MadeFindings.export("openface", frames: untracked).text) == ["0", "1"])
    #expect(column("Identity", try MadeFindings.export("fex", frames: untracked).text) == ["", ""])
    #expect(!(try MadeFindings.export("coco", frames: untracked).text.contains("track_id")))
  }

  @Test func framesBeforeTheFirstFaceHaveASize() throws {
    let frames = [MadeFindings.Frame(pts: 0, []), .init(pts: 10, [.init(id: 1, "a")]), .init(pts: 20, [])]
    let text = try MadeFindings.export("fex", frames: frames).text
    #expect(
      column("FrameHeight", text) == ["48", "48", "48"] && column("FrameWidth", text) == ["64", "64", "64"])
  }

  /// A minimum counts wherever a format names a face's expression, not in runs only.
  @Test func unsureFacesHaveNoExpression() throws {
    var options = RunOptions()
    options.minimumConfidence = 0.5
    let frames: [MadeFindings.Frame] = [
      .init(pts: 0, [.init(id: 1, "a", smoothed: "b", confidence: 0.9)]),
      .init(pts: 10, [.init(id: 1, "a", smoothed: "b", confidence: 0.2)]),
    ]
    func export(_ format: String) throws -> String {
      try MadeFindings.export(format, frames: frames, options).text
    }
    #expect(column("expression", try export("csv")) == ["a", ""])
    #expect(column("smoothed_expression", try export("csv")) == ["b", ""])
    #expect(column("confidence", try export("csv")) == ["0.9", "0.2"])
    #expect(try export("ndjson").contains(#""expression":null,"confidence":0.2"#))
    #expect(try export("cvat").contains(#"<attribute name="expression">b</attribute>"#))
    #expect(try export("cvat").contains(#"<attribute name="expression"></attribute></box>"#))
    let coco = try JSONValue(JSONText(parsing: Array(export("coco").utf8)))
    #expect(coco["annotations"]?.array?.map { $0["category_id"]?.int }.last == 1)
    for format in ExportFormat.all where !format.uses.contains(.expressions) {
      let all = try MadeFindings.export(format.name, frames: frames).text
      #expect(try export(format.name) == all, "\(format.name) has no expressions")
    }
  }

  /// Times near 0 without an exponent.
  @Test func timesArePlain() {
    #expect(ClockText.seconds(0.00001) == "0.00001" && ClockText.seconds(0.00004567) == "0.000046")
    #expect(ClockText.seconds(-0.00001) == "-0.00001" && ClockText.seconds(12.5) == "12.5")
  }

  /// Subtitles that are shorter than their format's unit last for one, and ELAN's annotations are left out: both are said.
  @Test func runsShorterThanAUnit() throws {
    let text = SubtitleRuns.at(240)
    for (format, isSaid) in [("ass", true), ("vtt", false), ("srt", false), ("eaf", false)] {
      let (lines, remarks) = try SubtitleRuns.export(format, text)
      #expect(remarks.isEmpty != isSaid, "\(format): \(remarks)")
      if format == "ass" {
        let cues = lines.split(separator: "\n").filter { $0.hasPrefix("Dialogue:") }.map {
          $0.split(separator: ",")
        }
        #expect(cues.count == 24 && cues.allSatisfy { $0[1] < $0[2] })
      }
    }
    for (format, cues) in [("vtt", 24), ("srt", 24), ("eaf", 0)] {
      let (lines, remarks) = try SubtitleRuns.export(format, SubtitleRuns.at(50_000))
      #expect(remarks.contains { $0.contains("shorter than a millisecond") }, "\(format)")
      #expect(lines.split(separator: "\n").count { $0.contains("-->") } == cues, "\(format)")
      #expect(!lines.contains("00:00:00.000 --> 00:00:00.000"))
    }
  }

  /// Frames of one expression each.
  private enum SubtitleRuns {
    static func at(_ rate: Double) -> [Run] {
      (0..<24).map { frame in run(Int32(frame), start: Double(frame) / rate, end: Double(frame + 1) / rate) }
    }

    private static func run(_ frame: Int32, start: Double, end: Double) -> Run {
      Run(
        person: 0, expression: frame % 2, start: start, end: end, firstFrame: frame, lastFrame: frame,
        frames: 1,
        center: (x: Float.nan, top: Float.nan, bottom: Float.nan), confidenceSum: 0.5)
    }

    static func export(_ format: String, _ runs: [Run]) throws -> (String, [String]) {
      var findings = Findings()
      findings.runs = runs
      findings.classes = ["a", "b"]
      findings.isClassified = true
      findings.persons = [Person(number: 1, firstSeen: 0, lastSeen: runs.last?.end ?? 0)]
      return try MadeFindings.export(format, findings: findings)
    }
  }

  /// The largest numbers that a stream may have, and a frame rate of two large ones, in every format.
  @Test func numbersAtTheLimits() throws {
    let (number, ticks) = (StreamLimits.number, StreamLimits.ticks)
    for frames: [MadeFindings.Frame] in [
      [.init(pts: 0, sequence: number, [.init(id: number, "a")])],
      [.init(pts: -ticks, [.init(id: 1, "a")]), .init(pts: ticks, [.init(id: 1, "b")])],
      [
        .init(pts: 10_000_000_000_000, [.init(id: 1, "a")]),
        .init(pts: 10_000_000_000_100, [.init(id: 1, "b")]),
      ],
    ] {
      for format in ExportFormat.all {
        _ = try MadeFindings.export(
          format.name, frames: frames, rate: 2_147_483_647, denominator: 2_147_483_646)
      }
    }
  }

  @Test func theVideoOfAReportIsALink() throws {
    for (video, link) in [
      ("talk.mp4", "talk.mp4"), ("in/a #1?.mp4", "in/a%20%231%3F.mp4"), ("100%.mp4", "100%25.mp4"),
      ("a:b.mp4", "a%3Ab.mp4"), ("https://x.org/a?b=1#t", "https://x.org/a?b=1#t"),
    ] {
      var options = ExportOptions()
      options.video = video
      let page = try MadeFindings.export("html", frames: [.init(pts: 0, [])], RunOptions(), options).text
      #expect(page.contains("src=\"\(link)\""), "\(video)")
    }
  }

  /// The curve of a person who is there all the time has a value in every bin, from the first frame of the film on,
  /// whatever the frame rate.
  @Test func curvesHaveNoHoles() {
    for rate in [25, 24, 30, 60, 1, 23.976, 240] {
      var series = ReportSeries()
      for frame in 0..<500 {
        series.beginFrame(at: 0.08 + Double(frame) / rate)
        series.add(0, frame % 2 == 0 ? 1 : 0)
        if frame >= 100 { series.add(1, 1) }
      }
      #expect(!series.text(0).contains(".") && !series.text(1).contains("."), "\(rate)")
      #expect(series.first(0) == 0)
      #expect(series.first(1) == Int(100 / rate / series.width + 1e-6), "\(rate)")
      if rate == 25 { #expect(series.text(0).hasPrefix("/A/A/A/A/A/A/A/A/A")) }
    }
    // Who was away has no value for that time.
    var series = ReportSeries()
    for frame in 0..<20 {
      series.beginFrame(at: Double(frame) / 25)
      if frame < 5 || frame >= 15 { series.add(0, 1) }
    }
    #expect(series.text(0) == "/////..........////" + "/")
  }

  /// The report's bins and its time line begin with the first frame, not with the first face.
  @Test func curvesBeginWithTheFilm() throws {
    let frames = (0..<50).map { MadeFindings.Frame(pts: 200 + $0 * 4, $0 < 25 ? [] : [.init(id: 1, "a")]) }
    let page = try MadeFindings.export("html", frames: frames, rate: 25).text
    #expect(page.contains("\"start\":2,") || page.contains("\"start\":2.0,"))
    #expect(page.contains("\"f\":25,"))
  }
}
