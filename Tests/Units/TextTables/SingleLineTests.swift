import Testing
import TextTables

struct SingleLineTests {
  @Test func textIsOneSafeLine() {
    #expect(
      SingleLine.text("a\nb\tc\u{0}d\u{1B}e\u{2028}f\u{202E}g", limit: 80)
        == "a b c\u{FFFD}d\u{FFFD}e f\u{FFFD}g")
    #expect(SingleLine.text("<b>&amp;", limit: 80) == "<b>&amp;")
    #expect(SingleLine.text(String(repeating: "x", count: 1 << 20), limit: 80).count == 80)
  }
}
