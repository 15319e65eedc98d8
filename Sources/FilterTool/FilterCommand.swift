import ArgumentParser
import Glibc
import SystemIO

/// A command of the project: options in, exit status out.
package protocol FilterCommand: ParsableCommand {
  /// How much the command says.
  var messages: MessageOptions { get }
  /// Options that do nothing beside the others that are given, as `history` names them (`min_neighbors`); it leaves them
  /// out.
  var unusedOptions: Set<String> { get }
  /// Does the work. Throwing ends the process with the failure's exit status.
  func execute(_ tool: Tool) throws(Failure)
}

/// How much a tool says.
package struct MessageOptions: ParsableArguments, Sendable {
  /// Whether only errors are printed.
  @Flag(name: .shortAndLong, help: "Print errors only: no warnings, no progress.")
  package var quiet = false

  /// Whether details are printed too.
  @Flag(name: .long, help: "Print details of what the tool does.")
  package var verbose = false

  /// Errors and warnings.
  package init() {}

  /// Checks that the flags do not contradict each other.
  package func validate() throws {
    if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
  }

  var level: Diagnostics.Level { quiet ? .quiet : verbose ? .verbose : .normal }
}

extension FilterCommand {
  /// None.
  package var unusedOptions: Set<String> { [] }

  /// Parses the command line, runs the command and ends the process.
  package static func main() { CommandProcess.run(Self.self) }
}

/// A command that is made of others: `fm-train fit`, `fm-train evaluate`. Each of them is a ``FilterCommand``, and all
/// speak under the name of this one.
package protocol FilterCommandGroup: ParsableCommand {
  /// The options of the default subcommand that the group's own help shows, such as `--epochs`.
  static var commonOptions: [String] { get }
}

extension FilterCommandGroup {
  /// Parses the command line, runs the subcommand and ends the process.
  package static func main() { CommandProcess.run(Self.self) }
}

/// The process that a command line becomes.
private enum CommandProcess {
  static func run(_ root: any ParsableCommand.Type) {
    let name = root.configuration.commandName ?? "\(root)"
    ResourceLimits.watchMemory(toolName: name)
    do throws(Failure) { try ResourceLimits.checkStack() } catch {
      Diagnostics(toolName: name).fail(error)
      Glibc.exit(error.exitStatus)
    }
    let words = FileName.commandLine
    if let answer = FactQuestion.answer(root, words) { return print(answer) }
    // A person who only wants to know what this is: nothing comes from a terminal, and no file is named.
    if words.isEmpty, Descriptor.standardInput.isTerminal {
      let diagnostics = Diagnostics(toolName: name)
      for line in Introduction(of: root).lines {
        diagnostics.fail(Failure(.usage, step: "", cause: line))
      }
      Glibc.exit(Failure.Kind.usage.exitStatus)
    }
    if words.isEmpty, !root.configuration.subcommands.isEmpty, root.configuration.defaultSubcommand == nil {
      let names = root.configuration.subcommands.map { $0._commandName }
      let cause = "name a subcommand: \(names.joined(separator: ", ")); see \(name) --help"
      Diagnostics(toolName: name).fail(Failure(.usage, step: "", cause: cause))
      Glibc.exit(Failure.Kind.usage.exitStatus)
    }
    var parsed: any ParsableCommand
    do {
      parsed = try root.parseAsRoot(words)
      guard let command = parsed as? any FilterCommand else {
        // ArgumentParser's own commands, such as the completion script's.
        try parsed.run()
        return
      }
      command.runAsProcess(name: name)
    } catch {
      if root.exitCode(for: error).isSuccess {
        let message = root.fullMessage(for: error)
        guard let text = DefaultSubcommand(of: root)?.completed(message) ?? ZshScript.mended(message) else {
          root.exit(withError: error)
        }
        print(text)
        Glibc.exit(0)
      }
      let diagnostics = Diagnostics(toolName: name)
      let hint = SubcommandHint(root, words.first)
      let mistake = commandLineMistake(root.message(for: error), CommandLine.arguments)
      diagnostics.fail(Failure(.usage, step: "", cause: hint.mistake ?? mistake))
      if hint.mistake == nil, let help = optionHelp(root.fullMessage(for: error)) {
        diagnostics.fail(Failure(.usage, step: "", cause: help))
      }
      diagnostics.fail(Failure(.usage, step: "", cause: "see \(name)\(hint.words) --help"))
      Glibc.exit(Failure.Kind.usage.exitStatus)
    }
  }
}

extension FilterCommand {
  fileprivate func runAsProcess(name: String) {
    let tool: Tool
    do throws(Failure) {
      let options = CommandOptions(of: self).values.filter { !unusedOptions.contains($0.key) }
      tool = try Tool.start(name: name, level: messages.level, options: options)
    } catch {
      Diagnostics(toolName: name).fail(error)
      Glibc.exit(error.exitStatus)
    }
    do throws(Failure) {
      // An unknown level would otherwise be ignored where the kernels are.
      try SIMDLevel.checkEnvironment()
      tool.noteProcessors()
      try execute(tool)
    } catch {
      // After a signal, a failure may be its doing (a reader that got it too): the signal is the reason to give.
      if let number = tool.stop.signal {
        if error.kind != .brokenPipe { tool.diagnostics.fail(error) }
        TemporaryFiles.discardAll()
        StopSignal.die(of: number)
      }
      tool.end(with: error)
    }
    tool.diagnostics.endProgress()
    if let number = tool.stop.signal { StopSignal.die(of: number) }
    Glibc.exit(0)
  }
}
