import SystemIO

/// Splits text into records and fields as RFC 4180 defines them; fed in pieces, split at any position.
///
/// Lines end with CR LF or LF; a field in quotes may hold commas, line ends and doubled quotes. Empty lines are
/// skipped, and so is a byte order mark. Memory is bounded by ``lineLimit``.
package struct CommaSeparatedValues {
  /// The most bytes of one record.
  package static let lineLimit = 1 << 20

  /// One record; its fields' bytes lie one after the other.
  package struct Fields {
    fileprivate var bytes: [UInt8] = []
    fileprivate var ends: [Int] = []
    /// The line it begins on, from 1.
    package fileprivate(set) var line = 1

    /// The number of fields.
    package var count: Int { ends.count }

    /// Field `index`, from 0, without its quotes.
    /// - Throws: ``Failure`` (`badInput`) if it is not UTF-8.
    package func text(_ index: Int) throws(Failure) -> String {
      let field = bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
      guard let text = String(validating: field, as: UTF8.self), !field.contains(0) else {
        throw CommaSeparatedValues.failure("field \(index + 1) is not UTF-8 text", line: line)
      }
      return text
    }

    /// Field `index`, from 0, as a ``FileName``: text as JSON carries it, or else the name's own bytes.
    /// - Throws: ``Failure`` (`badInput`) if it has a zero in it.
    package func fileName(_ index: Int) throws(Failure) -> String {
      let field = Array(bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
      guard !field.contains(0) else {
        throw CommaSeparatedValues.failure("field \(index + 1) has a zero byte in it", line: line)
      }
      return String(validating: field, as: UTF8.self) ?? FileName.text(field)
    }
  }

  private enum State {
    case fieldStart, plain, quoted, quoteInQuoted, carriageReturn
  }

  private static let fieldLimit = 4096
  private var state = State.fieldStart
  private var fields = Fields()
  private var line = 1
  /// Bytes of the record so far, quotes and all.
  private var length = 0
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  /// Bytes of a byte order mark that the text has begun with so far; nil once that is decided.
  private var markLength: Int? = 0

  private let separator: UInt8

  /// Reads from the beginning of a table.
  /// - Parameter separator: what stands between fields: a comma, or a tab or semicolon in tables of other programs.
  package init(separator: UInt8 = UInt8(ascii: ",")) { self.separator = separator }

  private static func failure(_ cause: String, line: Int) -> Failure {
    Failure(.badInput, step: "not a table of comma-separated values", subject: "line \(line)", cause: cause)
  }

  /// Reads the next bytes and passes every record that ends in them to `body`.
  /// - Throws: ``Failure`` (`badInput`) naming the line, or what `body` throws.
  package mutating func take(
    _ bytes: UnsafeRawBufferPointer, _ body: (Fields) throws(Failure) -> Void
  ) throws(Failure) {
    for byte in bytes {
      if let known = markLength {
        if byte == Self.byteOrderMark[known] {
          markLength = known + 1 < Self.byteOrderMark.count ? known + 1 : nil
          continue
        }
        endMark(known)
      }
      length += 1
      guard length <= Self.lineLimit else {
        throw Self.failure("it is longer than \(Self.lineLimit) bytes", line: fields.line)
      }
      switch (state, byte) {
      case (.carriageReturn, UInt8(ascii: "\n")): try endRecord(body)
      case (.carriageReturn, _): throw Self.failure("a carriage return inside the line", line: line)
      case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
      case (.quoted, _):
        if byte == UInt8(ascii: "\n") { line += 1 }
        fields.bytes.append(byte)
      case (_, separator): try endField()
      case (_, UInt8(ascii: "\n")): try endRecord(body)
      case (_, UInt8(ascii: "\r")): state = .carriageReturn
      case (.quoteInQuoted, UInt8(ascii: "\"")):
        fields.bytes.append(byte)
        state = .quoted
      case (.quoteInQuoted, _): throw Self.failure("text after a closing quote", line: line)
      case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
      default:
        fields.bytes.append(byte)
        state = .plain
      }
    }
  }

  /// Ends the table: passes a last record without a line end to `body`.
  /// - Throws: ``Failure`` (`badInput`) if a quote is not closed, or what `body` throws.
  package mutating func finish(_ body: (Fields) throws(Failure) -> Void) throws(Failure) {
    endMark(markLength ?? 0)
    if state == .quoted { throw Self.failure("a quote is not closed", line: fields.line) }
    if state != .fieldStart || !fields.ends.isEmpty { try endRecord(body) }
  }

  /// What began like a byte order mark and was none is text.
  private mutating func endMark(_ known: Int) {
    markLength = nil
    guard known > 0 else { return }
    fields.bytes += Self.byteOrderMark.prefix(known)
    length += known
    state = .plain
  }

  private mutating func endField() throws(Failure) {
    guard fields.ends.count < Self.fieldLimit else {
      throw Self.failure("more than \(Self.fieldLimit) fields", line: fields.line)
    }
    fields.ends.append(fields.bytes.count)
    state = .fieldStart
  }

  private mutating func endRecord(_ body: (Fields) throws(Failure) -> Void) throws(Failure) {
    try endField()
    if fields.ends != [0] { try body(fields) }
    line += 1
    length = 0
    fields.bytes.removeAll(keepingCapacity: true)
    fields.ends.removeAll(keepingCapacity: true)
    fields.line = line
  }

  /// One line of a table, with its line end.
  package static func row(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  /// A field as written to a table: in quotes where it needs them.
  package static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    guard needsQuotes || text.hasPrefix("\u{FEFF}") else { return text }
    var quoted = "\""
    for character in text.unicodeScalars {
      if character == "\"" { quoted.unicodeScalars.append(character) }
      quoted.unicodeScalars.append(character)
    }
    return quoted + "\""
  }
}
