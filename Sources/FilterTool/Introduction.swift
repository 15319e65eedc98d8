import ArgumentParser

/// What a tool says to a person who starts it without arguments: what it does, and the shortest line that works, which
/// is the first example of its help.
struct Introduction {
  /// The sentences, each for a line of its own.
  let lines: [String]

  init(of root: any ParsableCommand.Type) {
    let configuration = root.configuration
    let name = root._commandName
    let example = Self.firstExample(in: configuration.discussion)
    lines =
      [configuration.abstract] + (example.map { ["for example: \($0)"] } ?? [])
      + ["see \(name) --help, man \(name), or man fm for all tools"]
  }

  /// The first indented line, with those that continue it after a pipe; nil if there is none.
  static func firstExample(in discussion: String) -> String? {
    let lines = discussion.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(where: { $0.hasPrefix("  ") }) else { return nil }
    var example = ""
    for line in lines[first...] {
      example += (example.isEmpty ? "" : " ") + line.drop { $0 == " " }
      if !example.hasSuffix("|") { break }
    }
    return example
  }
}
