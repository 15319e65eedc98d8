import ArgumentParser

extension Option {
  /// An option that may be left out, with a number, which may be negative.
  /// - Parameter valueName: The number's name in the help.
  init<Number: ExpressibleByArgument & Numeric>(
    number valueName: String, _ help: String, name: NameSpecification = .long
  ) where Value == Number? {
    self.init(name: name, parsing: .unconditional, help: ArgumentHelp(help, valueName: valueName))
  }

  /// An option that may be left out, with a value of any other kind.
  /// - Parameter valueName: The value's name in the help.
  init<Argument: ExpressibleByArgument>(
    value valueName: String, _ help: String, name: NameSpecification = .long,
    completion: CompletionKind? = nil
  ) where Value == Argument? {
    self.init(name: name, help: ArgumentHelp(help, valueName: valueName), completion: completion)
  }

  /// An option with one of a few words.
  init<Choice: ExpressibleByArgument & CaseIterable & RawRepresentable<String>>(
    choice help: String, _: Choice.Type = Choice.self
  ) where Value == Choice? {
    self.init(
      help: ArgumentHelp(help, valueName: Choice.allCases.map(\.rawValue).joined(separator: "|")))
  }
}
