import FrameStream
import PictureData
import SystemIO
import TextTables
import TrainingReports

/// How much each setting of a search mattered: the share of the variance among the trials' scores that it accounts for by
/// itself, by a functional analysis of variance over a forest of regression trees (Hutter, Hoos and Leyton-Brown, "An
/// Efficient Approach for Assessing Hyperparameter Importance", 2014).
///
/// Trials are compared where all of them were: at the first rung. What is left to 1 is due to settings together, and to
/// chance.
enum SettingImportance {
  /// The trials that are needed to say anything.
  static let leastTrials = 10
  private static let trees = 64
  /// The values that a setting's range is divided into, with as many trials in each.
  private static let bins = 16

  /// The settings that differ among trials, the most important first; none if there are too few trials.
  static func shares(of records: [TrialRecord]) -> [SettingShare] {
    // Processes append in any order.
    let compared = records.filter { $0.rung == 0 && $0.score?.isFinite == true }.sorted {
      ($0.seed, $0.number) < ($1.seed, $1.number)
    }
    guard compared.count >= leastTrials else { return [] }
    let keys = compared[0].settings.map(\.key)
    var names: [String] = []
    var table = RegressionTable(features: [], scores: compared.map { $0.score ?? 0 })
    for key in keys {
      let values = compared.compactMap { record in record.settings.first { $0.key == key }?.value }
      guard values.count == compared.count, let feature = feature(values) else { continue }
      names.append(key)
      table.features.append(feature)
    }
    var sums = [Double](repeating: 0, count: names.count)
    var count = 0.0
    var random = SeededGenerator(seed: 1)
    for _ in 0..<(names.isEmpty ? 0 : trees) {
      guard let effects = RegressionTree(table, &random).mainEffects() else { continue }
      count += 1
      for (index, effect) in effects.enumerated() { sums[index] += effect }
    }
    guard count > 0 else { return [] }
    return zip(names, sums).map { SettingShare(name: $0, share: $1 / count) }.sorted {
      ($1.share, $0.name) < ($0.share, $1.name)
    }
  }

  /// A setting's column; nil if all trials have the same value.
  private static func feature(_ values: [JSONValue]) -> RegressionTable.Feature? {
    let numbers = values.compactMap(\.double)
    if numbers.count == values.count {
      let sorted = numbers.sorted()
      // Bins begin at values that occur, so that equal values are in one.
      var starts: [Double] = []
      for bin in 0..<bins {
        let start = sorted[bin * sorted.count / bins]
        if starts.last != start { starts.append(start) }
      }
      guard starts.count > 1 else { return nil }
      return RegressionTable.Feature(
        values: numbers.map { number in (starts.lastIndex { $0 <= number } ?? 0) }, count: starts.count,
        isOrdered: true)
    }
    let texts = values.map { value in
      var writer = JSONWriter()
      writer.value(value)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
    let distinct = Set(texts).sorted(by: NameList.precedes)
    guard distinct.count > 1 else { return nil }
    return RegressionTable.Feature(
      values: texts.map { distinct.firstIndex(of: $0) ?? 0 }, count: distinct.count, isOrdered: false)
  }
}
