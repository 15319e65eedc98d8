import SystemIO

extension Failure {
  /// A signal ended the work.
  package static let interrupted = Failure(.failed, step: "interrupted", cause: "by a signal")
}
