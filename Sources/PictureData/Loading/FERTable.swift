import NetworkModel
import SystemIO
import TextTables

/// Reads tables as FER-2013 and FER+ are distributed, row by row: `emotion,pixels,Usage` and
/// `Usage,Image name,neutral,happiness,…,unknown,NF`. Column names may have spaces around them and any case.
struct FERTable {
  /// One row: its number from 0, and its fields.
  struct Row {
    let number: Int
    let line: Int
    fileprivate let fields: CommaSeparatedValues.Fields
    fileprivate let columns: [String: Int]

    /// The field of a column without spaces around it; nil if the table has no such column.
    /// - Throws: ``Failure`` (`badInput`) if it is not UTF-8.
    func text(_ column: String) throws(Failure) -> String? {
      guard let index = columns[column] else { return nil }
      return FERTable.trimmed(try fields.text(index))
    }
  }

  /// Reads a file, and passes every row to `body`.
  /// - Parameter required: Columns that it must have.
  /// - Throws: ``Failure``: `inputOutput` if it cannot be read, `badInput` naming file and line, or what `body` throws.
  static func read(
    _ path: String, required: [String], _ body: (Row) throws(Failure) -> Void
  ) throws(Failure) -> (columns: [String], rows: Int) {
    let descriptor = try Descriptor.openForReading(path)
    defer { descriptor.close() }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 8)
    defer { buffer.deallocate() }
    var parser = CommaSeparatedValues()
    var names: [String] = []
    var columns: [String: Int] = [:]
    var count = 0
    func take(_ fields: CommaSeparatedValues.Fields) throws(Failure) {
      func refuse(_ cause: String) -> Failure {
        Failure(.badInput, step: "reading the table", subject: "line \(fields.line)", cause: cause)
      }
      if columns.isEmpty {
        for index in 0..<fields.count {
          names.append(trimmed(try fields.text(index)).lowercased())
          columns[names[index]] = index
        }
        for name in required where columns[name] == nil {
          throw refuse("it has no column \"\(name)\", so it is not a table of FER-2013's kind")
        }
        return
      }
      guard fields.count == names.count else {
        throw refuse("\(fields.count) fields, but the first line names \(names.count) columns")
      }
      try body(Row(number: count, line: fields.line, fields: fields, columns: columns))
      count += 1
    }
    let nothing = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    do throws(Failure) {
      while let bytes = try descriptor.read(into: buffer, then: nothing), bytes > 0 {
        try parser.take(UnsafeRawBufferPointer(rebasing: buffer[..<bytes]), take)
      }
      try parser.finish(take)
      guard count > 0 else {
        throw Failure(.badInput, step: "reading the table", cause: "there are no rows in it")
      }
    } catch {
      throw error.within(path)
    }
    return (names, count)
  }

  fileprivate static func trimmed(_ text: String) -> String {
    let start = text.drop { $0 == " " }
    return String(start[..<(start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.startIndex)])
  }
}

/// The votes of FER+ for the rows of FER-2013's table.
struct FERVotes {
  /// The columns with votes, in lower case.
  let columns: [String]
  /// For each row of the table its `Usage`, and a number for each of ``columns``.
  private(set) var rows: [(usage: String, votes: [Float])] = []

  /// - Throws: ``Failure``: `inputOutput` if it cannot be read, `badInput` naming file and line.
  init(path: String) throws(Failure) {
    var rows: [(usage: String, votes: [Float])] = []
    let others: Set<String> = ["usage", "image name"]
    var columns: [String] = []
    _ = try FERTable.read(path, required: ["usage", "neutral", "happiness"]) { (row) throws(Failure) in
      if columns.isEmpty { columns = row.names.filter { !others.contains($0) && !$0.isEmpty } }
      var votes: [Float] = []
      for column in columns {
        let text = try row.text(column) ?? ""
        guard let count = text.isEmpty ? 0 : Float(text), count >= 0, count <= 1e6 else {
          throw Failure(
            .badInput, step: "reading the votes", subject: "line \(row.line)",
            cause: "\"\(text.prefix(40))\" in the column \(column) is no number of votes")
        }
        votes.append(count)
      }
      rows.append((try row.text("usage") ?? "", votes))
    }
    self.columns = columns
    self.rows = rows
  }
}

extension FERTable.Row {
  /// The columns' names in their order.
  fileprivate var names: [String] { columns.sorted { $0.value < $1.value }.map(\.key) }

  /// A picture as `pixels` has it: numbers from 0 to 255 with spaces between them, row by row.
  /// - Returns: The square's side and its pixels.
  /// - Throws: ``Failure`` (`badInput`) for other text, or if it is no square.
  func picture() throws(Failure) -> (side: Int, pixels: [UInt8]) {
    func refuse(_ cause: String) -> Failure { Failure(.badInput, step: "", cause: cause) }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(48 * 48)
    var value: Int?
    for byte in (try text("pixels") ?? "").utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let next = (value ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
        guard next <= 255 else { throw refuse("a pixel is more than 255") }
        value = next
      case UInt8(ascii: " "):
        if let whole = value { pixels.append(UInt8(whole)) }
        value = nil
      default: throw refuse("its pixels are not whole numbers with spaces between them")
      }
    }
    if let value { pixels.append(UInt8(value)) }
    let side = Int(Double(pixels.count).squareRoot())
    guard side > 0, side * side == pixels.count, side <= PictureLimits.side else {
      throw refuse("\(pixels.count) pixels are no square picture")
    }
    return (side, pixels)
  }
}
