import Testing

/// What can happen to tools at work, a row each.
protocol FaultTable {
  associatedtype Fault: Sendable
  associatedtype Output: Sendable
  /// Those that it happens to, down the pipe.
  static var tools: [String] { get }
}

/// What happens to a tool, and how it must end.
struct FaultRow<Table: FaultTable>: Sendable, CustomTestStringConvertible {
  var fault: Table.Fault
  /// The tool that it happens to, by its place in the pipe.
  var tool = 0
  /// Exit statuses down the pipe.
  var statuses: [Int32]
  /// What becomes of the output.
  var output: Table.Output
  /// Part of what the tool says.
  var message = ""
  var testDescription: String { "\(fault): \(Table.tools[tool])" }
}
