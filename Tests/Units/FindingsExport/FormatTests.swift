import FindingsExport
import Foundation
import FrameStream
import SystemIO
import Testing

/// What each format writes: names of every kind, streams without faces or labels, and the table of formats itself.
struct FormatTests {
  static let hostile = [
    "=cmd|' /C calc'!A0", "a,b", "say \"hi\"", "tab\there", "new\nline", "快乐", "שמח", "a<b>&c", "-->",
    "{\\b1}x", "time",
    "</script><script>alert(1)</script>", "\u{1B}[31mred", "\u{202E}txet",
  ]

  private var frames: [MadeFindings.Frame] {
    Self.hostile.enumerated().map { place, name in .init(pts: place * 10, [.init(id: 1, name)]) }
  }

  @Test func namesOfFilesSayTheFormat() {
    let expected = [
      "a.csv": "csv", "b.openface.csv": "openface", "c/x.FEX.CSV": "fex", "d.TextGrid": "textgrid",
      "e.boris.tsv": "boris-events", "f.tsv": "tsv", "g.json": "coco", "h.labelstudio.json": "labelstudio",
      "i.txt": "mot", "j.htm": "html", "k.jsonl": "ndjson",
    ]
    for (path, name) in expected { #expect(ExportFormat.of(path: path)?.name == name, "\(path)") }
    for path in ["a", "csv", "a.mp4", "a.csv.gz", ".csv/x"] {
      #expect(ExportFormat.of(path: path) == nil, "\(path)")
    }
    let names = ExportFormat.all.map(\.name)
    #expect(Set(names).count == names.count)
    let ends = ExportFormat.all.flatMap(\.extensions)
    #expect(Set(ends).count == ends.count)
  }

  /// A spreadsheet runs nothing, and a reader gets rows of one length.
  @Test func cellsOfTablesHoldAnyName() throws {
    let (text, _) = try MadeFindings.export("csv", frames: frames, source: "@SUM(1),\"x\".mp4")
    #expect(text.contains(#""'@SUM(1),""x"".mp4",0,0,1,4,8,20,30"#))
    #expect(text.contains(",'=cmd|' /C calc'!A0,0.75"))
    #expect(text.contains("\"a,b\"") && text.contains("\"say \"\"hi\"\"\"") && text.contains("\"new\nline\""))
    // A class with the name of a column.
    let (times, _) = try MadeFindings.export("csv", frames: [.init(pts: 0, [.init(id: 1, "time")])])
    #expect(
      times.hasPrefix("file,frame,time,id,x,y,width,height,filled,expression,confidence,time_score,other\n"))
    let (tabs, _) = try MadeFindings.export("tsv", frames: frames)
    #expect(tabs.contains("\"tab\there\""))
  }

  @Test func columnsAreThoseThatTheStreamHas() throws {
    func header(_ frames: [MadeFindings.Frame], _ history: [String] = []) throws -> (String, [String]) {
      let (text, remarks) = try MadeFindings.export("csv", frames: frames, history: history)
      return (String(text.prefix { $0 != "\n" }), remarks)
    }
    let bare = try header([.init(pts: 0, [.init(id: nil)])])
    #expect(bare.0 == "file,frame,time,x,y,width,height")
    #expect(bare.1.count == 1 && bare.1[0].contains("no columns of expressions"))
    #expect(
      try header([.init(pts: 0, [.init(id: 3, "a", smoothed: "a", score: 0.5)])]).0
        == "file,frame,time,id,x,y,width,height,score,filled,expression,confidence,smoothed_expression,"
        + "smoothed_confidence,a,other,smoothed_a,smoothed_other")
    #expect(try header([]).0 == "file,frame,time,x,y,width,height")
  }

  @Test func framesBeforeTheFirstFaceGetTheirRows() throws {
    let frames =
      (0..<50).map { MadeFindings.Frame(pts: $0 * 4 + ($0 > 20 ? 3 : 0), []) } + [
        .init(pts: 400, [.init(id: 1, "a")]), .init(pts: 404, []),
      ]
    let (text, _) = try MadeFindings.export("csv", frames: frames)
    let rows = text.split(separator: "\n").dropFirst()
    #expect(rows.count == 52)
    for (number, row) in rows.enumerated() {
      let cells = row.split(separator: ",", omittingEmptySubsequences: false)
      #expect(cells.count == 13)
      #expect(cells[1] == "\(number)")
      #expect(abs((Double(cells[2]) ?? -1) - Double(frames[number].pts) / 100) < 1e-9, "\(row)")
    }
  }

  @Test func valuesWithoutAColumnAreCounted() throws {
    let (_, remarks) = try MadeFindings.export(
      "csv", frames: [.init(pts: 0, [.init(id: 1, "a")]), .init(pts: 1, [.init(id: 1, "b")])])
    #expect(remarks == ["1 faces have values without a column: the columns are those of the first face"])
  }

  /// No name ends an element, a script, a line or a cue.
  @Test func documentsHoldAnyName() throws {
    for format in ["eaf", "cvat", "fcpxml"] {
      let (text, _) = try MadeFindings.export(format, frames: frames, source: "a<b>&\"c\".mp4")
      let parser = XMLReading()
      #expect(parser.read(text), "\(format)")
      let values = parser.values.joined(separator: "\u{1}")
      for name in Self.hostile where format == "eaf" {
        #expect(values.contains(name.replacing("\u{1B}", with: "\u{FFFD}")), "\(format): \(name)")
      }
    }
    for format in ["coco", "labelstudio", "otio", "boris"] {
      let (text, _) = try MadeFindings.export(format, frames: frames)
      let json = try JSONValue(JSONText(parsing: Array(text.utf8)))
      #expect(json.object != nil || json.array?.count == 1, "\(format)")
      #expect(text.contains("快乐"), "\(format)")
    }
    let (page, _) = try MadeFindings.export("html", frames: frames, source: "<i>x</i>.mp4")
    #expect(page.components(separatedBy: "</script").count == 3)
    #expect(!page.contains("<i>x") && !page.contains("alert(1)</script>"))
    for format in ["vtt", "srt", "ass", "edl", "textgrid"] {
      let (text, _) = try MadeFindings.export(format, frames: frames)
      #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" }, "\(format)")
      #expect(!text.contains("new\nline"), "\(format)")
      let arrows = text.components(separatedBy: "-->").count - 1
      #expect(format == "vtt" || format == "srt" ? arrows == Self.hostile.count : arrows <= 1, "\(format)")
    }
  }

  @Test(arguments: ExportFormat.all.map(\.name))
  func nothingFoundIsStillAFile(_ format: String) throws {
    let (none, _) = try MadeFindings.export(format, frames: [.init(pts: 0, []), .init(pts: 10, [])])
    #expect(none.isEmpty == ["srt", "mot"].contains(format))
    _ = try MadeFindings.export(format, frames: [])
    _ = try MadeFindings.export(format, frames: [.init(pts: 0, nil)])
    _ = try MadeFindings.export(
      format, frames: [.init(pts: -50, [.init(id: 1)]), .init(pts: -20, [.init(id: 1)])])
    // Twice the same bytes.
    let first = try MadeFindings.export(format, frames: frames, times: 2).text
    #expect(first == (try MadeFindings.export(format, frames: frames, times: 2).text))
  }

  @Test func timeCodesCountWholeFrames() throws {
    let (text, remarks) = try MadeFindings.export(
      "edl", frames: [.init(pts: 0, []), .init(pts: 152, [.init(id: 1, "a")]), .init(pts: 160, [])], rate: 25)
    #expect(text.contains("* LOC: 00:00:01:13 CYAN    1: a") || text.contains("* LOC: 00:00:01:13"))
    #expect(remarks.isEmpty)
  }

  @Test func tenThousandPeopleAreWritten() throws {
    let frames = (0..<100).map { frame in
      MadeFindings.Frame(pts: frame * 4, (0..<100).map { .init(id: frame * 100 + $0 + 1, "a") })
    }
    for format in ["cvat", "labelstudio", "eaf", "html", "textgrid"] {
      let (text, remarks) = try MadeFindings.export(format, frames: frames)
      #expect(text.utf8.count > 10_000, "\(format)")
      #expect(remarks.isEmpty == (format != "html"))
    }
  }
}

/// Foundation's XML parser, which knows nothing of the formats.
private final class XMLReading: NSObject {
  private(set) var values: [String] = []

  func read(_ text: String) -> Bool {
    // FoundationXML is not linked; well-formedness by tags that open and close in turn, and text between them.
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      values.append(Self.resolved(rest[..<start]))
      guard let end = rest[start...].firstIndex(of: ">") else { return false }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") || tag.hasPrefix("!") || tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else {
        open.append(tag.prefix { $0 != " " })
      }
    }
    return open.isEmpty
  }

  private static func resolved(_ text: Substring) -> String {
    [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#9;", "\t"), ("&#10;", "\n"),
      ("&amp;", "&"),
    ]
    .reduce(String(text)) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }
}
