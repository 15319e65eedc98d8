import ExpressionNet
import ExpressionTraining
import FilterTool
import KerasWriting
import SystemIO

/// A model file that a command changes: opened with all that is in it, written at the end.
struct ModelRewrite {
  var model: ExpressionModel
  /// How pictures become its input: as its file says, with changes by options.
  let preparation: InputPreparation
  private let file: RewrittenModelOptions
  private let tool: Tool
  private let lock: FileLock

  /// - Throws: ``Failure`` if the model cannot be read, or its folder cannot be written to.
  init(_ file: RewrittenModelOptions, _ input: InputOptions, _ tool: Tool) throws(Failure) {
    try file.checkFolder()
    self.file = file
    self.tool = tool
    lock = try FileLock(file.outputPath, tool)
    model = try file.model.load(tool, keepingTrainingState: true)
    preparation = try file.model.preparation(of: model, input, tool)
  }

  /// Writes the model, then prints a table, unless the user wants it quiet.
  func commit(isQuiet: Bool, table: () -> [[String]]) throws(Failure) {
    tool.stop.beginWork()
    try model.file.write(to: file.outputPath)
    if isQuiet { return }
    try tool.print(table: table())
    try tool.print("written to \(file.outputPath)\n")
  }
}
