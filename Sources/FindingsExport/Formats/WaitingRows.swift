/// Rows of a table whose header names the classes, which only the first face tells: those of the frames before it wait.
struct WaitingRows<Row> {
  private var rows: [Row] = []

  /// Frames that wait at most; a film whose first hours have no face gets its header without classes.
  private static var most: Int { 200_000 }

  /// Keeps the row of a frame, unless it has faces or enough wait: then the header is to be written.
  /// - Returns: whether the row waits.
  mutating func keep(_ row: Row, hasFaces: Bool) -> Bool {
    guard !hasFaces, rows.count < Self.most else { return false }
    rows.append(row)
    return true
  }

  /// The rows that waited, in their order; none waits afterwards.
  mutating func removeAll() -> [Row] {
    defer { rows = [] }
    return rows
  }
}
