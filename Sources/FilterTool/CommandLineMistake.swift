/// ArgumentParser's message about a command line, as this project says it: in one line, and of a negative number that
/// it took for an option.
func commandLineMistake(_ message: String, _ arguments: [String]) -> String {
  let missing = "Missing value for '"
  if message.hasPrefix(missing) {
    let option = String(message.dropFirst(missing.count).prefix { $0 != " " && $0 != "'" })
    if let index = arguments.firstIndex(of: option), arguments.indices.contains(index + 1),
      arguments[index + 1].hasPrefix("-"), Double(arguments[index + 1]) != nil
    {
      return "\(option) must not be negative."
    }
  }
  let lines = message.split(separator: "\n").map { $0.drop { $0 == " " } }
  let values = lines.filter { $0.hasPrefix("- ") }.map { "'\($0.dropFirst(2))'" }
  guard let start = lines.first, let last = values.last, values.count + 1 == lines.count else {
    return message
  }
  let ending = " of the following:"
  let words = start.hasSuffix(ending) ? start.dropLast(ending.count) + " of" : start
  return "\(words) \(values.dropLast().joined(separator: ", ")) or \(last)."
}

/// The help of the option that a mistake is about, on one line: `--size <WxH>: Scale pictures to …`.
/// - Parameter message: ArgumentParser's message with help and usage.
/// - Returns: nil if the message has no such help.
func optionHelp(_ message: String) -> String? {
  let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
  guard let first = lines.firstIndex(where: { $0.hasPrefix("Help:") }) else { return nil }
  let last = lines[first...].firstIndex { $0.hasPrefix("Usage:") } ?? lines.endIndex
  let words = lines[first..<last].joined(separator: " ").split(separator: " ").dropFirst()
  guard let name = words.firstIndex(where: { $0.hasSuffix(">") }), name + 1 < words.endIndex else {
    return nil
  }
  return words[...name].joined(separator: " ") + ": " + words[(name + 1)...].joined(separator: " ")
}
