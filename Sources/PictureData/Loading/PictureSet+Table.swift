import FaceInput
import FrameStream
import NetworkModel
import SystemIO
import TextTables

extension PictureSet {
  /// Reads FER-2013's table: `emotion` is the class by FER-2013's number, `pixels` the picture.
  /// - Parameters:
  ///   - usage: Only rows that say so in `Usage`; nil for all, with a warning if there are several kinds.
  ///   - votes: FER+'s table of votes, row for row, and how they become targets; nil for none.
  ///   - classes: If they are settled already; FER-2013's or FER+'s classes are found among them also by other usual
  ///     names (``ClassOrder/commonName(of:)``). Otherwise those of the votes, or of FER-2013, in alphabetical order.
  /// - Throws: ``Failure``: `inputOutput`, or `badInput` with file and line.
  package init(
    table path: String, usage: String?, votes: (path: String, rule: VoteRule)? = nil,
    classes known: [String]? = nil, options: LoadingOptions
  ) throws(Failure) {
    var gathering = try TableGathering(path, usage, votes, known, options)
    let rows = try FERTable.read(path, required: ["emotion", "pixels"]) { (row) throws(Failure) in
      try gathering.take(row)
    }.rows
    self = try gathering.finish(rows: rows)
  }
}

/// Gathers the rows of a table that are wanted.
private struct TableGathering {
  private let path: String
  private let usage: String?
  private let votes: (path: String, table: FERVotes, rule: VoteRule, numbers: [Int?])?
  private let options: LoadingOptions
  private let classes: [String]
  /// Classes by their common names.
  private let numbers: [String: Int]
  private let resampler: PictureResampler
  private let size: Int
  private var pixels: [UInt8] = []
  private var examples: [PictureSet.Example] = []
  private var unreadable: [PictureSet.Unreadable] = []
  private var droppedCount = 0
  /// How many rows each `Usage` has, in the order of their first rows.
  private var usages: [(name: String, count: Int)] = []

  init(
    _ path: String, _ usage: String?, _ votes: (path: String, rule: VoteRule)?, _ known: [String]?,
    _ options: LoadingOptions
  ) throws(Failure) {
    self.path = path
    self.usage = usage
    self.options = options
    let table = try votes.map { (votes) throws(Failure) in try FERVotes(path: votes.path) }
    let found: [String]
    if let votes, let table, votes.rule.weight >= 1 {
      found = votes.rule.classes(of: table.columns)
    } else {
      found = ClassOrder.fer2013.names.sorted(by: NameList.precedes)
    }
    let isKnown = known.map { known in
      let names = Set(known.map(ClassOrder.commonName))
      return found.allSatisfy { names.contains(ClassOrder.commonName(of: $0)) }
    }
    let classes = isKnown == true ? known ?? found : options.classes(given: known, found: found)
    var numbers: [String: Int] = [:]
    for (number, name) in classes.enumerated() { numbers[ClassOrder.commonName(of: name)] = number }
    if let votes, let table {
      let voteNumbers = table.columns.map { column in
        votes.rule.className(ofColumn: column).flatMap { numbers[ClassOrder.commonName(of: $0)] }
      }
      self.votes = (votes.path, table, votes.rule, voteNumbers)
    } else {
      self.votes = nil
    }
    self.classes = classes
    self.numbers = numbers
    resampler = PictureResampler(width: options.width, height: options.height)
    size = try PixelStorage.byteCount(width: options.width, height: options.height, pictures: 1)
  }

  mutating func take(_ row: FERTable.Row) throws(Failure) {
    if row.number & 1023 == 0 {
      if options.shouldStop?() ?? false {
        throw Failure(.failed, step: "reading pictures", cause: "interrupted")
      }
    }
    let own = try row.text("usage") ?? ""
    if let place = usages.firstIndex(where: { $0.name == own }) {
      usages[place].count += 1
    } else if usages.count < 100 {
      usages.append((own, 1))
    }
    guard usage == nil || usage == own else { return }
    let name = own.isEmpty ? "\(row.number)" : "\(own)/\(row.number)"
    do throws(Failure) {
      guard let example = try example(of: row, name, own) else {
        droppedCount += 1
        return
      }
      try add(row)
      examples.append(example)
    } catch {
      guard error.step.isEmpty else { throw error }
      if options.strict { throw error.within("line \(row.line)") }
      unreadable.append(PictureSet.Unreadable(name: "line \(row.line)", cause: error.cause))
    }
  }

  /// The picture's class and targets; nil if its votes decide for none.
  private func example(of row: FERTable.Row, _ name: String, _ usage: String) throws(Failure)
    -> PictureSet.Example?
  {
    guard examples.count < PictureLimits.pictures else {
      throw Failure(
        .badInput, step: "reading the table", cause: "more than \(PictureLimits.pictures) pictures")
    }
    let emotion = try row.text("emotion") ?? ""
    let names = ClassOrder.fer2013.names
    guard let number = Int(emotion), names.indices.contains(number) else {
      throw Failure(
        .badInput, step: "", cause: "the emotion \"\(emotion.prefix(40))\" is not a number from 0 to 6")
    }
    let label = numbers[names[number]]
    guard let votes else {
      guard let label else { throw noClass(names[number], row) }
      return PictureSet.Example(name: name, label: label)
    }
    guard row.number < votes.table.rows.count, votes.table.rows[row.number].usage == usage || usage.isEmpty
    else {
      throw Failure(
        .badInput, step: "reading the votes", subject: "line \(row.line)",
        cause: "\(votes.path) does not have the same rows as the table")
    }
    if votes.rule.weight < 1, label == nil { throw noClass(names[number], row) }
    return votes.rule.example(
      named: name, label: label, votes.table.rows[row.number].votes, votes.table.columns, votes.numbers,
      classCount: classes.count)
  }

  private func noClass(_ name: String, _ row: FERTable.Row) -> Failure {
    Failure(
      .badInput, step: "reading the table", subject: "line \(row.line)",
      cause: "the class \"\(name)\" is none of \(NameList.quoted(classes))")
  }

  private mutating func add(_ row: FERTable.Row) throws(Failure) {
    let (side, source) = try row.picture()
    let start = pixels.count
    pixels.append(contentsOf: repeatElement(0, count: size))
    try source.withUnsafeBufferPointer { (source) throws(Failure) in
      try pixels.withUnsafeMutableBufferPointer { (pixels) throws(Failure) in
        let plane = PlaneView(source.baseAddress!, width: side, height: side, stride: side)
        try resampler.resample(plane, plane.bounds, range: .pc, into: pixels.baseAddress! + start)
      }
    }
  }

  func finish(rows: Int) throws(Failure) -> PictureSet {
    if let votes, votes.table.rows.count != rows {
      throw Failure(
        .badInput, step: "reading the votes", subject: votes.path,
        cause: "it has \(votes.table.rows.count) rows, and \(path) has \(rows)")
    }
    let kinds = usages.map { "\($0.name.isEmpty ? "no Usage" : $0.name) \($0.count)" }.joined(separator: ", ")
    guard !examples.isEmpty else {
      let first = unreadable.first.map { ": \($0.name): \($0.cause)" } ?? ""
      throw Failure(
        .badInput, step: "reading the table", subject: path,
        cause: usage.map { "no row with the Usage \"\($0.prefix(60))\" can be used; it has \(kinds)" }
          ?? "none of \(rows) rows can be used" + first)
    }
    let storage = try PixelStorage(byteCount: pixels.count)
    storage.bytes.copyBytes(from: pixels)
    let set = PictureSet(
      classes: classes, width: options.width, height: options.height, examples: examples, pixels: storage,
      unreadable: unreadable)
    if usage == nil, usages.count > 1 {
      options.onWarning?(
        "\(path): all its rows are read (\(kinds)); \(path):\(usages[0].name) is a part of them")
    }
    if droppedCount > 0 {
      options.onWarning?("\(path): pictures whose votes decide for no class are left out: \(droppedCount)")
    }
    set.report(options.onWarning, subject: path)
    return set
  }
}
