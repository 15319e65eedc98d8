import ArgumentParser

/// A size on the command line: `640x360`.
public struct PictureSize: ExpressibleByArgument, Sendable, Equatable {
  public let width: Int
  public let height: Int

  public init?(argument: String) {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1], (1...65_535).contains(width),
      (1...65_535).contains(height)
    else { return nil }
    self.width = width
    self.height = height
  }
}

/// A library's option on the command line: `name=value`.
public struct NamedValue: ExpressibleByArgument, Sendable {
  public let name: String
  public let value: String

  public init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
    name = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }
}
