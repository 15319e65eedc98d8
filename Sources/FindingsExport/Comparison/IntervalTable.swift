import SystemIO
import TextTables

/// Coded intervals from a table: one interval a row, with its start and its end or length; or, as BORIS writes events, one
/// row for the start and one for the end of a state.
enum IntervalTable {
  /// What a column may hold.
  private enum Content: CaseIterable {
    case start, end, duration, label, subject, tier, time, kind

    /// What programs call such a column, in lower case and without a unit in brackets or behind a dash.
    var names: [String] {
      switch self {
      case .start: ["start", "onset", "begin", "begin time", "start time", "from", "xmin"]
      case .end: ["end", "stop", "offset", "end time", "stop time", "to", "xmax"]
      case .duration: ["duration", "length"]
      case .label:
        ["label", "expression", "behavior", "behaviour", "annotation", "value", "code", "text", "emotion"]
      case .subject: ["subject", "person", "participant", "who", "tier", "id", "face"]
      case .tier: ["tier"]
      case .time: ["time"]
      case .kind: ["behavior type", "behaviour type", "status", "type"]
      }
    }
  }

  static func read(_ bytes: [UInt8]) throws(Failure) -> CodedIntervals {
    var columns: Columns?
    var intervals: [CodedIntervals.Interval] = []
    var open: [[String]: Double] = [:]
    var leftOut = 0
    func add(_ fields: CommaSeparatedValues.Fields) throws(Failure) {
      var cells: [String] = []
      for index in 0..<fields.count { cells.append(try fields.text(index)) }
      guard let columns else {
        columns = try Columns(cells)
        return
      }
      func cell(_ content: Content) -> String? {
        columns.places[content].flatMap { cells.indices.contains($0) ? cells[$0] : nil }
      }
      func number(_ content: Content) throws(Failure) -> Double? {
        guard let text = cell(content), !text.isEmpty else { return nil }
        guard let value = seconds(text).map({ $0 * (columns.units[content] ?? 1) }) else {
          throw Failure(
            .badInput, step: "coded intervals", subject: "line \(fields.line)",
            cause: "\"\(text.prefix(40))\" is no time")
        }
        return value
      }
      let (label, tier) = (cell(.label) ?? "", cell(.tier) ?? "")
      // ELAN leaves the participant of most tiers empty.
      let subject = cell(.subject).flatMap { $0.isEmpty ? nil : $0 } ?? tier
      if columns.hasEvents {
        guard let time = try number(.time) else {
          leftOut += 1
          return
        }
        switch cell(.kind)?.lowercased() {
        case "start": open[[subject, label]] = time
        case "stop":
          guard let start = open.removeValue(forKey: [subject, label]) else {
            leftOut += 1
            return
          }
          intervals.append(
            CodedIntervals.Interval(subject: subject, tier: tier, label: label, start: start, end: time))
        default: leftOut += 1
        }
        return
      }
      guard let start = try number(.start) else {
        leftOut += 1
        return
      }
      let end = try number(.end)
      let length = end == nil ? try number(.duration) : nil
      guard let end = end ?? length.map({ start + $0 }) else {
        leftOut += 1
        return
      }
      intervals.append(
        CodedIntervals.Interval(subject: subject, tier: tier, label: label, start: start, end: end))
    }
    var parser = CommaSeparatedValues(separator: separator(of: bytes))
    try bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in try parser.take(bytes, add) }
    try parser.finish(add)
    var coded = CodedIntervals(intervals, leftOut: leftOut + open.count)
    if let columns, columns.places[.subject] == nil {
      coded.remarks.append(
        "no column says who it is (\(Content.subject.names.joined(separator: ", "))), so all rows are one person's"
          + (columns.unread.isEmpty ? "" : "; columns that are not read: \(NameList.quoted(columns.unread))"))
    }
    return coded
  }

  /// The character of the first line that separates most.
  private static func separator(of bytes: [UInt8]) -> UInt8 {
    let line = bytes.prefix(1 << 16).prefix { $0 != 0x0A }
    return [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")].max { first, second in
      line.count { $0 == first } < line.count { $0 == second }
    } ?? UInt8(ascii: ",")
  }

  /// Seconds, or `[[hours:]minutes:]seconds`.
  private static func seconds(_ text: String) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count) else { return nil }
    var value = 0.0
    for part in parts {
      guard let number = Double(part.filter { $0 != " " }), number.isFinite else { return nil }
      value = value * 60 + number
    }
    return value
  }

  private struct Columns {
    var places: [Content: Int] = [:]
    /// Seconds in one unit of a column of times; 1 for those that are not here.
    var units: [Content: Double] = [:]
    let hasEvents: Bool
    /// The columns of other names.
    let unread: [String]

    /// What ELAN's columns of times have, `Begin Time - ss.msec`, the best first; it may write a time in several.
    private static let units: [(name: String, seconds: Double)] = [
      ("ss.msec", 1), ("hh:mm:ss.ms", 1), ("msec", 0.001),
    ]

    init(_ header: [String]) throws(Failure) {
      let cells = header.map { cell in
        String(cell.lowercased().prefix { $0 != "(" && $0 != "[" }.reversed().drop { $0 == " " }.reversed())
      }
      for content in Content.allCases {
        // The first of the names that there is.
        for name in content.names where places[content] == nil {
          places[content] = cells.firstIndex(of: name)
          for unit in Self.units where places[content] == nil {
            guard let place = cells.firstIndex(of: "\(name) - \(unit.name)") else { continue }
            (places[content], units[content]) = (place, unit.seconds)
          }
        }
      }
      let read = Set(places.values)
      unread = header.indices.filter { !read.contains($0) }.map { header[$0] }
      hasEvents = places[.start] == nil && places[.time] != nil && places[.kind] != nil
      guard places[.label] != nil,
        hasEvents || places[.start] != nil && (places[.end] != nil || places[.duration] != nil)
      else {
        throw Failure(
          .badInput, step: "no table of intervals",
          cause:
            "its first line needs columns for start, end or duration, and label; it has \(NameList.quoted(header))"
        )
      }
    }
  }
}
