import SystemIO
import Testing

@testable import FrameStream

@Suite struct JSONTests {
  static let valid = [
    "0", "-0", "1.5", "-1e9", "1E+2", "0.1e-7", "true", "false", "null", "[]", "{}", "[1,[2,{\"a\":[]}]]",
    "\"\"", "\"\\u00e9\\\\\\\"\\/\\b\\f\\n\\r\\t\"", "\"\u{10FFFF}é€\"", " [ 1 , 2 ] ", "\"\\ud83d\\ude00\"",
  ]
  static let invalid = [
    "", " ", "01", "1.", ".5", "+1", "1e", "-", "tru", "nul", "NaN", "Infinity", "[1,]", "[,1]", "{\"a\":1,}",
    "{a:1}", "{\"a\" 1}", "{\"a\":}", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "[1 2]", "1 2", "[1", "{",
  ]
  static let invalidUTF8: [[UInt8]] = [
    [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
    [0xF0, 0x9F, 0x98],
  ]

  @Test(arguments: valid) func takesValidJSON(text: String) throws {
    _ = try JSONText(parsing: Array(text.utf8))
  }

  @Test(arguments: invalid) func refusesInvalidJSON(text: String) {
    #expect(throws: Failure.self) { try JSONText(parsing: Array(text.utf8)) }
  }

  @Test(arguments: invalidUTF8) func refusesInvalidUTF8(bytes: [UInt8]) {
    #expect(throws: Failure.self) { try JSONText(parsing: [0x22] + bytes + [0x22]) }
  }

  /// All is decoded in one walk, and is what single lookups find.
  @Test func valuesAreDecoded() throws {
    let text = #" {"a":[1,-2.5e3,"x\u00e9\n",true,false,null,[],{}],"b":{"c":{"d":[[0]]}},"a":7} "#
    let value = try JSONValue(JSONText(parsing: Array(text.utf8)))
    #expect(value.object?.fields.map(\.key) == ["a", "b", "a"])
    let list = try #require(value["a"]?.array)
    #expect(list.count == 8 && list[0].int == 1 && list[1].double == -2500 && list[2].string == "xé\n")
    #expect(list[3].bool == true && list[4].bool == false && list[5].isNull)
    #expect(list[6].array?.isEmpty == true && list[7].object?.fields.isEmpty == true)
    #expect(value["b"]?["c"]?["d"]?.array?[0].array?[0].int == 0)
    var writer = JSONWriter()
    writer.value(value)
    let compact = #"{"a":[1,-2.5e3,"xé\n",true,false,null,[],{}],"b":{"c":{"d":[[0]]}},"a":7}"#
    #expect(String(decoding: writer.bytes, as: UTF8.self) == compact)
  }

  /// An object of many keys has an index; of two with one name the first counts, as in a small one.
  @Test func keysOfALargeObject() throws {
    let fields = (0..<100).map { "\"k\($0 % 60)\":\($0)" }.joined(separator: ",")
    let value = try JSONValue(JSONText(parsing: Array("{\(fields)}".utf8)))
    for number in 0..<60 { #expect(value["k\(number)"]?.int == number) }
    #expect(value["k60"] == nil && value.object?.fields.count == 100)
  }

  @Test func depthIsBounded() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
    }
    _ = try JSONText(parsing: nested(StreamLimits.depth))
    #expect(throws: Failure.self) { try JSONText(parsing: nested(StreamLimits.depth + 1)) }
    #expect(throws: Failure.self) { try JSONText(parsing: nested(1_000_000)) }
  }

  @Test func numbersAreRead() throws {
    func int(_ text: String) throws -> Int? { try JSONText(parsing: Array(text.utf8)).int }
    #expect(try int("0") == 0)
    #expect(try int("-12") == -12)
    #expect(try int("9223372036854775807") == Int.max)
    #expect(try int("-9223372036854775808") == Int.min)
    #expect(try int("9223372036854775808") == nil)
    #expect(try int("99999999999999999999999") == nil)
    #expect(try int("1.5e1") == 15)
    #expect(try int("1.5") == nil)
    #expect(try int("1e400") == nil)
    #expect(try int("\"1\"") == nil)
    #expect(try JSONText(parsing: Array("1e400".utf8)).double == nil)
    #expect(try JSONText(parsing: Array("-2.5e-3".utf8)).double == -0.0025)
  }

  @Test func stringsAreRead() throws {
    func string(_ text: String) throws -> String? { try JSONText(parsing: Array(text.utf8)).string }
    #expect(try string(#""a\n\u00e9\ud83d\ude00b""#) == "a\né😀b")
    #expect(try string(#""\ud83d""#) == "\u{FFFD}")
    #expect(try JSONText(parsing: Array(#""f\u0061ces""#.utf8)).equals("faces"))
    #expect(try !JSONText(parsing: Array(#""face""#.utf8)).equals("faces"))
  }

  @Test func whatIsWrittenReadsBack() throws {
    let strings = ["", "plain", "\"\\\u{1}\u{7F}\n\t", "é😀\u{2028}"]
    let doubles: [Double] = [0.1, -0.0, 1e300, 2.5e-308, 123456789.125, 1 / 3]
    var writer = JSONWriter()
    writer.array { writer in
      for string in strings { writer.value(string) }
      for double in doubles { writer.value(double) }
      writer.value(Double.nan)
      writer.value(Float(0.93))
      writer.object { writer in
        writer.key("k")
        writer.null()
        writer.key(strings[2])
        writer.value(true)
      }
    }
    let value = try JSONValue(JSONText(parsing: writer.bytes))
    let elements = try #require(value.array)
    #expect(elements.prefix(4).map(\.string) == strings)
    #expect(elements[4..<10].map(\.double) == doubles)
    #expect(elements[10].isNull)
    #expect(elements[11].double == 0.93)
    #expect(elements[12][strings[2]]?.bool == true)
  }

  @Test func base64MatchesItsStandard() {
    let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
    for (plain, text) in cases {
      #expect(Base64.encode(Array(plain.utf8)) == text)
      #expect(Base64.decode(text) == Array(plain.utf8))
    }
    for bad in ["Z", "Zg=", "Zg==Zg==", "====", "Z===", "Zg!="] {
      #expect(Base64.decode(bad) == nil, "\(bad)")
    }
  }
}
