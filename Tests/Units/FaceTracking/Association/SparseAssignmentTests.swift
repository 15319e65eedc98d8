import SeededNoise
import Testing

@testable import FaceTracking

/// The assignment against all assignments, tried one by one.
struct SparseAssignmentTests {
  /// The least total cost of assigning rows from `row` on, by trying everything.
  private func least(_ costs: [[Double?]], _ row: Int = 0, _ used: Set<Int> = []) -> Double {
    guard row < costs.count else { return 0 }
    var best = least(costs, row + 1, used)
    for (column, cost) in costs[row].enumerated() where !used.contains(column) {
      guard let cost else { continue }
      best = min(best, cost + least(costs, row + 1, used.union([column])))
    }
    return best
  }

  @Test func totalIsTheLeastOfAll() {
    var noise = Noise(7)
    var assignment = SparseAssignment()
    for round in 0..<400 {
      let rows = noise.below(7)
      let columns = noise.below(7)
      // From few pairs to all; often equal costs.
      let density = noise.below(101)
      let costs: [[Double?]] = (0..<rows).map { _ in
        (0..<columns).map { _ in noise.below(100) < density ? Double(noise.below(12)) - 9 : nil }
      }
      assignment.removeAll()
      for row in costs {
        for (column, cost) in row.enumerated() {
          if let cost { assignment.addPair(column: column, cost: cost) }
        }
        assignment.endRow()
      }
      assignment.solve(columnCount: columns)
      var total = 0.0
      var used = Set<Int>()
      for (row, column) in assignment.columnOfRow.enumerated() where column >= 0 {
        total += costs[row][column] ?? .infinity
        #expect(used.insert(column).inserted, "round \(round): a column twice")
      }
      #expect(assignment.columnOfRow.count == rows)
      #expect(total == least(costs), "round \(round): \(costs)")
    }
  }
}
