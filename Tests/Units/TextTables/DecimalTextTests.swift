import Testing
import TextTables

struct DecimalTextTests {
  @Test func plainNumbersHaveNoExponent() {
    let expected: [(Double, String)] = [
      (0.00001, "0.00001"), (0.000001, "0.000001"), (1e-7, "0"), (-0.00002, "-0.00002"), (0.5, "0.5"),
      (2, "2"),
      (0.1234567, "0.123457"), (3600.04, "3600.04"),
    ]
    for (value, text) in expected { #expect(DecimalText.plain(value, 6) == text, "\(value)") }
  }

  @Test func decimalsRoundAsInC() {
    #expect(DecimalText.fixed(0.0005, 3) == "0.001" && DecimalText.fixed(2.5, 0) == "2")
    #expect(DecimalText.fixed(-0.0001, 2) == "0.00" && DecimalText.fixed(.nan, 2) == "nan")
    #expect(DecimalText.fixed(.infinity, 3) == "inf" && DecimalText.fixed(-.infinity, 0) == "-inf")
    #expect(DecimalText.fixed(-.nan, 1) == "nan" && DecimalText.fixed(1e300, 0) == "1000000000000000")
    #expect(DecimalText.percent(.infinity) == "inf\u{A0}%")
    #expect(DecimalText.grouped(3589) == "3589" && DecimalText.grouped(27868) == "27\u{202F}868")
    #expect(DecimalText.duration(3 * 3600 + 5 * 60) == "3\u{A0}h\u{A0}05\u{A0}min")
    #expect(DecimalText.duration(.infinity) == "–" && DecimalText.duration(54) == "54\u{A0}s")
  }

  @Test func roundedNumbersHaveTheFewestDigits() {
    #expect(DecimalText.rounded(0.123_456, 4) == "0.1235" && DecimalText.rounded(1.5, 4) == "1.5")
    #expect(DecimalText.rounded(2, 4) == "2.0" && DecimalText.value(0.98765, 2) == 0.99)
  }
}
