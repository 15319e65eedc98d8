/// ArgumentParser's completion script for zsh, mended.
enum ZshScript {
  private static let subcommands = ["'(-): :->command'", "'(-)*:: :->arg'"]

  /// The script of a command whose argument may be repeated, without the subcommand `help` that ArgumentParser adds to
  /// every command: zsh takes only one specification of what follows ("doubled rest argument definition").
  /// - Returns: nil for another text.
  static func mended(_ script: String) -> String? {
    var lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    var isMended = false
    var index = 0
    while let start = lines[index...].firstIndex(where: { $0.hasSuffix(" arg_specs=(") }),
      let end = lines[start...].firstIndex(where: { trimmed($0) == ")" })
    {
      index = end
      let specifications = lines[start..<end]
      guard specifications.contains(where: { trimmed($0).hasPrefix("'*:") }),
        specifications.contains(where: { subcommands.contains(trimmed($0)) })
      else { continue }
      lines.replaceSubrange(start..<end, with: specifications.filter { !subcommands.contains(trimmed($0)) })
      index = start + 1
      isMended = true
    }
    return isMended ? lines.joined(separator: "\n") : nil
  }

  private static func trimmed(_ line: Substring) -> String { String(line.drop { $0 == " " }) }
}
