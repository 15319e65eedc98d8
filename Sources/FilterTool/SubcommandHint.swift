import ArgumentParser

/// What the first word of a command line that failed says about subcommands.
struct SubcommandHint {
  /// What follows the tool's name where its help is to be looked up: ` evaluate`, or nothing.
  private(set) var words = ""
  /// That the word is a subcommand's name with a slip in it; nil if it is not.
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

  /// True for a word that becomes `name` by two letters more, fewer or others, or one if it is a short one.
  static func isNear(_ word: String, _ name: String) -> Bool {
    let (letters, limit) = (Array(name.utf8), name.utf8.count > 4 ? 2 : 1)
    guard abs(word.utf8.count - letters.count) <= limit else { return false }
    // Levenshtein's distance, a row of its table at a time.
    var row = Array(0...letters.count)
    for (index, letter) in word.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for place in letters.indices {
        let changed = diagonal + (letters[place] == letter ? 0 : 1)
        diagonal = row[place + 1]
        row[place + 1] = min(changed, diagonal + 1, row[place] + 1)
      }
    }
    return row[letters.count] <= limit
  }
}
