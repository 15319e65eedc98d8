import ArgumentParser

/// Numbers of frames on the command line: `90000`, `100-199`, `100-` or `-99`.
struct SequenceRange: ExpressibleByArgument {
  /// As it was given.
  private let text: String

  /// The numbers, both ends included.
  var range: ClosedRange<Int> { Self.range(of: text) ?? 0...(.max) }

  init?(argument: String) {
    guard Self.range(of: argument) != nil else { return nil }
    text = argument
  }

  private static func range(of argument: String) -> ClosedRange<Int>? {
    let ends = argument.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    func number(_ text: Substring, ifEmpty value: Int) -> Int? {
      text.isEmpty ? value : text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
    }
    guard argument != "-", let first = ends.first, let last = ends.last,
      ends.count == 2 || !argument.isEmpty, let start = number(first, ifEmpty: 0),
      let end = number(last, ifEmpty: .max), start <= end
    else { return nil }
    return start...end
  }
}

/// Whole numbers on the command line: `1,3`.
struct NumberList: ExpressibleByArgument {
  let numbers: [Int]

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard !numbers.isEmpty, !numbers.contains(nil) else { return nil }
    self.numbers = numbers.compactMap { $0 }
  }
}
