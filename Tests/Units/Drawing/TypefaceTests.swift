import Testing

@testable import Drawing

struct TypefaceTests {
  @Test func aFamilyThatIsNotInstalledIsTold() throws {
    for font in ["No Such Family 40", "DejaVu Sans:48", "None, Neither Bold 12px"] {
      let typesetter = try #require(Typesetter(font: font))
      let used = try #require(typesetter.substitute, "\(font)")
      #expect(try #require(Typesetter(font: used)).substitute == nil, "\(used)")
    }
    for font in [nil, "", "Sans 20px", "monospace", "Serif Bold Italic", "None, Sans 12"] {
      let typesetter = try #require(Typesetter(font: font))
      #expect(typesetter.substitute == nil, "\(font ?? "none")")
    }
  }
}
