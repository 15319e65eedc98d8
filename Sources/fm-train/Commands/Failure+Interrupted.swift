import SystemIO

extension Failure {
  /// The failure of a command that a signal ended.
  /// - Parameter cause: What was not done.
  static func interrupted(_ cause: String) -> Failure { Failure(.failed, step: "interrupted", cause: cause) }
}
