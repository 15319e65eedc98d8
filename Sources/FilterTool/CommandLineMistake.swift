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
