import ExpressionNet
import ExpressionTraining
import FilterTool
import NetworkTraining
import SystemIO
import TrainingReports

/// The end of a training whose model is written: its report.
struct FitReport {
  private let fit: Fit
  private let tool: Tool
  /// The command that writes the report later, for messages.
  private let again: String

  init(_ fit: Fit, _ tool: Tool, again: String) {
    self.fit = fit
    self.tool = tool
    self.again = again
  }

  /// Writes the report, then removes the checkpoint: nothing is left to do.
  func finish(
    _ model: ExpressionModel, _ data: TrainingData, _ history: TrainingHistory,
    _ preparation: InputPreparation, _ files: ModelFiles
  ) throws(Failure) {
    do throws(Failure) {
      if try writeReport(model, data, history, preparation) {
        CheckpointFile.remove(files.checkpoint)
        return
      }
    } catch {
      var failure = error
      failure.cause += "; the model \(fit.model) is written; \(again) writes the report"
      throw failure
    }
    tool.diagnostics.warn(
      "\(fit.model): written, but without its report; \(again) writes that from \(files.checkpoint)")
  }

  /// The validation pictures', or without them the training pictures'.
  /// - Returns: false if a signal came before it was written.
  private func writeReport(
    _ model: ExpressionModel, _ data: TrainingData, _ history: TrainingHistory,
    _ preparation: InputPreparation
  ) throws(Failure) -> Bool {
    let folder = fit.report.folder(forModel: fit.model)
    let prints = !fit.report.json && !fit.messages.quiet
    guard prints || folder != nil else { return true }
    let run = EvaluationRun(
      tool: tool, path: fit.model, preparation: preparation, threads: fit.threads.threads)
    let set = data.validation ?? data.training
    guard let predictions = try run.predictions(of: model.graph, set) else { return false }
    let what = data.validation == nil ? "trained on (no --validation)" : "validated with"
    let subject = "the \(set.count) pictures that it was \(what)"
    if prints {
      try tool.print("\n" + ClassificationReport(predictions).text(heading: run.heading(subject)))
    }
    guard let folder else { return true }
    return try run.write(
      predictions, of: set, to: folder, history: history,
      pictures: data.validation == nil ? "training" : "validation", subject: subject,
      shown: "the pictures that it was \(what)")
  }
}
