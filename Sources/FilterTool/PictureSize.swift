import ArgumentParser

/// A size on the command line: `640x360`.
package struct PictureSize: ExpressibleByArgument, Sendable, Equatable {
  /// Pixels in a row.
  package let width: Int
  /// Rows of pixels.
  package let height: Int

  package init?(argument: String) {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1], (1...65_535).contains(width),
      (1...65_535).contains(height)
    else { return nil }
    self.width = width
    self.height = height
  }
}

/// A library's option on the command line: `name=value`.
package struct NamedValue: ExpressibleByArgument, Sendable {
  /// What stands before the `=`.
  package let name: String
  /// What stands after the `=`.
  package let value: String

  package init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
    name = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }
}
