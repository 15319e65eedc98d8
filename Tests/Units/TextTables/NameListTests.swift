import Testing
import TextTables

@Suite struct NameListTests {
  @Test func namesMayHoldCommas() {
    #expect(NameList.names(in: "happy,sad") == ["happy", "sad"])
    #expect(NameList.names(in: #""a, b",c "d","e ""f""",g=h"#) == ["a, b", #"c "d""#, #"e "f""#, "g=h"])
    #expect(NameList.names(in: "a,,b") == ["a", "", "b"])
    for wrong in ["", #""a"#, #""a"b,c"#, "a\nb"] { #expect(NameList.names(in: wrong) == nil, "\(wrong)") }
  }

  @Test func listIsReadBack() {
    let names = ["a", "b,c", "d\"e", " f ", "快乐"]
    #expect(NameList.names(in: NameList.list(names)) == names)
  }

  @Test func peopleReadThemInOneLine() {
    #expect(NameList.text(of: ["happy", "very sad"]) == "happy, very sad")
    #expect(
      NameList.text(of: ["-x, n", "a\nb", #"c "d""#, " e", ""]) == ##""-x, n", a b, "c ""d""", " e", """##)
    #expect(!NameList.text(of: ["\u{1B}[2J"]).unicodeScalars.contains("\u{1B}"))
  }
}
