import Glibc

/// Numbers as text for display, with a given number of decimals, rounded as C and Python round.
package enum DecimalText {
  /// `printf`'s `%.*f`, so "nan", "inf" and "-inf" for no number; the magnitude of others is cut to 1e15.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let value = min(max(value, -1e15), 1e15)
    let decimals = min(max(decimals, 0), 12)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      let length = withVaList([CInt(decimals), value]) { vsnprintf(buffer.baseAddress!, 64, "%.*f", $0) }
      let text = buffer.prefix(Int(min(max(length, 0), 63))).map { UInt8(bitPattern: $0) }
      let digits = String(decoding: text, as: UTF8.self)
      // A number rounded to zero has no sign.
      return digits.hasPrefix("-") && !digits.utf8.contains(where: { (0x31...0x39).contains($0) })
        ? String(digits.dropFirst()) : digits
    }
  }

  /// A number in the fewest digits that identify it: `1`, `0.003921569`.
  package static func shortest(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A number rounded to at most `decimals` decimals, without an exponent below 1e15: `0.5`, `2`, `0.00001`.
  package static func plain(_ value: Double, _ decimals: Int) -> String {
    let rounded = Self.value(value, decimals)
    // The shortest form of most numbers has no exponent, and is made faster.
    let short = shortest(rounded)
    guard short.utf8.contains(UInt8(ascii: "e")), abs(rounded) < 1e15 else { return short }
    var text = fixed(rounded, decimals)
    guard text.utf8.contains(UInt8(ascii: ".")) else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// A number rounded to at most `decimals` decimals, in the fewest digits: `0.5`, `2.0`.
  package static func rounded(_ value: Double, _ decimals: Int) -> String {
    "\(Self.value(value, decimals))"
  }

  /// A number rounded to `decimals` decimals, 0 to 12.
  package static func value(_ value: Double, _ decimals: Int) -> Double {
    let unit = (0..<min(max(decimals, 0), 12)).reduce(1.0) { unit, _ in unit * 10 }
    return (value * unit).rounded() / unit
  }

  /// A share from 0 to 1 as a percentage, `68.2 %`.
  /// - Parameter space: What separates number and sign; a no-break space keeps it on the number's line.
  package static func percent(_ share: Double, _ decimals: Int = 1, space: String = "\u{A0}") -> String {
    fixed(share * 100, decimals) + space + "%"
  }

  /// A duration as `42 s`, `12 min` or `3 h 05 min`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "–" }
    if seconds < 120 { return fixed(seconds, seconds < 10 ? 1 : 0) + "\u{A0}s" }
    let minutes = Int(min(seconds / 60, 1e9).rounded())
    if minutes < 120 { return "\(minutes)\u{A0}min" }
    let rest = minutes % 60
    return "\(minutes / 60)\u{A0}h\u{A0}\(rest < 10 ? "0" : "")\(rest)\u{A0}min"
  }

  /// Digits in groups of three, `27 868`, with narrow no-break spaces.
  package static func grouped(_ value: Int) -> String {
    var result = ""
    let digits = value.magnitude.description
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0, digits.count > 4 { result.append("\u{202F}") }
      result.append(digit)
    }
    return value < 0 ? "−" + result : result
  }
}
