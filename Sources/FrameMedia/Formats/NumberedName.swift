import SystemIO

/// The name of numbered files, as FFmpeg's image2 format has it: one `%d` or `%05d`, and `%%` for a percent sign.
package struct NumberedName: Sendable {
  /// The name as it was given.
  package let pattern: String
  private let before: String
  private let after: String
  /// The least number of digits.
  private let width: Int

  /// Nil for a name without a number, or with several.
  package init?(_ pattern: String) {
    var parts: [[UInt8]] = [[]]
    var width = 0
    var rest = FileName.bytes(pattern)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        parts[parts.count - 1].append(byte)
        continue
      }
      if rest.first == UInt8(ascii: "%") {
        parts[parts.count - 1].append(rest.removeFirst())
        continue
      }
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      rest = rest[digits.endIndex...]
      guard digits.count <= 2, rest.popFirst() == UInt8(ascii: "d"), parts.count == 1 else { return nil }
      width = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
      parts.append([])
    }
    guard parts.count == 2 else { return nil }
    self.pattern = pattern
    self.width = width
    (before, after) = (FileName.text(parts[0]), FileName.text(parts[1]))
  }

  /// The file with a number.
  package func path(_ number: Int) -> String {
    let digits = String(number)
    return before + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits + after
  }

  /// The folder that the files are in.
  package var folder: String { FilePath.folder(of: before).map { $0 + "/" } ?? "." }

  /// The numbers of the files that are there, in their order; none if the number is part of a folder's name.
  package func numbers() -> [Int] {
    guard !after.utf8.contains(UInt8(ascii: "/")) else { return [] }
    let beginning = FileName.bytes(
      FilePath.folder(of: before).map { String(before.dropFirst($0.count + 1)) } ?? before)
    let ending = FileName.bytes(after)
    var numbers: [Int] = []
    for name in FolderListing.names(in: folder) ?? [] {
      let bytes = FileName.bytes(name)
      guard bytes.count > beginning.count + ending.count, bytes.starts(with: beginning),
        bytes[(bytes.count - ending.count)...].elementsEqual(ending)
      else { continue }
      let digits = bytes[beginning.count..<(bytes.count - ending.count)]
      // Only the spelling that `path` gives: 7 is no number of %03d.
      guard digits.count < 19, let number = Int(String(decoding: digits, as: UTF8.self)), number >= 0,
        digits.elementsEqual(
          FileName.bytes(path(number)).dropFirst(FileName.bytes(before).count).dropLast(ending.count))
      else { continue }
      numbers.append(number)
    }
    return numbers.sorted()
  }

  /// Numbers that are missing between others, in words; nil if there are none.
  package static func gaps(in numbers: [Int]) -> String? {
    let gaps = zip(numbers, numbers.dropFirst()).filter { $1 - $0 > 1 }.map { ($0 + 1, $1 - 1) }
    guard !gaps.isEmpty else { return nil }
    let words = gaps.prefix(5).map { $0 == $1 ? "\($0)" : "\($0) to \($1)" }.joined(separator: ", ")
    return gaps.count > 5 ? words + " and \(gaps.count - 5) more gaps" : words
  }
}
