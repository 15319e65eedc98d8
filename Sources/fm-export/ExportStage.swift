import FilterTool
import FindingsExport
import FrameStream
import SystemIO

/// Where the stream ends: its findings go to all outputs, which get their names together.
final class ExportStage: Stage {
  private let outputs: [ExportOutput]
  private let reader: FindingsReader
  private let inputName: String
  private let diagnostics: Diagnostics
  private var tally = FaceTally()
  private var isFinished = false
  private var hasStream = false

  init(_ outputs: [ExportOutput], _ options: RunOptions, inputName: String, _ diagnostics: Diagnostics) {
    self.outputs = outputs
    self.inputName = inputName
    self.diagnostics = diagnostics
    reader = FindingsReader(outputs.map(\.writer), options)
  }

  func begin(_ header: StreamHeader, line: RecordLine) throws(Failure) -> StreamHeader {
    try reader.begin(header, line: line, inputName: inputName)
    hasStream = true
    return header
  }

  func process(_ frame: Record) throws(Failure) {
    tally.add(frame)
    try reader.add(frame)
  }

  func finish() throws(Failure) {
    isFinished = true
    _ = try reader.finish()
    for output in outputs { try output.flush() }
    for output in outputs { try output.commit() }
    if let shortcoming = tally.shortcoming { diagnostics.warn("\(inputName): \(shortcoming)") }
    let uses = outputs.reduce(into: ExportFormat.Uses()) { $0.formUnion($1.format.uses) }
    let remarks =
      uses.contains(.people)
      ? reader.remarksOnPeople : uses.contains(.numbers) ? reader.remarksOnNumbers : []
    for remark in remarks { diagnostics.warn("\(inputName): \(remark)") }
    for output in outputs {
      for remark in output.writer.remarks { diagnostics.warn("\(output.name): \(remark)") }
    }
  }

  /// The input was cut: ends the outputs with what has come, if that is a stream.
  func keepWhatIsWhole() throws(Failure) {
    guard !isFinished, hasStream else { return }
    try finish()
    diagnostics.warn("what came before is kept: \(outputs.map(\.name).joined(separator: ", "))")
  }
}
