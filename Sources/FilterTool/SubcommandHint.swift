import ArgumentParser

/// What the first word of a failed command line says about subcommands.
struct SubcommandHint {
  /// What follows the tool's name where its help is to be looked up: ` evaluate`, or nothing.
  private(set) var words = ""
  /// A hint that the word is a misspelled subcommand; nil if it is not.
  private(set) var mistake: String?

  init(_ root: any ParsableCommand.Type, _ first: String?) {
    guard let first else { return }
    let names = root.configuration.subcommands.map { $0._commandName }
    if names.contains(first) {
      words = " " + first
    } else if let near = names.first(where: { Self.isNear(first, $0) }) {
      mistake = "\(first): no such subcommand; did you mean \(near)?"
    } else if let usual = root.configuration.defaultSubcommand {
      words = " " + usual._commandName
    }
  }

  /// True for a word at an edit distance of at most two from `name`, or one if it is short.
  static func isNear(_ word: String, _ name: String) -> Bool {
    let (letters, limit) = (Array(name.utf8), name.utf8.count > 4 ? 2 : 1)
    guard abs(word.utf8.count - letters.count) <= limit else { return false }
    // Levenshtein's distance, a row of its table at a time.
    var row = Array(0...letters.count)
    for (index, letter) in word.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in letters.indices {
        let changed = diagonal + (letters[column] == letter ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(changed, diagonal + 1, row[column] + 1)
      }
    }
    return row[letters.count] <= limit
  }
}
