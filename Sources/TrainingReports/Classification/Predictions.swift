import SystemIO
import TextTables

/// A network's outputs for labeled pictures: what every figure of a report is made from.
package struct Predictions: Sendable, Equatable {
  /// The most classes and pictures, those of a data set.
  package static let limits = (classes: 1024, pictures: 1 << 26)

  /// Class names in the order of the network's outputs.
  package let classes: [String]
  /// The pictures' names, as their files are named; they need not differ.
  package let names: [String]
  /// The true class of each picture, an index in ``classes``.
  package let labels: [Int]
  /// The network's outputs, picture after picture: `count` × `classes.count`. Nothing in them is trusted.
  package let probabilities: [Float]

  /// - Throws: ``Failure`` (`badInput`) if there is no class, if the arrays' lengths do not agree, or if a label
  ///   is not a class.
  package init(classes: [String], names: [String], labels: [Int], probabilities: [Float]) throws(Failure) {
    func refuse(_ cause: String) -> Failure { Failure(.badInput, step: "predictions", cause: cause) }
    guard !classes.isEmpty, classes.count <= Self.limits.classes else {
      throw refuse("\(classes.count) classes; 1 to \(Self.limits.classes) are possible")
    }
    guard names.count == labels.count, labels.count <= Self.limits.pictures else {
      throw refuse("\(names.count) names and \(labels.count) labels")
    }
    guard probabilities.count == labels.count * classes.count else {
      throw refuse(
        "expected \(labels.count) × \(classes.count) probabilities, found \(probabilities.count)")
    }
    if let index = labels.firstIndex(where: { !classes.indices.contains($0) }) {
      throw Failure(
        .badInput, step: "predictions", subject: names[index],
        cause: "label \(labels[index]) of \(classes.count) classes")
    }
    self.classes = classes
    self.names = names
    self.labels = labels
    self.probabilities = probabilities
  }

  private init(_ other: Predictions, probabilities: [Float]) {
    classes = other.classes
    names = other.names
    labels = other.labels
    self.probabilities = probabilities
  }

  /// The same pictures with other outputs, as many.
  package func replacing(probabilities: [Float]) -> Predictions {
    precondition(probabilities.count == self.probabilities.count)
    return Predictions(self, probabilities: probabilities)
  }

  /// Pictures.
  package var count: Int { labels.count }

  /// One picture's outputs, one a class.
  package func row(_ picture: Int) -> ArraySlice<Float> {
    probabilities[picture * classes.count..<(picture + 1) * classes.count]
  }

  /// The class of the largest output, the first of equals as in NumPy's `argmax`; nil if any output of the
  /// picture is NaN or infinite, for then the network has said nothing.
  package func predicted(_ picture: Int) -> Int? {
    var best = 0
    let start = picture * classes.count
    for index in classes.indices {
      let value = probabilities[start + index]
      guard value.isFinite else { return nil }
      if value > probabilities[start + best] { best = index }
    }
    return best
  }

  /// The largest output; nil where ``predicted(_:)`` is.
  package func confidence(_ picture: Int) -> Float? {
    predicted(picture).map { probabilities[picture * classes.count + $0] }
  }

  /// True if the picture's class has one of the `rank` largest outputs, earlier classes first among equals.
  func isAmongLargest(_ rank: Int, _ picture: Int) -> Bool {
    let (start, label) = (picture * classes.count, labels[picture])
    let own = probabilities[start + label]
    var before = 0
    for index in classes.indices {
      let value = probabilities[start + index]
      if value > own || (value == own && index < label) { before += 1 }
    }
    return before < rank
  }

  /// The misclassified pictures, the most confident first; pictures of equal confidence in their own order.
  package func mistakes() -> [Int] {
    labels.indices
      .compactMap { picture -> (picture: Int, confidence: Float)? in
        guard let predicted = predicted(picture), predicted != labels[picture] else { return nil }
        return (picture, probabilities[picture * classes.count + predicted])
      }
      .sorted { ($0.confidence, $1.picture) > ($1.confidence, $0.picture) }
      .map(\.picture)
  }

  /// `predictions.csv`: the columns filename, label, predicted, confidence, then one for each class, headed by
  /// its name. A picture without a prediction has empty `predicted` and `confidence`.
  package func csv() -> [UInt8] {
    var bytes = Array(
      CommaSeparatedValues.row(["filename", "label", "predicted", "confidence"] + classes).utf8)
    for picture in labels.indices {
      let answer = [
        names[picture], classes[labels[picture]], predicted(picture).map { classes[$0] } ?? "",
        confidence(picture)?.description ?? "",
      ]
      bytes += CommaSeparatedValues.row(answer + row(picture).map(\.description)).utf8
    }
    return bytes
  }
}
