import FrameStream
import SystemIO
import TextTables
import TrainingReports

/// An agreement as text and as JSON.
package struct AgreementText {
  private let agreement: CoderAgreement
  private let coded: String
  private let frames: ClassificationReport
  private let runs: ClassificationReport

  /// - Parameter coded: the name of the coder's file.
  package init(_ agreement: CoderAgreement, coded: String) {
    self.agreement = agreement
    self.coded = coded
    frames = agreement.byFrame
    runs = agreement.byRun
  }

  /// The figures, and a table of classes and a confusion matrix by frames and by coded intervals.
  package var text: String {
    func line(_ name: String, _ first: String, _ second: String) -> String {
      TextColumns.left(name, 24) + TextColumns.right(first, 10) + TextColumns.right(second, 10) + "\n"
    }
    func kappa(_ report: ClassificationReport) -> String {
      report.cohensKappa.map { DecimalText.fixed($0, 3) } ?? "–"
    }
    func percent(_ report: ClassificationReport) -> String {
      report.count > 0 ? DecimalText.percent(report.accuracy, space: " ") : "–"
    }
    let people = agreement.people.map { "\(TextColumns.name($0.subject)) is person \($0.number)" }
    var text = "\(TextColumns.name(coded, 200)): \(people.joined(separator: ", "))\n\n"
    text += line("", "by frame", "by run")
    text += line("compared", "\(frames.count)", "\(runs.count)")
    text += line("agreement", percent(frames), percent(runs))
    text += line("Cohen's kappa", kappa(frames), kappa(runs))
    text += line("coded, not found", "\(agreement.codedOnly)", "\(agreement.runsOnly)")
    text += line("found, not coded", "\(agreement.foundOnly)", "")
    for (title, report) in [("By frame", frames), ("By run (what was found in most of its frames)", runs)]
    where report.count > 0 {
      text += "\n\(title)\n\n\(report.scoreTable)\n\(report.confusionTable)"
    }
    return text
  }

  /// One JSON object with a line end.
  package var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("coded", coded)
      writer.key("people")
      writer.array { writer in
        for one in agreement.people {
          writer.object { writer in
            writer.field("subject", one.subject)
            writer.field("person", one.number)
          }
        }
      }
      for (name, report, only) in [
        ("by_frame", frames, agreement.codedOnly), ("by_run", runs, agreement.runsOnly),
      ] {
        writer.key(name)
        writer.object { writer in
          writer.field("count", report.count)
          writer.field("agreement", report.accuracy)
          writer.field("kappa", orNull: report.cohensKappa)
          writer.field("coded_only", only)
          if name == "by_frame" { writer.field("found_only", agreement.foundOnly) }
          writer.key("classes")
          writer.array { writer in
            for (index, scores) in report.classScores.enumerated() {
              writer.object { writer in
                writer.field("name", report.classes[index])
                writer.field("precision", scores.precision)
                writer.field("recall", scores.recall)
                writer.field("f1", scores.f1)
                writer.field("support", report.support[index])
              }
            }
          }
          writer.key("confusion")
          writer.array { writer in
            for row in report.confusion {
              writer.array { writer in for count in row { writer.value(count) } }
            }
          }
        }
      }
    }
    return writer.bytes + [0x0A]
  }
}
