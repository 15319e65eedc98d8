import Glibc
import Synchronization
import SystemIO

/// Messages to the person who runs the tool: one line each on standard error, the tool's name first.
package final class Diagnostics: Sendable {
  /// How much is said.
  package enum Level: Int, Sendable, Comparable {
    case quiet, normal, verbose
    /// Whether `a` says less than `b`.
    package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }

  /// The name in front of every message.
  package let toolName: String
  /// How much is said.
  package let level: Level
  private let descriptor: Descriptor
  /// True while the terminal shows a progress line without a newline.
  private let hasOpenLine = Mutex(false)

  /// - Parameter descriptor: where the messages go.
  package init(toolName: String, level: Level = .normal, descriptor: Descriptor = .standardError) {
    self.toolName = toolName
    self.level = level
    self.descriptor = descriptor
  }

  /// Reports that something went wrong although the work continues; silent with `--quiet`.
  package func warn(_ message: String) {
    if level >= .normal { write(message) }
  }

  /// Reports details; shown with `--verbose` only.
  package func note(_ message: String) {
    if level >= .verbose { write(message) }
  }

  /// Reports why the tool ends; always shown.
  package func fail(_ failure: Failure) {
    write(failure.description)
  }

  private func write(_ message: String) {
    // One line whatever a file's name holds: control characters would let it speak for the terminal.
    let line = TerminalText.cleaned(FileName.readable(message))
    hasOpenLine.withLock { isOpen in
      emit((isOpen ? "\r\u{1B}[K" : "") + toolName + ": " + line + "\n")
      isOpen = false
    }
  }

  /// Replaces the progress line; only to be called if standard error is a terminal.
  func showProgress(_ text: String) {
    hasOpenLine.withLock { isOpen in
      emit("\r" + toolName + ": " + text + "\u{1B}[K")
      isOpen = true
    }
  }

  /// Clears the progress line, if there is one: other output is about to be written there.
  package func clearProgress() {
    hasOpenLine.withLock { isOpen in
      if isOpen { emit("\r\u{1B}[K") }
      isOpen = false
    }
  }

  /// Ends the progress line, if there is one.
  func endProgress() {
    hasOpenLine.withLock { isOpen in
      if isOpen { emit("\n") }
      isOpen = false
    }
  }

  private func emit(_ text: String) {
    var text = text
    // Nothing can be said about a standard error that cannot be written.
    text.withUTF8 { try? descriptor.write(UnsafeRawBufferPointer($0)) }
  }
}
