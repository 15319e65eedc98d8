import FrameStream
import TextTables

extension RunComparison {
  /// The conditions of figures: runs with different ones cannot be compared.
  package struct Conditions: Sendable, Equatable {
    /// The pictures' folder, or which part of the training pictures they are; nil if that is not known.
    package var pictures: String?
    /// Looks at a picture, as ``PictureViews`` names them.
    package var views: String?
    /// The numbers that the network computed with, as ``Precision`` names them; nil if that is not known.
    package var precision: String?
    /// The angle in degrees by which pictures were rotated first.
    package var turn: Double?
    /// The side in pixels to which pictures were downscaled first.
    package var downscale: Int?
    /// The blur that pictures were given first.
    package var blur: Double?
    /// The share of their light that pictures kept.
    package var lowLight: Double?

    /// Nothing is known.
    package init() {}

    /// From what a report keeps of how it was made.
    init(details: JSONValue) {
      pictures = details["pictures"]?.string.map(Self.plain)
      views = details["views"]?.string
      precision = details["precision"]?.string
      turn = details["turn"]?.double
      downscale = details["downscale"]?.int
      blur = details["blur"]?.double
      lowLight = details["low_light"]?.double
    }

    /// One spelling of a folder's path.
    private static func plain(_ path: String) -> String {
      var path = path[...]
      while path.hasPrefix("./"), path.count > 2 { path.removeFirst(2) }
      while path.hasSuffix("/"), path.count > 1 { path.removeLast() }
      return String(path)
    }

    /// What fit writes of its own pictures, whose folder evaluate may know.
    private var isPartOfTraining: Bool { pictures == "training" || pictures == "validation" }

    /// Whether two reports are known to be of different pictures.
    func hasOtherPictures(than other: Self) -> Bool {
      guard let pictures, let others = other.pictures else { return false }
      return isPartOfTraining == other.isPartOfTraining && pictures != others
    }

    func hasOtherViews(than other: Self) -> Bool {
      guard let views, let others = other.views else { return false }
      return views != others
    }

    func hasOtherPrecision(than other: Self) -> Bool {
      guard let precision, let others = other.precision else { return false }
      return precision != others
    }
  }

  /// A condition's column, and whether it differs between two runs.
  private typealias Difference = (column: Column, differs: @Sendable (Run, Run) -> Bool)

  /// A condition that is a number, or nothing.
  private static func number(
    _ heading: String, _ value: @escaping @Sendable (Conditions) -> Double?
  ) -> Difference {
    (
      Column(heading: heading, words: { value($0.conditions).map { DecimalText.shortest($0) } }),
      { value($0.conditions) != value($1.conditions) }
    )
  }

  /// Of every condition.
  private static let conditions: [Difference] = [
    (
      Column(heading: "classes", words: { $0.report.classes.joined(separator: ", ") }),
      { $0.report.classes != $1.report.classes && Set($0.report.classes) != Set($1.report.classes) }
    ),
    (
      Column(heading: "pictures", words: { DecimalText.grouped($0.report.count) }),
      { $0.report.count != $1.report.count || $0.report.hasOtherSupport(than: $1.report) }
    ),
    (
      Column(heading: "from", words: { $0.conditions.pictures.map(end(of:)) }),
      { $0.conditions.hasOtherPictures(than: $1.conditions) }
    ),
    (
      Column(heading: "views", words: { $0.conditions.views }),
      { $0.conditions.hasOtherViews(than: $1.conditions) }
    ),
    (
      Column(heading: "precision", words: { $0.conditions.precision }),
      { $0.conditions.hasOtherPrecision(than: $1.conditions) }
    ),
    number("turn") { $0.turn },
    number("downscale") { $0.downscale.map(Double.init) },
    number("blur") { $0.blur },
    number("low light") { $0.lowLight },
  ]

  /// The end of a long path, by which folders differ.
  private static func end(of path: String) -> String {
    path.count > Column.wordsWidth ? "…" + path.suffix(Column.wordsWidth - 1) : path
  }

  /// The columns of the conditions in which the runs differ; none if their figures can be compared.
  var differingConditions: [Column] {
    Self.conditions.filter { condition in
      runs.indices.contains { index in
        runs[..<index].contains { condition.differs($0, runs[index]) }
      }
    }.map(\.column)
  }

  /// Why no figure is better than another one: the conditions in which the runs differ; nil if none is.
  package var warning: String? {
    let names = differingConditions.map { $0.heading == "from" ? "the pictures' folders" : $0.heading }
    guard let last = names.last else { return nil }
    let list = names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
    return "the reports differ in \(list): their figures cannot be compared, and no best one is marked"
  }
}

extension ClassificationReport {
  /// Whether it has the same classes, but different numbers of pictures.
  fileprivate func hasOtherSupport(than other: Self) -> Bool {
    guard classes != other.classes else { return support != other.support }
    let numbers = Dictionary(zip(classes, support), uniquingKeysWith: +)
    let others = Dictionary(zip(other.classes, other.support), uniquingKeysWith: +)
    return numbers.keys == others.keys && numbers != others
  }
}
