import SystemIO
import TextTables

/// How counts of people's votes become training targets, after FER+ (Barsoum et al., Training Deep Networks
/// for Facial Expression Recognition with Crowd-Sourced Label Distribution, 2016).
///
/// Targets are the votes for the classes divided by their sum. A picture whose most votes are for no class
/// (`unknown`, `nf`: not a face) is dropped, and so is one without votes. Of equal counts the first column wins.
package struct VoteRule: Sendable, Equatable {
  /// Columns that begin so hold votes; what follows is the name of the class.
  package var prefix: String?
  /// Columns by their full name, and the class that each is for. They go before ``prefix``.
  package var columns: [String: String] = [:]
  /// Other class names for what follows the prefix: `["happiness": "happy"]`.
  package var renamed: [String: String] = [:]
  /// What follows the prefix of votes for no class.
  package var noClass: Set<String> = ["unknown", "nf"]
  /// Whether a single vote counts as none, as in the authors' program.
  package var cutsSingleVotes = false
  /// A picture is dropped if its most votes are a smaller part of all: 0.5 asks for a majority.
  package var minimumShare: Float = 0
  /// The votes' part of the target; the rest goes to the row's `label`, which then is the picture's label. With less
  /// than 1 votes that decide for no class leave all to the label, and only pictures that are not faces are dropped.
  package var weight: Float = 1
  /// What follows the prefix of votes for no face being there.
  package var noFace: Set<String> = ["nf"]

  /// - Parameter prefix: as `ferplus_`.
  package init(prefix: String?) {
    self.prefix = prefix
  }

  func isVote(column: String) -> Bool {
    columns[column] != nil || voteName(ofColumn: column).map { !$0.isEmpty } ?? false
  }

  /// What a column's name has after the prefix; nil for one without it.
  private func voteName(ofColumn column: String) -> String? {
    guard let prefix, column.hasPrefix(prefix) else { return nil }
    return String(column.dropFirst(prefix.count))
  }

  /// The class that a column's votes are for; nil for none.
  func className(ofColumn column: String) -> String? {
    if let name = columns[column] { return name }
    guard let name = voteName(ofColumn: column), !noClass.contains(name) else { return nil }
    return renamed[name] ?? name
  }

  /// True if most votes say that a picture shows no face.
  func saysNoFace(_ votes: [Float], _ columns: [String]) -> Bool {
    guard let most = votes.max(), most > 0, let winner = votes.firstIndex(of: most) else { return false }
    return voteName(ofColumn: columns[winner]).map(noFace.contains) ?? false
  }

  /// The classes of columns, sorted as class folders are.
  package func classes(of columns: [String]) -> [String] {
    Set(columns.compactMap(className(ofColumn:))).sorted(by: NameList.precedes)
  }

  /// What the network should say of a picture; nil if the picture is to be dropped.
  /// - Parameters:
  ///   - label: The number of the class that it is labeled as; needed where ``weight`` is less than 1.
  ///   - votes: By column.
  ///   - numbers: Each column's class; nil for none.
  func example(
    named name: String, label: Int?, _ votes: [Float], _ columns: [String], _ numbers: [Int?], classCount: Int
  ) -> PictureSet.Example? {
    var example = PictureSet.Example(name: name, label: label ?? 0)
    let found = targets(votes, numbers, classCount: classCount)
    if weight < 1 {
      if saysNoFace(votes, columns) { return nil }
      if let found {
        example.targets = found.shares.map { $0 * weight }
        example.targets[example.label] += 1 - weight
      }
      return example
    }
    guard let found else { return nil }
    (example.targets, example.label) = (found.shares, found.label)
    return example
  }

  /// Shares for each class, and the number of the class with most votes; nil if the picture is to be dropped.
  /// - Parameters:
  ///   - votes: by column.
  ///   - numbers: each column's class; nil for none.
  func targets(_ votes: [Float], _ numbers: [Int?], classCount: Int) -> (shares: [Float], label: Int)? {
    let counted = votes.map { cutsSingleVotes && $0 <= 1 ? 0 : $0 }
    guard let most = counted.max(), most > 0, let winner = counted.firstIndex(of: most),
      let label = numbers[winner], most >= minimumShare * counted.reduce(0, +)
    else { return nil }
    var shares = [Float](repeating: 0, count: classCount)
    for (column, count) in counted.enumerated() {
      if let number = numbers[column] { shares[number] += count }
    }
    let sum = shares.reduce(0, +)
    return (shares.map { $0 / sum }, label)
  }
}
