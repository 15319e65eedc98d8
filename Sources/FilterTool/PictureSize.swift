import ArgumentParser

/// A size on the command line: `640x360`.
package struct PictureSize: ExpressibleByArgument, Sendable, Equatable {
  /// Pixels, 1 to 65535.
  package let width: Int
  /// Pixels, 1 to 65535.
  package let height: Int

  /// Reads `640x360`; nil for anything else.
  package init?(argument: String) {
    guard let (width, height) = PictureSize.pair(argument, within: 1...65_535) else { return nil }
    self.width = width
    self.height = height
  }

  /// Reads two numbers with an `x` between them; nil for anything else, or numbers out of range.
  package static func pair(_ argument: String, within range: ClosedRange<Int>) -> (Int, Int)? {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let first = sides[0], let second = sides[1], range.contains(first),
      range.contains(second)
    else { return nil }
    return (first, second)
  }
}

/// A library's option on the command line: `name=value`.
package struct NamedValue: ExpressibleByArgument, Sendable {
  /// What comes before the first `=`.
  package let name: String
  /// What comes after it.
  package let value: String

  /// Reads `name=value`; nil without a name or a `=`.
  package init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
    name = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }
}
