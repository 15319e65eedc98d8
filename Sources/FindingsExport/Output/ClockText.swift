import FrameStream
import TextTables

/// Times as formats write them.
enum ClockText {
  /// Whole milliseconds.
  static func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded().clamped(-9e14...9e14)) }

  /// `01:02:03.456`, with more digits for hours if there are a hundred.
  static func clock(milliseconds time: Int, separator: String = ".") -> String {
    let time = max(time, 0)
    return "\(two(time / 3_600_000)):\(two(time / 60_000 % 60)):\(two(time / 1000 % 60))\(separator)"
      + padded(time % 1000, 3)
  }

  /// `1:02:03.45`, as Advanced SubStation Alpha has it.
  static func clock(hundredths time: Int) -> String {
    let time = max(time, 0)
    return "\(time / 360_000):\(two(time / 6000 % 60)):\(two(time / 100 % 60)).\(two(time % 100))"
  }

  /// Non-drop time code of a whole number of frames.
  static func timeCode(frame: Int, rate: Int) -> String {
    let seconds = frame / rate
    return "\(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60)):\(two(frame % rate))"
  }

  /// Hundredths of a second.
  static func hundredths(_ seconds: Double) -> Int { Int((seconds * 100).rounded().clamped(-9e14...9e14)) }

  /// Seconds with at most six decimals, without an exponent.
  static func seconds(_ value: Double) -> String { DecimalText.plain(value, 6) }

  private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  private static func padded(_ value: Int, _ digits: Int) -> String {
    let text = "\(value)"
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
