import ArgumentParser
import FilterTool
import FindingsExport
import FrameStream
import SystemIO
import TextTables
import TrainingReports

/// How far a human's annotation and the findings agree.
struct CompareWithCoder: FilterCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare findings with what a person coded.",
    discussion: """
        fm-export compare coded.eaf faces.ndjson
        fm-export compare coded.csv faces.ndjson --person anna=1 --label joy=happy -o agreement.svg
      """)

  @Argument(
    help: ArgumentHelp(
      "What a person coded: a file of ELAN, BORIS or Praat, or a CSV table of intervals.", valueName: "coded"),
    completion: .file(extensions: ["eaf", "boris", "TextGrid", "csv", "tsv"]))
  var coded: String

  @Argument(
    help: ArgumentHelp("Stream to read; - is standard input.", valueName: "file"), completion: .file())
  var input = "-"

  @Option(
    help: ArgumentHelp(
      "Say which person a coded subject is (default: by the number in its name). The option may be repeated.",
      valueName: "subject=number"))
  var person: [String] = []

  @Option(
    help: ArgumentHelp(
      "Compare the intervals of this tier only. The option may be repeated.", valueName: "name"))
  var tier: [String] = []

  @Option(
    help: ArgumentHelp(
      "Take a coded label for an expression of another name. The option may be repeated.",
      valueName: "coded=found"))
  var label: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Draw the confusion matrix by frames: a PNG or SVG file.", valueName: "file"),
    completion: .file(extensions: ["png", "svg"]))
  var output: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Take what the classifier said in each frame, not what fm-track made of it over time.")
  var raw = false

  @Option(
    help: ArgumentHelp(
      "Faces whose confidence is lower (0 to 1) have no expression.", valueName: "f"))
  var minConfidence = 0.0

  @OptionGroup var messages: MessageOptions

  /// `name=value` apart at the last equals sign.
  private static func pair(_ text: String) -> (String, String)? {
    guard let place = text.lastIndex(of: "="), place != text.startIndex else { return nil }
    return (String(text[..<place]), String(text[text.index(after: place)...]))
  }

  func validate() throws {
    if coded == "-" {
      throw ValidationError("the coded file is not read from standard input: its name says its format.")
    }
    guard (0...1).contains(minConfidence) else { throw ValidationError("--min-confidence is from 0 to 1.") }
    guard person.allSatisfy({ Self.pair($0).flatMap { Int($0.1) } != nil }) else {
      throw ValidationError("--person is a subject and a number, such as anna=1.")
    }
    guard label.allSatisfy({ Self.pair($0).map { !$0.1.isEmpty } ?? false }) else {
      throw ValidationError("--label is two names, such as joy=happy.")
    }
    if let output, !output.lowercased().hasSuffix(".png"), !output.lowercased().hasSuffix(".svg") {
      throw ValidationError("--output ends in .png or .svg.")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    let intervals = try CodedIntervals(contentsOf: coded, tiers: Set(tier))
    var numbers: [String: Int] = [:]
    for (subject, number) in person.compactMap(Self.pair) { numbers[subject] = Int(number) }
    let labels = Dictionary(label.compactMap(Self.pair), uniquingKeysWith: { $1 })
    var options = RunOptions()
    (options.isRaw, options.minimumConfidence) = (raw, minConfidence)
    let agreement = try CoderAgreement(
      intervals, subjects: numbers, labels: labels, options)
    try FilterRun.run(tool, from: input, to: nil) { (inputName) throws(Failure) in
      ComparisonStage(agreement, options, inputName: inputName, tool.diagnostics)
    }
    for remark in intervals.remarks { tool.diagnostics.warn("\(coded): \(remark)") }
    if intervals.leftOut > 0 {
      tool.diagnostics.warn("\(coded): \(intervals.leftOut) annotations without a label or a length left out")
    }
    if !agreement.strangers.isEmpty {
      tool.diagnostics.warn(
        "\(coded): left out, for nothing says who they are (--person): \(NameList.quoted(agreement.strangers))"
      )
    }
    if !agreement.unknownLabels.isEmpty {
      tool.diagnostics.warn(
        "\(coded): labels that are no class of the findings, so that nothing agrees with them (--label): "
          + NameList.quoted(agreement.unknownLabels))
    }
    if !agreement.unusedNames.isEmpty {
      tool.diagnostics.warn("--label: no interval has the label \(NameList.quoted(agreement.unusedNames))")
    }
    for one in agreement.people where !one.isSeen {
      tool.diagnostics.warn("\(coded): \(one.subject): person \(one.number) is in no frame of the findings")
    }
    guard agreement.byFrame.count > 0 else {
      throw Failure(
        .badInput, step: "nothing to compare", subject: coded,
        cause: "in no frame there are both a coded label and an expression")
    }
    let text = AgreementText(agreement, coded: coded)
    if let output {
      try Figure.confusion(
        agreement.byFrame, isNormalized: true, title: FilePath.lastComponent(coded),
        pictures: "coded (rows) and found"
      ).write(to: output)
    }
    try tool.print(json ? String(decoding: text.json, as: UTF8.self) : text.text)
  }
}

/// Gives frames to the comparison.
final class ComparisonStage: Stage {
  private let reader: FindingsReader
  private let inputName: String
  private let diagnostics: Diagnostics

  init(_ agreement: CoderAgreement, _ options: RunOptions, inputName: String, _ diagnostics: Diagnostics) {
    reader = FindingsReader([agreement], options)
    self.inputName = inputName
    self.diagnostics = diagnostics
  }

  func begin(_ header: StreamHeader, line: RecordLine) throws(Failure) -> StreamHeader {
    try reader.begin(header, line: line, inputName: inputName)
    return header
  }

  func process(_ frame: Record) throws(Failure) { try reader.add(frame) }

  func finish() throws(Failure) {
    _ = try reader.finish()
    for remark in reader.remarksOnPeople { diagnostics.warn("\(inputName): \(remark)") }
  }
}
