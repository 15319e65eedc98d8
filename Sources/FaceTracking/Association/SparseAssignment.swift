/// The assignment of least total cost between rows and columns of which only some pairs are possible.
///
/// A row may stay without a column, at cost 0; so only pairs of negative cost are ever chosen. The answer is optimal:
/// each row is added by a shortest augmenting path under potentials (Jonker and Volgenant 1987, the sparse form), and
/// the search touches only pairs that exist. Memory is kept from call to call.
struct SparseAssignment {
  private var starts: [Int] = []
  private var columns: [Int] = []
  private var costs: [Double] = []
  private(set) var columnOfRow: [Int] = []
  private var rowOfColumn: [Int] = []
  private var rowPotential: [Double] = []
  private var columnPotential: [Double] = []
  private var distance: [Double] = []
  private var parent: [Int] = []
  private var isDone: [Bool] = []
  private var touched: [Int] = []
  private var heap = DistanceHeap()

  /// Removes all rows.
  mutating func removeAll() {
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    columns.removeAll(keepingCapacity: true)
    costs.removeAll(keepingCapacity: true)
  }

  /// Adds a pair to the row that is being described.
  mutating func addPair(column: Int, cost: Double) {
    guard cost < 0 else { return }
    columns.append(column)
    costs.append(cost)
  }

  /// Ends a row; the next pairs belong to the next one.
  mutating func endRow() { starts.append(columns.count) }

  /// Finds the assignment: ``columnOfRow`` then has each row's column, -1 for none.
  mutating func solve(columnCount: Int) {
    let rowCount = starts.count - 1
    columnOfRow.reset(rowCount, -1)
    rowOfColumn.reset(columnCount, -1)
    rowPotential.reset(rowCount, 0)
    columnPotential.reset(columnCount, 0)
    distance.reset(columnCount, .infinity)
    parent.reset(columnCount, -1)
    isDone.reset(columnCount, false)
    for row in 0..<rowCount {
      // The least reduced cost of the row is 0, and so is its private column's, "none", if that is the best.
      var least = 0.0
      for index in starts[row]..<starts[row + 1] {
        least = min(least, costs[index] - columnPotential[columns[index]])
      }
      rowPotential[row] = least
      augment(from: row)
    }
  }

  /// Dijkstra's algorithm over reduced costs, from a new row to the nearest free column or to a row that gives its
  /// column away for none.
  private mutating func augment(from start: Int) {
    touched.removeAll(keepingCapacity: true)
    heap.removeAll()
    // The best end so far: a row that goes without, with the distance of its private column.
    var end = (distance: -rowPotential[start], row: start, column: -1)
    relax(start, at: 0)
    while let next = heap.removeLeast() {
      guard !isDone[next.column] else { continue }
      if next.distance >= end.distance { break }
      isDone[next.column] = true
      let row = rowOfColumn[next.column]
      if row < 0 {
        end = (next.distance, -1, next.column)
        break
      }
      let without = next.distance - rowPotential[row]
      if without < end.distance { end = (without, row, -1) }
      relax(row, at: next.distance)
    }
    // Potentials: everything that was passed keeps its reduced cost of 0 on the tree.
    rowPotential[start] += end.distance
    for column in touched where isDone[column] && distance[column] < end.distance {
      let row = rowOfColumn[column]
      if row >= 0 { rowPotential[row] += end.distance - distance[column] }
      columnPotential[column] -= end.distance - distance[column]
    }
    var column = end.column
    if column < 0, end.row != start {
      column = columnOfRow[end.row]
      columnOfRow[end.row] = -1
    }
    while column >= 0 {
      let row = parent[column]
      let before = columnOfRow[row]
      columnOfRow[row] = column
      rowOfColumn[column] = row
      column = row == start ? -1 : before
    }
    for column in touched {
      distance[column] = .infinity
      isDone[column] = false
    }
  }

  private mutating func relax(_ row: Int, at base: Double) {
    for index in starts[row]..<starts[row + 1] {
      let column = columns[index]
      guard !isDone[column] else { continue }
      let reached = base + max(0, costs[index] - rowPotential[row] - columnPotential[column])
      guard reached < distance[column] else { continue }
      if distance[column] == .infinity { touched.append(column) }
      distance[column] = reached
      parent[column] = row
      heap.insert(distance: reached, column: column)
    }
  }
}

/// Columns by distance, the least first; of equal ones the lower column.
private struct DistanceHeap {
  private var items: [(distance: Double, column: Int)] = []

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    (items[a].distance, items[a].column) < (items[b].distance, items[b].column)
  }

  mutating func insert(distance: Double, column: Int) {
    items.append((distance, column))
    var child = items.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeLeast() -> (distance: Double, column: Int)? {
    guard let least = items.first else { return nil }
    let last = items.removeLast()
    guard !items.isEmpty else { return least }
    items[0] = last
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < items.count && precedes(child, smallest) {
        smallest = child
      }
      if smallest == parent { return least }
      items.swapAt(parent, smallest)
      parent = smallest
    }
  }
}

extension Array {
  /// Makes this `count` copies of `value` and keeps the memory.
  fileprivate mutating func reset(_ count: Int, _ value: Element) {
    removeAll(keepingCapacity: true)
    append(contentsOf: repeatElement(value, count: count))
  }
}
