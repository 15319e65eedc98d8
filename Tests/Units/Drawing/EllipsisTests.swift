import Testing

@testable import Drawing

/// Text that is too long loses its middle, and no more.
struct EllipsisTests {
  @Test func asMuchAsHasRoom() throws {
    let typesetter = try #require(Typesetter(font: nil))
    for text in ["extremely happy and smiling with teeth", "وجه حزين جدا اليوم وليس سعيدا", "aaaa bbbb"] {
      let whole = typesetter.set(text, size: 12, width: .infinity).width
      for part in [0.9, 0.5, 0.3] {
        let set = typesetter.set(text, size: 12, width: whole * part).width
        // Less than two characters' room is left over.
        #expect(set <= whole * part && set > whole * part - 30, "\(text): \(set) of \(whole * part)")
      }
      #expect(typesetter.set(text, size: 12, width: whole).width == whole)
    }
    #expect(typesetter.set("long", size: 12, width: 0.5).width > 0, "an ellipsis at least")
  }
}
