import FrameStream
import Glibc
import SystemIO
import TextTables

/// The process that a command runs in: its name, messages, output and signals.
package struct Tool: Sendable {
  /// The command's name.
  package let name: String
  /// Messages to the person who runs it.
  package let diagnostics: Diagnostics
  /// Where the data goes. File descriptor 1 itself leads to standard error while the tool runs, so that no
  /// library can print into a stream.
  package let standardOutput: Descriptor
  /// The signals that ask it to end.
  package let stop: StopSignal
  /// The words after the command's name, as they go into `history`.
  package let arguments: [String]
  /// The files that it reads and writes.
  package let places = FilePlaces()
  /// The command's options in force, given or by default, as they go into `history`.
  package private(set) var options: [(key: String, value: JSONValue)] = []

  /// Sets up the process: takes over standard output and the signals.
  static func start(
    name: String, level: Diagnostics.Level, options: [(key: String, value: JSONValue)]
  ) throws(Failure) -> Tool {
    // Descriptors 0 to 2 that the caller has closed would be given to the next file that is opened.
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) == -1 {
      if number == STDOUT_FILENO {
        throw Failure(.inputOutput, step: "writing", subject: "standard output", cause: systemMessage(EBADF))
      }
      _ = open("/dev/null", O_RDWR)
    }
    let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    guard output >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
      throw Failure(.failed, step: "setting up standard output", cause: systemMessage(errno))
    }
    let stop = try StopSignal()
    StopRequest.observe(stop.descriptor)
    let diagnostics = Diagnostics(toolName: name, level: level)
    // Without a thread for it a second signal is needed, at worst.
    try? stop.endWhatHasNotBegun { signal in
      diagnostics.fail(.interrupted)
      TemporaryFiles.discardAll()
      StopSignal.die(of: signal)
    }
    return Tool(
      name: name, diagnostics: diagnostics, standardOutput: Descriptor(output), stop: stop,
      arguments: FileName.commandLine, options: options)
  }

  /// Ends the process the way `failure` asks for: with a line on standard error and its exit status, or, if
  /// the reader of our output has gone, silently by SIGPIPE as other filters do.
  func end(with failure: Failure) -> Never {
    diagnostics.endProgress()
    TemporaryFiles.discardAll()
    if failure.kind == .brokenPipe { StopSignal.die(of: SIGPIPE) }
    diagnostics.fail(failure)
    exit(failure.exitStatus)
  }
}

extension Tool {
  /// Says, with `--verbose`, how many threads the process has unless an option says otherwise.
  func noteProcessors() {
    guard diagnostics.level == .verbose else { return }
    let share = Processors.share()
    diagnostics.note("threads by default: \(share.count), bounded by \(share.bound)")
  }
}

extension Failure {
  /// The exit status of a tool that ends for this reason (those of sysexits.h).
  var exitStatus: Int32 { isTemporary && kind == .inputOutput ? 75 : kind.exitStatus }
}

extension Failure.Kind {
  /// The exit status of a tool that ends for such a reason, if that is not temporary.
  var exitStatus: Int32 {
    switch self {
    case .usage: 64
    case .badInput: 65
    case .inputOutput, .brokenPipe: 74
    case .failed: 1
    }
  }
}

extension Tool {
  /// True for the names that mean standard output. Opened by name, those in `/dev` would lead to
  /// standard error, where descriptor 1 points while a tool runs.
  package static func isStandardOutput(_ name: String) -> Bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(name)
  }

  /// Writes text to standard output; a terminal gets it without control characters, which may be a file's.
  /// - Throws: ``Failure`` naming it.
  package func print(_ text: String) throws(Failure) {
    var text = standardOutput.isTerminal ? TerminalText.cleaned(text, keepsLines: true) : text
    let result = text.withUTF8 { bytes -> Failure? in
      do throws(Failure) { try standardOutput.write(UnsafeRawBufferPointer(bytes)) } catch { return error }
      return nil
    }
    if let result { throw result.within("standard output") }
  }

  /// Writes lines of cells as columns, two spaces apart; each cell stays on its line.
  package func print(table cells: [[String]]) throws(Failure) {
    let lines = cells.map { $0.map { SingleLine.text($0, limit: 4096) } }
    let columns = lines.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      lines.map { $0.indices.contains(column) ? TextColumns.width($0[column]) : 0 }.max() ?? 0
    }
    var text = ""
    for line in lines {
      var row = ""
      for (cell, width) in zip(line, widths) { row += TextColumns.left(cell, width + 2) }
      while row.last == " " { row.removeLast() }
      text += row + "\n"
    }
    try print(text)
  }
}
