import SystemIO
import TextTables

/// A format that findings can be written in.
package struct ExportFormat: Sendable {
  /// Its name on the command line.
  package let name: String
  /// The ends of file names that mean it, without the first dot, in lower case.
  package let extensions: [String]
  /// What it is, and what reads it.
  package let summary: String
  /// What of the findings and of the options it depends on, besides faces of frames.
  package let uses: Uses
  /// Makes its writer.
  package let makeWriter: @Sendable (TextOutput, ExportOptions) -> any FindingsWriter

  init(
    _ name: String, _ extensions: [String], _ summary: String, _ uses: Uses = .allOfRuns,
    _ makeWriter: @escaping @Sendable (TextOutput, ExportOptions) -> any FindingsWriter
  ) {
    self.name = name
    self.extensions = extensions
    self.summary = summary
    self.uses = uses
    self.makeWriter = makeWriter
  }
}

extension ExportFormat {
  /// What formats may depend on.
  package struct Uses: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// One time line for all streams of the input, and numbers of people that go on from stream to stream.
    package static let numbers = Uses(rawValue: 1)
    /// People: a face without a number is left out.
    package static let people = Uses(rawValue: 2)
    /// The expression that a face is named.
    package static let expressions = Uses(rawValue: 4)
    /// Runs of one expression.
    package static let runs = Uses(rawValue: 8)
    /// The address of the video.
    package static let video = Uses(rawValue: 16)

    /// All that there is to know of runs.
    package static let allOfRuns: Uses = [.numbers, .people, .expressions, .runs]
  }

  /// All formats: what is listed here can be written.
  package static let all: [ExportFormat] = [
    ExportFormat(
      "csv", ["csv"], "table, a row for each face of each frame: R, pandas, spreadsheets", .expressions
    ) { FaceTable($0, .csv, $1) },
    ExportFormat("tsv", ["tsv"], "the same, separated by tabs", .expressions) {
      FaceTable($0, .tsv, $1)
    },
    ExportFormat(
      "ndjson", ["ndjson", "jsonl"], "the same as flat JSON objects, one per line: jq, DuckDB, pandas",
      .expressions
    ) { FlatObjects($0, $1) },
    ExportFormat("openface", ["openface.csv"], "table with OpenFace's column names", .numbers) {
      OpenFaceTable($0, $1)
    },
    ExportFormat("fex", ["fex.csv"], "table with py-feat's column names (Detectorv1)", .numbers) {
      FexTable($0, $1)
    },
    ExportFormat("vtt", ["vtt"], "WebVTT subtitles: browsers, VLC, ffmpeg") { WebVTT($0, $1) },
    ExportFormat("srt", ["srt"], "SubRip subtitles: most players and editors") { SubRip($0, $1) },
    ExportFormat("ass", ["ass"], "subtitles in color beside the faces: mpv, VLC, ffmpeg") {
      AdvancedSubStation($0, $1)
    },
    ExportFormat("eaf", ["eaf"], "ELAN 3.0 annotations, a tier for each person") { ELANDocument($0, $1) },
    ExportFormat("textgrid", ["textgrid"], "Praat TextGrid, a tier for each person") { TextGrid($0, $1) },
    ExportFormat("boris", ["boris"], "BORIS project with one observation") { BORISProject($0, $1) },
    ExportFormat("boris-events", ["boris.tsv"], "BORIS tabular events") {
      BORISEvents($0, $1)
    },
    ExportFormat("mot", ["mot.txt", "txt"], "MOTChallenge rows: motmetrics, TrackEval", [.numbers, .people]) {
      MOTChallenge($0, $1)
    },
    ExportFormat(
      "coco", ["coco.json", "json"], "COCO images, annotations, categories: pycocotools, FiftyOne",
      [.numbers, .expressions]
    ) { COCODataset($0, $1) },
    ExportFormat(
      "cvat", ["cvat.xml", "xml"], "CVAT for video 1.1, a track for each person",
      [.numbers, .people, .expressions]
    ) {
      CVATTracks($0, $1)
    },
    ExportFormat("labelstudio", ["labelstudio.json"], "Label Studio predictions: rectangles, time line") {
      LabelStudioTasks($0, $1)
    },
    ExportFormat("otio", ["otio"], "OpenTimelineIO with markers") { OpenTimeline($0, $1) },
    ExportFormat("edl", ["edl"], "CMX3600 with locators: Premiere, Avid, Resolve") { EditList($0, $1) },
    ExportFormat("fcpxml", ["fcpxml"], "Final Cut Pro XML 1.9 with markers") { FinalCutProject($0, $1) },
    ExportFormat(
      "html", ["html", "htm"], "a report to look at, in one page: browsers", [.allOfRuns, .video]
    ) {
      HTMLReport($0, $1)
    },
  ]

  /// The format with a name; nil for none.
  package static func named(_ name: String) -> ExportFormat? { all.first { $0.name == name } }

  /// The format that a file's name means; nil for none. Of two ends that fit, the longer one counts.
  package static func of(path: String) -> ExportFormat? {
    let name = FilePath.lastComponent(path).lowercased()
    return all.flatMap { format in format.extensions.map { (format, $0) } }
      .filter { name.hasSuffix("." + $0.1) }
      .max { $0.1.utf8.count < $1.1.utf8.count }?.0
  }
}
