import FilterTool
import FrameStream
import SystemIO
import TrainingReports

/// Evaluates the answers that a labeled stream carries; it needs neither a model nor pixels.
struct AnswerEvaluation {
  /// The stream's file, `-` for standard input.
  let path: String

  func print(_ tool: Tool, asJSON: Bool) throws(Failure) {
    let input = try InputStream(path, tool)
    do throws(Failure) {
      let answers = try read(input.reader)
      if answers.withoutLabel > 0 {
        tool.diagnostics.warn("\(input.name): \(answers.withoutLabel) frames without a label are left out")
      }
      if answers.withoutFace > 0 {
        tool.diagnostics.warn("\(input.name): \(answers.withoutFace) frames without a face are left out")
      }
      guard answers.answered > 0 else {
        throw Failure(
          .badInput, step: "nothing to evaluate",
          cause: "no labeled frame has a classified face (fm-decode --label, fm-classify)")
      }
      try tool.print(asJSON ? json(answers) : answers.text)
    } catch { throw error.within(input.name) }
  }

  private func json(_ answers: TrackedAnswers) -> String {
    var writer = JSONWriter()
    writer.object { $0.field("tracked", answers.json) }
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }

  private func read(_ reader: StreamReader) throws(Failure) -> TrackedAnswers {
    var answers = TrackedAnswers()
    let record = Record()
    while true {
      switch try reader.read(into: record) {
      case .end: return answers
      case .stopped: throw .interrupted("before the evaluation was complete")
      case .record:
        do throws(Failure) { try answers.take(record) } catch { throw error.within(record.subject) }
        if record.kind == .end, let failure = try EndRecord(record.line).failure(subject: "the stream") {
          throw failure
        }
      }
    }
  }
}
