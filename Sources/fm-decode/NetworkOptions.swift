import ArgumentParser

/// What inputs may reach, and what happens when they are lost.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Reopen a lost or unreachable URL or device, up to n times in a row.",
      valueName: "n"))
  var reconnect = 0

  @Option(
    help: ArgumentHelp(
      """
      Protocols that an input may open indirectly, such as file,http,tcp (default: none for local files; for URLs \
      what FFmpeg allows, but no local files).
      """, valueName: "list"))
  var allowProtocols: String?

  func validate() throws {
    guard (0...1_000_000).contains(reconnect) else {
      throw ValidationError("--reconnect is from 0 to 1000000.")
    }
    let isList = allowProtocols?.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { name in
      !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-_.".contains($0)) }
    }
    guard isList != false else {
      throw ValidationError("--allow-protocols takes names separated by commas.")
    }
  }

  /// Seconds of silence after which an input that may be opened again counts as lost.
  var patience: Double? { reconnect > 0 ? 10 : nil }
}
