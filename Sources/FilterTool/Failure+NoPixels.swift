import SystemIO

extension Failure {
  /// The failure of a frame whose payload is missing.
  /// - Parameter purpose: what the pixels are needed for: `to search`.
  package static func noPixels(_ purpose: String) -> Failure {
    Failure(
      .badInput, step: "no pixels \(purpose)",
      cause: "the frame has no payload (was --no-pixels used before this tool?)")
  }
}
