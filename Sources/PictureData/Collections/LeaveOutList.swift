import SystemIO
import TextTables

/// Backgrounds and places of them that are not learned from: a table with the column `filename`, relative to the folder
/// of backgrounds, and `x`, `y`, `width` and `height` in pixels of the file for a place, or nothing in them for the whole
/// picture. Other columns are ignored.
package struct LeaveOutList: Sendable {
  private var wholes: Set<String> = []
  private var parts: [String: [BackgroundPictures.Place]] = [:]
  private static let columns = ["x", "y", "width", "height"]
  private static let limit = 64 << 20

  /// Nothing is left out.
  package init() {}

  /// Reads a list.
  /// - Throws: ``Failure``: `inputOutput` if the file cannot be read, `badInput` naming file and line.
  package init(path: String) throws(Failure) {
    let bytes = try WholeFile.read(path, limit: Self.limit)
    do throws(Failure) {
      try bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in try parse(bytes) }
    } catch {
      throw error.within(path)
    }
  }

  /// All pictures on the list.
  package var names: Set<String> { wholes.union(parts.keys) }

  /// Whether a picture is left out as a whole.
  package func hasWhole(_ name: String) -> Bool { wholes.contains(name) }

  /// The places of a picture, in pixels of its file.
  package func places(in name: String) -> [BackgroundPictures.Place] { parts[name] ?? [] }

  private mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    var parser = CommaSeparatedValues()
    var columns: [String: Int] = [:]
    var rows: [(name: String, place: BackgroundPictures.Place?)] = []
    func take(_ fields: CommaSeparatedValues.Fields) throws(Failure) {
      func refuse(_ cause: String) -> Failure {
        Failure(
          .badInput, step: "reading the list of what to leave out", subject: "line \(fields.line)",
          cause: cause)
      }
      if columns.isEmpty {
        for index in 0..<fields.count { columns[try fields.text(index)] = index }
        guard columns["filename"] != nil else { throw refuse("it does not name the column filename") }
        return
      }
      func number(_ column: String) throws(Failure) -> Float? {
        guard let index = columns[column], index < fields.count else { return nil }
        let text = try fields.text(index)
        if text.isEmpty { return nil }
        guard let value = Float(text), value.isFinite, abs(value) < 1e7 else {
          throw refuse("\"\(text.prefix(40))\" in the column \(column) is not a number of pixels")
        }
        return value
      }
      guard let index = columns["filename"], index < fields.count else {
        throw refuse("there is no file name")
      }
      let name = try fields.fileName(index)
      var numbers: [Float] = []
      for column in Self.columns { if let value = try number(column) { numbers.append(value) } }
      if numbers.isEmpty {
        rows.append((name, nil))
      } else {
        guard numbers.count == 4, numbers[2] > 0, numbers[3] > 0 else {
          throw refuse("a place needs x, y, width and height, the last two more than 0")
        }
        rows.append(
          (
            name,
            BackgroundPictures.Place(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
          ))
      }
    }
    try parser.take(bytes, take)
    try parser.finish(take)
    for (name, place) in rows {
      if let place { parts[name, default: []].append(place) } else { wholes.insert(name) }
    }
  }
}
