import FindingsExport
import Foundation
import FrameStream
import SystemIO
import Testing
import TrainingReports

/// What people coded, read from their programs' files, and how it agrees with findings.
struct ComparisonTests {
  private func coded(_ name: String, _ text: String, tiers: Set<String> = []) throws -> CodedIntervals {
    let path = NSTemporaryDirectory() + "fm-coded-\(UUID().uuidString)-\(name)"
    defer { unlink(path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try CodedIntervals(contentsOf: path, tiers: tiers)
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

  /// A TextGrid as Praat writes it in its long format, and in its short one in UTF-16.
  @Test func textGridsOfPraat() throws {
    let long = """
      File type = "ooTextFile"
      Object class = "TextGrid"

      xmin = 0
      xmax = 3
      tiers? <exists>
      size = 2
      item []:
          item [1]:
              class = "IntervalTier"
              name = "person 1"
              xmin = 0
              xmax = 3
              intervals: size = 3
              intervals [1]:
                  xmin = 0
                  xmax = 0.5
                  text = ""
              intervals [2]:
                  xmin = 0.5
                  xmax = 2
                  text = "a ""b"" 快"
              intervals [3]:
                  xmin = 2
                  xmax = 3
                  text = "sad" ! a comment with a " in it
          item [2]:
              class = "TextTier"
              name = "clicks"
              xmin = 0
              xmax = 3
              points: size = 1
              points [1]:
                  number = 1.5
                  mark = "click"

      """
    let short = """
      File type = "ooTextFile"
      "TextGrid"

      0
      3
      <exists>
      2
      "IntervalTier"
      "person 1"
      0
      3
      3
      0 0.5 ""
      0.5 2 "a ""b"" 快"
      2 3 "sad"
      "TextTier" "clicks" 0 3 1 1.5 "click"
      """
    let expected = ["person 1:a \"b\" 快 0.5-2.0", "person 1:sad 2.0-3.0"]
    for found in [try coded("x.TextGrid", long), try coded("x.textgrid", short)] {
      #expect(text(found) == expected && found.leftOut == 1)
      #expect(found.intervals.allSatisfy { $0.tier == "person 1" })
    }
    for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
      let path = NSTemporaryDirectory() + "fm-coded-\(UUID().uuidString).TextGrid"
      defer { unlink(path) }
      try #require(("\u{FEFF}" + long).data(using: encoding)).write(to: URL(fileURLWithPath: path))
      #expect(text(try CodedIntervals(contentsOf: path)) == expected)
    }
    // What is cut off is missing, and said.
    for length in stride(from: 0, to: short.utf8.count - 8, by: 5) {
      let part = String(decoding: Array(short.utf8)[..<length], as: UTF8.self)
      #expect(throws: Failure.self) { try coded("x.TextGrid", part) }
    }
  }

  /// Who is coded is guessed where no column says it, and that is a remark; a column with a usual name is no guess.
  @Test func aTableWithoutSubjectsIsRemarked() throws {
    let some = try coded("x.csv", "start,end,label,notes\n0,1,happy,x\n")
    #expect(some.remarks.count == 1 && some.remarks[0].contains("not read: \"notes\""), "\(some.remarks)")
    #expect(try coded("x.csv", "start,end,label,who\n0,1,happy,x\n").remarks == [])
  }

  @Test func labelsThatAreNoClassAreNamed() throws {
    let frames = [MadeFindings.Frame(pts: 0, [.init(id: 1, "happy")])]
    let found = try compare(
      [
        .init(subject: "1", label: "joy", start: 0, end: 1),
        .init(subject: "1", label: "sadly", start: 1, end: 2),
      ], frames: frames, labels: ["joy": "happy", "anger": "angry"])
    #expect(found.unknownLabels == ["sadly"] && found.unusedNames == ["anger"])
  }

  @Test(arguments: [
    ("x.TextGrid", "\"ooTextFile\" \"Pitch\"", "no TextGrid of Praat"),
    ("x.TextGrid", "\"ooTextFile\" \"TextGrid\" 0 1 <exists> 1 \"IntervalTier\" \"a\" 0 1 -3", "cut short"),
    ("x.TextGrid", "\"ooTextFile\" \"TextGrid\" 0 1 <exists> 1 \"Tier\" \"a\" 0 1 0", "no kind of tier"),
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
    subjects: [String: Int] = [:], labels: [String: String] = [:]
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
    let found = try compare(coded, frames: frames, subjects: ["anna": 4])
    #expect(found.byFrame.count == 1 && found.strangers == ["ben"])
    #expect(throws: Failure.self) {
      try compare(coded, frames: frames, subjects: ["anna": 4, "ben": 4])
    }
    #expect(found.byFrame.cohensKappa == nil)
  }

  /// Who is said to be a person by --person leaves the others as they are; a number that is taken so is taken.
  @Test func oneSubjectThatIsSaid() throws {
    let frames = [MadeFindings.Frame(pts: 0, [.init(id: 1, "happy"), .init(id: 2, "sad")])]
    let coded = ["anna", "person 2", "p1"].map {
      CodedIntervals.Interval(subject: $0, label: "happy", start: 0, end: 1)
    }
    let found = try compare(coded, frames: frames, subjects: ["anna": 1])
    #expect(found.people.map(\.subject) == ["anna", "person 2"] && found.strangers == ["p1"])
    #expect(found.byFrame.count == 2)
  }

  /// Two labels at one time have no agreement: which one a frame is compared with would be a guess.
  @Test func labelsThatOverlapAreRefused() throws {
    let frames = (0..<40).map { MadeFindings.Frame(pts: $0 * 10, [.init(id: 1, "happy")]) }
    func refusal(_ second: (label: String, start: Double, end: Double), subject: String = "1") -> String? {
      let intervals: [CodedIntervals.Interval] = [
        .init(subject: "1", label: "neutral", start: 0, end: 2),
        .init(subject: subject, label: second.label, start: second.start, end: second.end),
      ]
      do { _ = try compare(intervals, frames: frames) } catch { return (error as? Failure)?.description }
      return nil
    }
    for (start, end) in [(0.5, 1.5), (1.5, 3), (0, 2), (0, 9)] {
      #expect(refusal(("happy", start, end))?.contains("1: coded intervals overlap: ") ?? false)
      #expect(refusal(("neutral", start, end)) == nil && refusal(("happy", start, end), subject: "2") == nil)
    }
    #expect(refusal(("happy", 2, 3)) == nil && refusal(("happy", 1.9995, 3)) == nil)
  }

  /// Of a document with a tier for each thing that is coded, one tier has the expressions.
  @Test func oneTierOfSeveral() throws {
    func tier(_ name: String, _ label: String) -> String {
      "<TIER TIER_ID=\"\(name)\" PARTICIPANT=\"anna\"><ANNOTATION>"
        + "<ALIGNABLE_ANNOTATION TIME_SLOT_REF1=\"a\" TIME_SLOT_REF2=\"b\"><ANNOTATION_VALUE>\(label)"
        + "</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>"
    }
    let document =
      "<ANNOTATION_DOCUMENT><TIME_SLOT TIME_SLOT_ID=\"a\" TIME_VALUE=\"0\"/>"
      + "<TIME_SLOT TIME_SLOT_ID=\"b\" TIME_VALUE=\"900\"/>" + tier("face", "happy") + tier("gaze", "left")
      + "</ANNOTATION_DOCUMENT>"
    let frames = [MadeFindings.Frame(pts: 0, [.init(id: 1, "happy")])]
    let both = try coded("x.eaf", document)
    #expect {
      try compare(both.intervals, frames: frames)
    } throws: { ($0 as? Failure)?.cause.contains("--tier says which tier") ?? false }
    let face = try coded("x.eaf", document, tiers: ["face"])
    #expect(text(face) == ["anna:happy 0.0-0.9"])
    #expect(try compare(face.intervals, frames: frames).byFrame.accuracy == 1)
    #expect {
      try coded("x.eaf", document, tiers: ["mouth"])
    } throws: { ($0 as? Failure)?.cause.contains("it has \"face\", \"gaze\"") ?? false }
    let table = "start,end,tier,label\n0,1,face,a\n0,1,gaze,b\n"
    #expect(text(try coded("x.csv", table, tiers: ["gaze"])) == ["gaze:b 0.0-1.0"])
  }

  /// ELAN's own export: a column for each unit of a time, and participants that are empty.
  @Test func tablesOfELAN() throws {
    let rows = ["Begin Time", "End Time"].flatMap { name in
      ["hh:mm:ss.ms", "ss.msec", "msec"].map { "\(name) - \($0)" }
    }
    let times = ["00:00:00.500", "0.5", "500", "00:00:02.000", "2.0", "2000"]
    for columns in [[0, 3], [1, 4], [2, 5], [2, 1, 0, 5, 4, 3]] {
      let table =
        (["Tier", "Participant"] + columns.map { rows[$0] } + ["Annotation"]).joined(separator: "\t") + "\n"
        + (["face", ""] + columns.map { times[$0] } + ["joy"]).joined(separator: "\t") + "\n"
      #expect(text(try coded("x.txt", table)) == ["face:joy 0.5-2.0"], "\(columns)")
    }
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
    let agreement = try CoderAgreement(intervals, subjects: [:], labels: [:], RunOptions())
    _ = try MadeFindings.read(frames: frames, writers: [agreement])
    #expect(agreement.byFrame.count == 80 && agreement.byFrame.accuracy == 1)
    #expect(agreement.byFrame.cohensKappa == 1 && agreement.byRun.accuracy == 1)
  }
}
