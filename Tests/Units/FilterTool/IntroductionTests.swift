import ArgumentParser
import Testing

@testable import FilterTool

/// What a tool says without arguments.
struct IntroductionTests {
  private struct Made: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "fm-made", abstract: "Make something.",
      discussion: """
        It takes a moment, and \
        more.

          fm-made one |
            fm-made two |
            cat > three
          fm-made four
        """)
  }

  private struct Bare: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "fm-bare", abstract: "Do nothing.")
  }

  @Test func itSaysWhatTheToolDoesAndTheFirstExample() {
    #expect(
      Introduction(of: Made.self).lines == [
        "Make something.", "for example: fm-made one | fm-made two | cat > three",
        "see fm-made --help, man fm-made, or man fm for all tools",
      ])
    #expect(
      Introduction(of: Bare.self).lines == [
        "Do nothing.", "see fm-bare --help, man fm-bare, or man fm for all tools",
      ])
  }

  @Test(arguments: [
    ("", nil), ("Text only.\n\nMore of it.", nil), ("  a b", "a b"), ("Text\n  a |\n    b\nText", "a | b"),
    ("  a |", "a |"), ("  a\n\n  b", "a"),
  ])
  func theFirstExampleEndsWhereNoPipeContinues(_ discussion: String, _ example: String?) {
    #expect(Introduction.firstExample(in: discussion) == example)
  }
}
