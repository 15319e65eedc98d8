import SystemIO

/// Coded intervals from a TextGrid of Praat, in its long or short text format: an interval tier for each subject.
///
/// Both formats are the same sequence of numbers, texts in double quotes and flags such as `<exists>`; all else in the file
/// is a comment for people (Praat's manual, "TextGrid file formats").
enum PraatReader {
  private enum Token: Equatable {
    case number(Double)
    case text(String)
    case flag(String)
  }

  /// The most tiers and intervals that a file may say it has; it is read as far as its bytes go anyway.
  private static let mostItems = 10_000_000.0

  /// Reads the tokens of a file, one after the other.
  private struct Tokens {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) throws(Failure) {
      // Praat writes UTF-16 where a text is not ASCII, as long as nobody changes its settings.
      switch bytes.prefix(2) {
      case [0xFE, 0xFF]: self.bytes = Self.text(bytes) { UInt16($0) << 8 | UInt16($1) }
      case [0xFF, 0xFE]: self.bytes = Self.text(bytes) { UInt16($1) << 8 | UInt16($0) }
      default: self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
      }
    }

    private static func text(_ bytes: [UInt8], _ unit: (UInt8, UInt8) -> UInt16) -> [UInt8] {
      let units = stride(from: 2, to: bytes.count - 1, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// The next token; nil at the end.
    mutating func next() throws(Failure) -> Token? {
      while place < bytes.count {
        let byte = bytes[place]
        if Self.isSpace(byte) {
          place += 1
        } else if byte == UInt8(ascii: "\"") {
          return .text(try quoted())
        } else if byte == UInt8(ascii: "!") {
          // A comment to the end of the line.
          while place < bytes.count, bytes[place] != 0x0A, bytes[place] != 0x0D { place += 1 }
        } else {
          let start = place
          while place < bytes.count, !Self.isSpace(bytes[place]) { place += 1 }
          let word = String(decoding: bytes[start..<place], as: UTF8.self)
          if word.hasPrefix("<"), word.hasSuffix(">") { return .flag(word) }
          if let number = Double(word), number.isFinite { return .number(number) }
        }
      }
      return nil
    }

    private mutating func quoted() throws(Failure) -> String {
      var text: [UInt8] = []
      place += 1
      while place < bytes.count {
        let byte = bytes[place]
        place += 1
        guard byte == UInt8(ascii: "\"") else {
          text.append(byte)
          continue
        }
        // Two are one that belongs to the text.
        guard place < bytes.count, bytes[place] == byte else { return String(decoding: text, as: UTF8.self) }
        text.append(byte)
        place += 1
      }
      throw PraatReader.cut
    }

    mutating func number() throws(Failure) -> Double {
      guard case .number(let number) = try next() else { throw PraatReader.cut }
      return number
    }

    mutating func count() throws(Failure) -> Int {
      let number = try number()
      guard (0...PraatReader.mostItems).contains(number), number == number.rounded() else {
        throw PraatReader.cut
      }
      return Int(number)
    }

    mutating func text() throws(Failure) -> String {
      guard case .text(let text) = try next() else { throw PraatReader.cut }
      return text
    }
  }

  private static let cut = Failure(
    .badInput, step: "TextGrid of Praat", cause: "it is cut short or not in the order of the format")

  static func read(_ bytes: [UInt8]) throws(Failure) -> CodedIntervals {
    var tokens = try Tokens(bytes)
    guard try tokens.next() == .text("ooTextFile"), try tokens.next() == .text("TextGrid") else {
      throw Failure(
        .badInput, step: "no TextGrid of Praat in text",
        cause: "it does not begin with ooTextFile and TextGrid"
      )
    }
    _ = (try tokens.number(), try tokens.number())
    guard try tokens.next() == .flag("<exists>") else { return CodedIntervals([]) }
    var intervals: [CodedIntervals.Interval] = []
    var leftOut = 0
    for _ in 0..<(try tokens.count()) {
      let kind = try tokens.text()
      let tier = try tokens.text()
      _ = (try tokens.number(), try tokens.number())
      let count = try tokens.count()
      switch kind {
      case "IntervalTier":
        for _ in 0..<count {
          let (start, end, label) = (try tokens.number(), try tokens.number(), try tokens.text())
          // Praat fills the time between annotations with intervals without a text.
          guard !label.isEmpty else { continue }
          intervals.append(
            CodedIntervals.Interval(subject: tier, tier: tier, label: label, start: start, end: end))
        }
      case "TextTier":
        // Points have no length.
        for _ in 0..<count { _ = (try tokens.number(), try tokens.text()) }
        leftOut += count
      default:
        throw Failure(
          .badInput, step: "TextGrid of Praat", cause: "there is no kind of tier \"\(kind.prefix(40))\"")
      }
    }
    return CodedIntervals(intervals, leftOut: leftOut)
  }
}
