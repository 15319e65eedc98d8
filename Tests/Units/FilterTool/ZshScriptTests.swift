import Testing

@testable import FilterTool

/// What ArgumentParser's script for zsh gets wrong.
struct ZshScriptTests {
  private func script(_ specifications: String...) -> String {
    (["_a() {", "    local -ar arg_specs=("] + specifications.map { "        " + $0 }
      + ["    )", "    case arg", "}", ""])
      .joined(separator: "\n")
  }

  @Test func onlyOneSpecificationIsOfTheRest() {
    let (command, rest, input) = ("'(-): :->command'", "'(-)*:: :->arg'", "'*:input:_files'")
    let wrong = script("'--quiet[Say less.]'", input, command, rest)
    let right = script("'--quiet[Say less.]'", input)
    #expect(ZshScript.mended(wrong) == right)
    // Each function of a script is looked at.
    let others = script(command, rest)
    #expect(ZshScript.mended(others + wrong + others + wrong) == others + right + others + right)
    for text in ["", "text", others, right, script(":file:_files", command, rest)] {
      #expect(ZshScript.mended(text) == nil)
    }
  }
}
