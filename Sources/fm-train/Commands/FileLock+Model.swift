import FilterTool
import SystemIO

extension FileLock {
  /// The lock of a model that this command writes: what two commands wrote into one model at once, one of them would lose.
  /// - Throws: ``Failure`` (`failed`) that says which process has it.
  convenience init(_ model: String, sharing: Sharing = .exclusive, _ tool: Tool) throws(Failure) {
    let words = ([tool.name] + tool.arguments).joined(separator: " ")
    try self.init(model, sharing: sharing, use: String(words.prefix(300)))
    if !isHeld {
      tool.diagnostics.warn("\(model): this file system has no locks: see that no other command writes it")
    }
  }
}
