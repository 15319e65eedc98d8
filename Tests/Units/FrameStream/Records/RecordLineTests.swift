import FrameStream
import SystemIO
import Testing

@Suite struct RecordLineTests {
  /// What a terminal would obey becomes escapes; the record says the same.
  @Test func controlsAreEscaped() throws {
    let name = "a\u{9B}31m\u{7F}b\u{85}é\u{202E}c\u{2066}"
    var line = try RecordLine("{\"type\":\"x\",\"\(name)\":[\"\(name)\"]}")
    line.escapeControls()
    #expect(line.text.unicodeScalars.allSatisfy { $0.value < 0x7F || $0 == "é" }, "\(line.text)")
    #expect(line.text.contains("a\\u009b31m\\u007fb\\u0085é\\u202ec\\u2066"))
    let value = try JSONValue(JSONText(parsing: line.bytes))
    #expect(value[name]?.array?[0].string == name && line["type"]?.string == "x")
    var plain = try RecordLine("{\"type\":\"é\"}")
    plain.escapeControls()
    #expect(plain.text == "{\"type\":\"é\"}")
  }

  @Test func whatIsNotTouchedStaysAsItWasWritten() throws {
    var line = try RecordLine(#"{ "a" : 1.50e+02, "b":"\u00e9" ,"c":[1, 2]}"#)
    line.set("d") { $0.value(7) }
    #expect(line.text == #"{ "a" : 1.50e+02, "b":"\u00e9" ,"c":[1, 2],"d":7}"#)
    line.set("b") { $0.value("much longer than before") }
    #expect(line.text == #"{ "a" : 1.50e+02, "b":"much longer than before" ,"c":[1, 2],"d":7}"#)
    line.set("a") { $0.null() }
    #expect(line["c"]?.isArray == true)
    #expect(line["d"]?.int == 7)
    line.remove("b")
    #expect(line.text == #"{ "a" : null ,"c":[1, 2],"d":7}"#)
    line.remove("a")
    #expect(line.text == #"{ "c":[1, 2],"d":7}"#)
    line.remove("d")
    line.remove("nothing")
    line.remove("c")
    #expect(line.text == "{ }")
    line.set("e") { $0.array { $0.value(1) } }
    #expect(line.text == #"{ "e":[1]}"#)
    #expect(line["e"]?.isArray == true)
  }

  @Test func anyOrderOfChangesKeepsTheIndex() throws {
    // Against a plain model: an ordered list of keys and numbers.
    let keys: [StaticString] = ["a", "bb", "ccc", "dddd", "e"]
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var line = try RecordLine("{}")
    var model: [(String, Int)] = []
    for _ in 0..<2000 {
      let key = keys[random(keys.count)]
      let name = "\(key)"
      if random(3) == 0 {
        line.remove(key)
        model.removeAll { $0.0 == name }
      } else {
        let value = random(100_000)
        line.set(key) { $0.value(value) }
        if let index = model.firstIndex(where: { $0.0 == name }) {
          model[index].1 = value
        } else {
          model.append((name, value))
        }
      }
      #expect(line.text == "{" + model.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}")
    }
  }
}
