import ExpressionNet
import Glibc
import NetworkModel
import PictureData
import SystemIO

/// Measures, on labeled pictures, the usual ways to put pixels into a network and the usual orders of its classes: what
/// a file that says neither was made for.
package struct InputTrials: Sendable {
  /// A usual range of pixels.
  package enum Range: String, Sendable, CaseIterable {
    case bytes = "0 to 255"
    case unit = "0 to 1"
    case symmetric = "-1 to 1"
    case standardized

    /// Scale, offset and standardization that make it of pixels from 0 to 255.
    package var preprocessing: Preprocessing {
      switch self {
      case .bytes: Preprocessing()
      case .unit: Preprocessing(scale: 1 / 255)
      case .symmetric: Preprocessing(scale: 1 / 127.5, offset: -1)
      case .standardized: Preprocessing(standardize: true)
      }
    }
  }

  /// An order of the network's classes.
  package struct Order: Sendable, Equatable {
    /// What `--classes` takes for it; nil for the file's own, which need not be given.
    package let option: String?
    /// The names in the order of the outputs.
    package let names: [String]

    /// An order by a name, or by its names.
    package init(option: String?, names: [String]) {
      self.option = option
      self.names = names
    }
  }

  /// What one range and one order gave.
  package struct Trial: Sendable {
    /// How pixels were put in.
    package let range: Range
    /// What the outputs were called.
    package let order: Order
    /// The share of the pictures whose class had the largest probability.
    package let accuracy: Double
    /// The mean of -ln p of the pictures' classes, p at least 1e-7.
    package let crossEntropy: Double
  }

  /// All trials, the most accurate first.
  package let trials: [Trial]
  /// The pictures.
  package let count: Int
  /// The share of the largest class: what naming all pictures alike gives.
  package let largestShare: Double

  /// - Parameters:
  ///   - set: Pictures of classes that go by any usual name.
  ///   - preparation: How they become the network's input, but for the range.
  ///   - isStopped: Asked after each batch.
  /// - Throws: ``Failure`` (`badInput`) if no order has all the pictures' classes; (`failed`) if it was stopped.
  package init(
    _ model: ExpressionModel, _ set: PictureSet, _ preparation: InputPreparation, threads: Int = 0,
    isStopped: () -> Bool = { false }
  ) throws(Failure) {
    let outputs = model.outputs.classCount
    let members = Self.orders(of: model, set).compactMap { order in
      Self.places(of: set, in: order).map { (order: order, places: $0) }
    }
    guard !members.isEmpty else {
      throw Failure(
        .badInput, step: "trying inputs",
        cause:
          "the network is for \(outputs) classes, and none of their usual orders has the pictures' classes "
          + "\(set.classes.joined(separator: ", ")); name them in the order of the outputs with --classes")
    }
    var trials: [Trial] = []
    for range in Range.allCases {
      var preparation = preparation
      let preprocessing = range.preprocessing
      (preparation.scale, preparation.offset) = (preprocessing.scale, preprocessing.offset)
      preparation.standardize = preprocessing.standardize
      let evaluator = try Evaluator(set, preparation: preparation, threads: threads)
      guard let rows = try evaluator.probabilities(of: model.graph, isStopped: isStopped) else {
        throw Failure(.failed, step: "interrupted", cause: "before all inputs were tried")
      }
      for (order, places) in members {
        trials.append(Self.trial(range, order, places, set, rows, outputs))
      }
    }
    // Of equals the one that was tried first.
    self.trials = trials.enumerated().sorted {
      ($1.element.accuracy, $0.offset) < ($0.element.accuracy, $1.offset)
    }.map(\.element)
    count = set.count
    largestShare = Double(set.classCounts.max() ?? 0) / Double(max(set.count, 1))
  }

  /// The file's order if it names its classes; otherwise the usual orders of that many classes, and that of the folders.
  private static func orders(of model: ExpressionModel, _ set: PictureSet) -> [Order] {
    if !model.hasGuessedClasses, !model.classes.isEmpty { return [Order(option: nil, names: model.classes)] }
    let count = model.outputs.classCount
    var orders = ClassOrder.allCases.filter { $0.names.count == count }.map {
      Order(option: $0.rawValue, names: $0.names)
    }
    let known = orders.map { $0.names.map(ClassOrder.commonName) }
    if set.classes.count == count, !known.contains(set.classes.map(ClassOrder.commonName)) {
      orders.append(Order(option: set.classes.joined(separator: ","), names: set.classes))
    }
    return orders
  }

  /// The output of each of the set's classes; nil if the order lacks a class that has pictures.
  private static func places(of set: PictureSet, in order: Order) -> [Int?]? {
    let names = order.names.map(ClassOrder.commonName)
    let places = set.classes.map { names.firstIndex(of: ClassOrder.commonName(of: $0)) }
    return zip(places, set.classCounts).contains { $0 == nil && $1 > 0 } ? nil : places
  }

  private static func trial(
    _ range: Range, _ order: Order, _ places: [Int?], _ set: PictureSet, _ rows: [Float], _ outputs: Int
  ) -> Trial {
    var right = 0
    var entropy = 0.0
    for index in 0..<set.count {
      guard let place = places[set.label(index)] else { continue }
      let row = rows[(index * outputs)..<((index + 1) * outputs)]
      if row.allSatisfy(\.isFinite), row.indices.max(by: { row[$0] < row[$1] }) == row.startIndex + place {
        right += 1
      }
      let probability = Double(row[row.startIndex + place])
      entropy -= log(min(max(probability.isFinite ? probability : 0, 1e-7), 1))
    }
    return Trial(
      range: range, order: order, accuracy: Double(right) / Double(max(set.count, 1)),
      crossEntropy: entropy / Double(max(set.count, 1)))
  }

  /// The trial that is right: better than naming all pictures alike, and than every other trial, by more than three
  /// standard errors. Nil if there is none.
  package var right: Trial? {
    guard let best = trials.first else { return nil }
    func exceeds(_ other: Double) -> Bool {
      let variance = best.accuracy * (1 - best.accuracy) + other * (1 - other)
      return best.accuracy - other > 3 * (variance / Double(max(count, 1))).squareRoot()
    }
    guard exceeds(largestShare), trials.count < 2 || exceeds(trials[1].accuracy) else { return nil }
    return best
  }
}
