import Glibc

/// What went wrong, in the terms of the person who ran the tool: the step, its subject and the cause.
///
/// Every library throws this one type; FilterTool turns it into a line on standard error and an exit status.
public struct Failure: Error, Sendable, Equatable {
  /// What sort of failure it is; it decides the exit status.
  public enum Kind: Sendable, Equatable {
    /// The command line asks for something that makes no sense (exit status 64).
    case usage
    /// Invalid input: malformed, unsupported, or over a limit (exit status 65).
    case badInput
    /// Input ended early, or reading or writing failed (exit status 74; 75 if it is temporary).
    case inputOutput
    /// The reader of our output has gone (EPIPE); the tool ends without a word.
    case brokenPipe
    /// Anything else (exit status 1).
    case failed
  }

  /// What sort of failure it is.
  public var kind: Kind
  /// What was being done, as a phrase that can follow the subject: "cannot open", "reading weights".
  public var step: String
  /// What it was done to: a file's name, "frame 118", "layer conv2d_3"; empty if there is nothing to name.
  public var subject: String
  /// Whether the same may succeed later: the disk is full, a connection was lost. An ``Kind/inputOutput`` failure has the
  /// exit status 75 then.
  public var isTemporary = false
  /// Why it failed: "No such file or directory", "expected 3 values, found 2".
  public var cause: String

  /// A failure with its step, subject and cause.
  public init(_ kind: Kind, step: String, subject: String = "", cause: String) {
    self.kind = kind
    self.step = step
    self.subject = subject
    self.cause = cause
  }

  /// The same failure with a wider subject in front of its own: "party.fm" around "frame 118".
  public func within(_ outer: String) -> Failure {
    var failure = self
    failure.subject = subject.isEmpty ? outer : outer + ": " + subject
    return failure
  }
}

extension Failure {
  /// A system call that failed (``Kind/inputOutput``), in the system's words for its error number.
  package init(system code: Int32, step: String, subject: String = "") {
    self.init(.inputOutput, step: step, subject: subject, cause: systemMessage(code))
    isTemporary = Failure.isTemporary(code)
  }

  /// Whether an error number stands for what may pass: no room or too much of something at once, a connection that broke
  /// off or could not be made.
  package static func isTemporary(_ code: Int32) -> Bool {
    [
      EAGAIN, EBUSY, ENOSPC, EDQUOT, ENOMEM, ENOBUFS, EMFILE, ENFILE, ENOLCK, ESTALE,
      ETIMEDOUT, ECONNRESET, ECONNREFUSED, ECONNABORTED, ENETDOWN, ENETUNREACH, ENETRESET, EHOSTDOWN,
      EHOSTUNREACH,
    ].contains(code)
  }
}

extension Failure: CustomStringConvertible {
  /// One line, subject first: `party.mp4: cannot open: No such file or directory`.
  public var description: String {
    [subject, step, cause].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}
