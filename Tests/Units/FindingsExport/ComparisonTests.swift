import FindingsExport
import Foundation
import FrameStream
import SystemIO
import Testing
import TrainingReports

/// What people coded, read from their programs' files, and how it agrees with findings.
struct ComparisonTests {
  private func coded(_ name: String, _ text: String) throws -> CodedIntervals {
    let path = NSTemporaryDirectory() + "fm-coded-\(UUID().uuidString)-\(name)"
    defer { unlink(path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try CodedIntervals(contentsOf: path)
  }

  private func text(_ coded: CodedIntervals) -> [String] {
    coded.intervals.map { "\($0.subject):\($0.label) \($0.start)-\($0.end)" }
  }

  @Test func tablesOfIntervals() throws {
    let expected = ["anna:joy 0.5-2.0", "ben:a,b 3723.25-3724.0"]
    let tables = [
      "start,end,person,label\n0.5,2,anna,joy\n1:02:03.25,1:02:04,ben,\"a,b\"\n",
      "Tier\tBegin Time (s)\tDuration (s)\tAnnotation\r\nanna\t0.5\t1.5\tjoy\r\nben\t1:02:03.25\t0.75\ta,b\r\n",
      "label;onset;offset;subject\njoy;0.5;2;anna\na,b;3723.25;3724;ben\n",
    ]
    for table in tables { #expect(text(try coded("x.csv", table)) == expected, "\(table)") }
    // Without a subject, a length or a label.
    let some = try coded("x.csv", "start,end,label\n0,1,a\n1,1,b\n2,3,\n,,c\n")
    #expect(text(some) == [":a 0.0-1.0"] && some.leftOut == 3)
  }

  @Test func eventsOfBORIS() throws {
    let table = """
      Subject\tBehavior\tBehavior type\tTime
      p1\thappy\tSTART\t1.5
      p1\thappy\tSTOP\t2.5
      p1\tblink\tPOINT\t2.6
      p1\tsad\tSTART\t3

      """
    let found = try coded("x.tsv", table)
    #expect(text(found) == ["p1:happy 1.5-2.5"] && found.leftOut == 2)
    let project = """
      {"behaviors_conf":{"0":{"code":"happy","type":"State event"},"1":{"code":"blink","type":"Point event"}},
       "observations":{"o":{"events":[[1.5,"p1","happy","",""],[1.6,"p1","blink","",""],[2.5,"p1","happy","",""]]}}}
      """
    #expect(text(try coded("x.boris", project)) == ["p1:happy 1.5-2.5"])
  }

  @Test func documentsOfELAN() throws {
    let document = """
      <?xml version="1.0"?><!-- x > y --><ANNOTATION_DOCUMENT><TIME_ORDER>
      <TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="500"/><TIME_SLOT TIME_SLOT_ID='t2' TIME_VALUE='2000'/>
      <TIME_SLOT TIME_SLOT_ID="t3"/></TIME_ORDER>
      <TIER TIER_ID="face-1" PARTICIPANT="anna"><ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t2">
      <ANNOTATION_VALUE>a &lt;b&gt; &#x5feb;<![CDATA[ &amp;]]></ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
      <ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t3"><ANNOTATION_VALUE>x</ANNOTATION_VALUE>
      </ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>
      """
    let found = try coded("x.eaf", document)
    #expect(text(found) == ["anna:a <b> 快 &amp; 0.5-2.0"] && found.leftOut == 1)
    // Whatever is cut off it, there is a failure and no crash.
    for length in stride(from: 0, to: document.utf8.count, by: 7) {
      _ = try? coded("x.eaf", String(decoding: Array(document.utf8)[..<length], as: UTF8.self))
    }
  }

  @Test(arguments: [
    ("x.csv", "a,b\n1,2\n", "no table of intervals"),
    ("x.csv", "start,end,label\n1,soon,a\n", "\"soon\" is no time"),
    ("x.csv", "", "there are none"), ("x.csv", "start,end,label\n\"1,2,a\n", "a quote is not closed"),
    ("x.eaf", "<html></html>", "no document of ELAN"), ("x.eaf", "<A b=c>", "not well-formed"),
    ("x.boris", "[]", "no BORIS project"),
    ("x.boris", "{\"observations\":{\"a\":{},\"b\":{}}}", "2 observations"),
    ("x.boris", "{", "not valid JSON"),
  ])
  func otherFilesAreRefused(_ name: String, _ text: String, _ cause: String) {
    #expect {
      try coded(name, text)
    } throws: { error in
      (error as? Failure)?.description.contains(cause) ?? false
    }
  }

  private func compare(
    _ intervals: [CodedIntervals.Interval], frames: [MadeFindings.Frame],
    subjects: CoderAgreement.Subjects = .byNumber, labels: [String: String] = [:]
  ) throws -> CoderAgreement {
    let agreement = try CoderAgreement(
      CodedIntervals(intervals), subjects: subjects, labels: labels, RunOptions())
    _ = try MadeFindings.read(frames: frames, writers: [agreement])
    return agreement
  }

  @Test func framesAndRunsAreCounted() throws {
    // Two people, ten frames of a tenth of a second.
    let frames = (0..<10).map { frame in
      MadeFindings.Frame(
        pts: frame * 10,
        [.init(id: 1, frame < 6 ? "happy" : "sad")] + (frame < 5 ? [.init(id: 2, "happy")] : []))
    }
    let found = try compare(
      [
        .init(subject: "person 1", label: "joy", start: 0, end: 0.4),
        .init(subject: "person 1", label: "sad", start: 0.4, end: 0.9),
        .init(subject: "P2", label: "sad", start: 0.6, end: 0.8),
      ], frames: frames, labels: ["joy": "happy"])
    let report = found.byFrame
    #expect(report.classes == ["happy", "sad"])
    #expect(report.confusion == [[4, 0], [2, 3]])
    // By hand: observed 7/9, expected (4 * 6 + 5 * 3) / 81.
    let kappa = (7.0 / 9 - 39.0 / 81) / (1 - 39.0 / 81)
    #expect(abs((report.cohensKappa ?? 0) - kappa) < 1e-12)
    #expect(found.byRun.confusion == [[1, 0], [0, 1]])
    #expect(found.codedOnly == 2 && found.foundOnly == 6 && found.runsOnly == 1)
    #expect(found.people.map(\.number) == [1, 2])
    let text = AgreementText(found, coded: "x.eaf")
    #expect(text.text.contains("agreement") && text.text.contains("77.8 %"))
    let json = try JSONValue(JSONText(parsing: text.json))
    #expect(json["by_frame"]?["count"]?.int == 9)
  }

  @Test func strangersNeedANumber() throws {
    let frames = [MadeFindings.Frame(pts: 0, [.init(id: 4, "happy")])]
    let coded = [
      CodedIntervals.Interval(subject: "anna", label: "happy", start: 0, end: 1),
      CodedIntervals.Interval(subject: "ben", label: "happy", start: 0, end: 1),
    ]
    #expect(throws: Failure.self) { try compare(coded, frames: frames) }
    let found = try compare(coded, frames: frames, subjects: .given(["anna": 4]))
    #expect(found.byFrame.count == 1 && found.strangers == ["ben"])
    #expect(throws: Failure.self) {
      try compare(coded, frames: frames, subjects: .given(["anna": 4, "ben": 4]))
    }
    #expect(found.byFrame.cohensKappa == nil)
  }

  /// What an exported file says is what was found.
  @Test(arguments: ["eaf", "boris", "boris-events"])
  func exportedFilesAgreeWithThemselves(_ format: String) throws {
    let frames = (0..<40).map { frame in
      MadeFindings.Frame(
        pts: frame * 3 + 1,
        [.init(id: 1, frame / 7 % 2 == 0 ? "a" : "b"), .init(id: 2, frame / 5 % 2 == 0 ? "c" : "a")])
    }
    let (text, _) = try MadeFindings.export(format, frames: frames)
    let name = ["eaf": "x.eaf", "boris": "x.boris", "boris-events": "x.tsv"][format] ?? ""
    let intervals = try coded(name, text)
    let agreement = try CoderAgreement(intervals, subjects: .byNumber, labels: [:], RunOptions())
    _ = try MadeFindings.read(frames: frames, writers: [agreement])
    #expect(agreement.byFrame.count == 80 && agreement.byFrame.accuracy == 1)
    #expect(agreement.byFrame.cohensKappa == 1 && agreement.byRun.accuracy == 1)
  }
}
