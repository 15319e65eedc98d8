import FrameStream
import PictureData
import SystemIO
import TextTables

extension Recipe {
  /// How much the pictures of each class count in the loss.
  package enum ClassWeights: Sendable, Equatable {
    /// All classes count the same.
    case none
    /// Each class counts as much as any other: pictures / (classes · pictures of the class), as scikit-learn has it.
    case balanced
    /// Factors by the class's name; 1 for one without (Keras's `class_weight`).
    case factors([String: Double])
  }
}

extension Recipe.ClassWeights {
  private static let range = 0.0...1e6

  /// `none`, `balanced`, or factors as a command line has them: `angry=1.5,disgust=2`, `"a, b=1.5",disgust=2`. Nil for
  /// something else.
  init?(_ text: String) {
    switch text {
    case "none": self = .none
    case "balanced": self = .balanced
    default:
      var factors: [String: Double] = [:]
      guard let pairs = NameList.names(in: text) else { return nil }
      for pair in pairs {
        guard let sign = pair.lastIndex(of: "="), sign > pair.startIndex,
          let factor = Double(pair[pair.index(after: sign)...]), Self.range.contains(factor),
          factors.updateValue(factor, forKey: String(pair[..<sign])) == nil
        else { return nil }
      }
      self = .factors(factors)
    }
  }

  /// A string as ``init(_:)`` reads it, or an object of factors. Nil for something else.
  init?(json: JSONValue) {
    if let text = json.string {
      self.init(text)
      return
    }
    guard let fields = json.object?.fields, !fields.isEmpty else { return nil }
    var factors: [String: Double] = [:]
    for (name, value) in fields {
      guard let factor = value.double, Self.range.contains(factor),
        factors.updateValue(factor, forKey: name) == nil
      else { return nil }
    }
    self = .factors(factors)
  }

  func write(to writer: inout JSONWriter) {
    switch self {
    case .none: writer.value("none")
    case .balanced: writer.value("balanced")
    case .factors(let factors):
      writer.object { object in
        for (name, factor) in factors.sorted(by: { NameList.precedes($0.key, $1.key) }) {
          object.field(name, factor)
        }
      }
    }
  }

  /// A factor for each class of a set; nil if all count the same.
  /// - Throws: ``Failure`` (`usage`) if one is for a class that the set does not have, or no class counts.
  func factors(for set: PictureSet) throws(Failure) -> [Float]? {
    switch self {
    case .none: return nil
    case .balanced:
      let counts = set.classCounts
      let present = counts.filter { $0 > 0 }.count
      return counts.map { $0 > 0 ? Float(set.count) / Float(present * $0) : 0 }
    case .factors(let factors):
      let unknown = factors.keys.filter { !set.classes.contains($0) }.sorted(by: NameList.precedes)
      guard unknown.isEmpty else {
        throw Failure(
          .usage, step: "class weights",
          cause: "\(NameList.quoted(unknown)) is not one of the classes \(NameList.quoted(set.classes))")
      }
      let weights = set.classes.map { Float(factors[$0] ?? 1) }
      guard weights.contains(where: { $0 > 0 }) else {
        throw Failure(.usage, step: "class weights", cause: "all are 0: there is nothing to learn")
      }
      return weights
    }
  }
}

extension Recipe.Key {
  static let classWeights = Self(name: "class_weights") { recipe, json in
    recipe.classWeights.write(to: &json)
  } read: { (recipe, value) throws(Failure) in
    guard let weights = Recipe.ClassWeights(json: value) else {
      throw refuse(
        "class_weights",
        "must be none, balanced, or a number from 0 to 1000000 for each of some classes; a name with a comma goes in "
          + "quotes, \"a, b=2\"")
    }
    recipe.classWeights = weights
  }
}
