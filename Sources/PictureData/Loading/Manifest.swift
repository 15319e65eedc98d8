import SystemIO
import TextTables

/// A list of pictures and their classes: a table with the columns `filename` and `label`, which people may edit.
///
/// Comma-separated values as RFC 4180 has them, UTF-8. Other columns are ignored, except counts of votes if
/// they are asked for.
package struct Manifest: Sendable, Equatable {
  /// One picture.
  package struct Row: Sendable, Equatable {
    /// Absolute, or relative to the data folder or to the manifest's own.
    package var filename: String
    /// The name of its class.
    package var label: String
    /// The line of the file it begins on; 0 if it comes from none.
    package var line: Int
    /// A number for each of ``Manifest/voteColumns``.
    package var votes: [Float]
  }

  /// The pictures in the order of the file.
  package private(set) var rows: [Row] = []
  /// The names of the columns that hold votes, in their order.
  package private(set) var voteColumns: [String] = []
  private var columns: (filename: Int, label: Int, votes: [Int], count: Int)?

  /// Whether both have the same rows.
  package static func == (first: Manifest, second: Manifest) -> Bool {
    first.rows == second.rows && first.voteColumns == second.voteColumns
  }

  /// Lists what a scan of class folders found.
  package init(_ folders: ClassFolders) {
    rows = folders.pictures.map {
      Row(filename: $0.name, label: folders.classes[$0.label], line: 0, votes: [])
    }
  }

  /// Reads a manifest that is in memory.
  /// - Parameter votes: which columns hold votes.
  /// - Throws: ``Failure`` (`badInput`) naming the line.
  package init(parsing bytes: UnsafeRawBufferPointer, votes: VoteRule? = nil) throws(Failure) {
    var parser = CommaSeparatedValues()
    try parser.take(bytes) { (fields) throws(Failure) in try add(fields, votes) }
    try parser.finish { (fields) throws(Failure) in try add(fields, votes) }
    try check()
  }

  /// Reads a manifest file.
  /// - Throws: ``Failure``: `inputOutput` if it cannot be read, `badInput` naming file and line.
  package init(path: String, votes: VoteRule? = nil) throws(Failure) {
    let descriptor = try Descriptor.openForReading(path, only: .any)
    defer { descriptor.close() }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
    defer { buffer.deallocate() }
    var parser = CommaSeparatedValues()
    let nothing = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    do throws(Failure) {
      while true {
        let read = try descriptor.read(into: buffer, then: nothing, unless: StopRequest.descriptor)
        guard let count = read else { throw Failure(.failed, step: "reading", cause: "interrupted") }
        if count == 0 { break }
        try parser.take(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { (fields) throws(Failure) in
          try add(fields, votes)
        }
      }
      try parser.finish { (fields) throws(Failure) in try add(fields, votes) }
      try check()
    } catch {
      throw error.within(path)
    }
  }

  private func check() throws(Failure) {
    if columns == nil {
      throw Failure(
        .badInput, step: "reading the manifest", cause: "it is empty: its first line is filename,label")
    }
    if rows.isEmpty {
      throw Failure(.badInput, step: "reading the manifest", cause: "there are no pictures in it")
    }
  }

  private static func failure(_ line: Int, _ cause: String) -> Failure {
    Failure(.badInput, step: "reading the manifest", subject: "line \(line)", cause: cause)
  }

  private mutating func add(_ fields: CommaSeparatedValues.Fields, _ votes: VoteRule?) throws(Failure) {
    guard let columns else {
      try addHeader(fields, votes)
      return
    }
    guard fields.count == columns.count else {
      throw Self.failure(
        fields.line, "\(fields.count) fields, but the first line names \(columns.count) columns")
    }
    guard rows.count < PictureLimits.pictures else {
      throw Self.failure(fields.line, "more than \(PictureLimits.pictures) pictures")
    }
    var row = Row(
      filename: try fields.fileName(columns.filename), label: try fields.text(columns.label),
      line: fields.line, votes: [])
    guard !row.filename.isEmpty else { throw Self.failure(fields.line, "the filename is empty") }
    for (number, column) in columns.votes.enumerated() {
      let text = try fields.text(column)
      guard let count = text.isEmpty ? 0 : Float(text), count >= 0, count <= 1e6 else {
        throw Self.failure(
          fields.line, "\"\(text.prefix(40))\" in the column \(voteColumns[number]) is not a number of votes")
      }
      row.votes.append(count)
    }
    rows.append(row)
  }

  private mutating func addHeader(
    _ fields: CommaSeparatedValues.Fields, _ votes: VoteRule?
  ) throws(Failure) {
    var places: [String: Int] = [:]
    var voteIndices: [Int] = []
    for index in 0..<fields.count {
      let name = try fields.text(index)
      guard places.updateValue(index, forKey: name) == nil || name.isEmpty else {
        throw Self.failure(fields.line, "two columns are named \"\(name.prefix(60))\"")
      }
      if votes?.isVote(column: name) ?? false {
        voteColumns.append(name)
        voteIndices.append(index)
      }
    }
    guard let filename = places["filename"], let label = places["label"] else {
      throw Self.failure(fields.line, "it does not name the columns filename and label")
    }
    if votes != nil, voteIndices.isEmpty {
      throw Self.failure(fields.line, "none of the columns holds the votes that are asked for")
    }
    guard voteIndices.count <= PictureLimits.classes else {
      throw Self.failure(fields.line, "\(voteIndices.count) columns of votes")
    }
    columns = (filename, label, voteIndices, fields.count)
  }

  /// Writes the columns `filename` and `label`, whole or not at all.
  /// - Throws: ``Failure`` (`inputOutput`).
  package func write(to path: String) throws(Failure) {
    let file = try FileReplacement(path: path)
    var text = "filename,label\n"
    do throws(Failure) {
      for row in rows {
        text +=
          CommaSeparatedValues.quoted(row.filename) + "," + CommaSeparatedValues.quoted(row.label) + "\n"
        guard text.utf8.count >= 1 << 16 else { continue }
        try Self.write(text, to: file)
        text = ""
      }
      try Self.write(text, to: file)
    } catch {
      file.discard()
      throw error.within(path)
    }
    try file.commit()
  }

  private static func write(_ text: String, to file: FileReplacement) throws(Failure) {
    try Array(text.utf8).withUnsafeBufferPointer { bytes throws(Failure) in
      try file.descriptor.write(UnsafeRawBufferPointer(bytes))
    }
  }
}
