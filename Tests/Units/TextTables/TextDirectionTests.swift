import Testing
import TextTables

/// Names written from right to left among numbers.
struct TextDirectionTests {
  @Test func namesKeepToTheirColumn() {
    for name in ["سعيد", "כועס", "mixed סוף"] {
      let marked = TextDirection.leftToRight(name)
      #expect(marked == "\u{200E}" + name + "\u{200E}")
      #expect(TextColumns.width(marked) == TextColumns.width(name))
      #expect(TextColumns.name(name) == marked)
    }
    for name in ["happy", "愤怒", "", "é"] { #expect(TextDirection.leftToRight(name) == name) }
  }
}
