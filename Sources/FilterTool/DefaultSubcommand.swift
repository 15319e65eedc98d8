import ArgumentParser

/// What help and completions of a command say about the subcommand that runs without its name.
///
/// ArgumentParser runs such a subcommand, but lists its options only under its name.
struct DefaultSubcommand {
  private let root: any FilterCommandGroup.Type
  private let subcommand: any ParsableCommand.Type

  /// Nil for a command without one.
  init?(of root: any ParsableCommand.Type) {
    guard let root = root as? any FilterCommandGroup.Type,
      let subcommand = root.configuration.defaultSubcommand
    else { return nil }
    (self.root, self.subcommand) = (root, subcommand)
  }

  private var rootName: String { root._commandName }
  private var name: String { subcommand._commandName }
  private var names: [String] { root.configuration.subcommands.map { $0._commandName } + ["help"] }

  /// The text that ArgumentParser is about to print, with the subcommand's options; nil if it is about something else.
  func completed(_ text: String) -> String? {
    if text == root.helpMessage() { return help(text) }
    for shell in CompletionShell.allCases where text == root.completionScript(for: shell) {
      switch shell {
      case .bash: return bash(text)
      case .zsh: return zsh(text)
      default: return fish(text)
      }
    }
    return nil
  }

  /// The root's help with the commonest options of the subcommand, as the subcommand's help has them.
  private func help(_ text: String) -> String {
    var chosen: [Substring] = []
    var isChosen = false
    for line in root.helpMessage(for: subcommand).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("  -") {
        let names = line.split { $0 == " " || $0 == "," || $0 == "/" }.prefix { $0.first == "-" }
        isChosen = root.commonOptions.contains { option in names.contains { $0 == option } }
      } else if !line.hasPrefix("     ") {
        isChosen = false
      }
      if isChosen { chosen.append(line) }
    }
    let title = "COMMON OPTIONS OF \(name.uppercased()) (all: \(rootName) \(name) --help):"
    return text.replacingFirst(
      "\nOPTIONS:\n", with: "\n\(title)\n\(chosen.joined(separator: "\n"))\n\nOPTIONS:\n")
  }

  private func bash(_ text: String) -> String {
    let list = names.joined(separator: " ")
    let offer = "        COMPREPLY+=($(compgen -W '\(list)' -- \"${cur}\"))\n"
    return text.replacingFirst(
      offer,
      with: """
                if [[ "${COMP_CWORD}" -eq 1 ]]; then
            \(offer.dropLast())
                else
                    COMPREPLY=()
                fi
                # The subcommand \(name) may be left out
                unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")
                "_\(rootName)_\(name)"

        """)
  }

  private func zsh(_ text: String) -> String {
    let list = names.joined(separator: "|")
    let start = "    local -i ret=1\n"
    let describe = "        _describe -V subcommand subcommands && ret=0\n"
    return text.replacingFirst(
      start,
      with: """
            # The subcommand \(name) may be left out
            if [[ ("${CURRENT}" -gt 2 || "${words[2]}" = -*) && "${words[2]}" != (\(list)) ]]; then
                _\(rootName)_\(name)
                return
            fi

        \(start)
        """
    ).replacingFirst(describe, with: describe + "        _files && ret=0\n")
  }

  private func fish(_ text: String) -> String {
    let tokens = "    set -l unparsed_tokens (__\(rootName)_tokens -pc)\n"
    let list = names.joined(separator: " ")
    return text.replacingFirst(
      tokens,
      with: tokens + """
            # The subcommand \(name) may be left out
            if test (count $unparsed_tokens) -gt 1; or string match -q -- '-*' (commandline -ct)
                if not contains -- "$unparsed_tokens[2]" \(list)
                    set unparsed_tokens $unparsed_tokens[1] \(name) $unparsed_tokens[2..]
                end
            end

        """)
  }
}

extension String {
  /// The text with another in the first position of `part`; unchanged if it has none.
  fileprivate func replacingFirst(_ part: String, with other: String) -> String {
    guard let first = part.first else { return self }
    var start = startIndex
    while let found = self[start...].firstIndex(of: first) {
      if self[found...].hasPrefix(part) {
        return self[..<found] + other + self[found...].dropFirst(part.count)
      }
      start = index(after: found)
    }
    return self
  }
}
