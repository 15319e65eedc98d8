import FrameStream
import Glibc
import NetworkTraining
import PictureData
import SystemIO

/// The hyper-parameters that a search varies: for each a list of values or a range.
///
///     {"learning_rate": {"min": 1e-4, "max": 1e-2, "scale": "log"}, "batch_size": [32, 64, 128],
///      "dropout": {"min": 0.1, "max": 0.6}, "filters": [[64, 128, 256], [128, 256, 512]]}
///
/// A range of a hyper-parameter that is a whole number gives whole numbers, all of them equally often; `"whole": true`
/// asks for them in a range of any other.
package struct SearchSpace: Sendable {
  enum Values: Sendable {
    case choices([JSONValue])
    case range(ClosedRange<Double>, isLogarithmic: Bool, isWhole: Bool)
  }

  /// A value that was drawn for a hyper-parameter.
  package typealias Setting = (key: String, value: JSONValue)

  let dimensions: [(key: String, values: Values)]
  /// The search as JSON.
  let text: [UInt8]

  /// What no trial may change: the pictures are loaded once, and rungs are counted in epochs.
  static let fixedKeys: Set<String> = [
    "epochs", "from", "from_scratch", "size", "crop", "seed", "augmentation",
  ]

  /// - Throws: ``Failure`` naming the file and the key that is wrong.
  package init(path: String) throws(Failure) {
    let json = try JSONValue(contentsOf: path)
    do throws(Failure) { try self.init(json) } catch { throw error.within(path) }
  }

  /// From the JSON of a search file.
  /// - Throws: ``Failure`` (`badInput`) naming the key that is wrong.
  package init(_ json: JSONValue) throws(Failure) {
    guard let fields = json.object?.fields, !fields.isEmpty else {
      throw Failure(
        .badInput, step: "search", cause: "it is not a JSON object with the hyper-parameters to search")
    }
    var dimensions: [(key: String, values: Values)] = []
    for (key, value) in fields where !key.hasPrefix("_") {
      do throws(Failure) {
        guard !Self.fixedKeys.contains(key) else {
          throw Failure(.badInput, step: "", cause: "cannot be searched")
        }
        guard !dimensions.contains(where: { $0.key == key }) else {
          throw Failure(.badInput, step: "", cause: "appears twice")
        }
        let values = try Self.values(value, isWhole: Recipe.keys.contains { $0.name == key && $0.isWhole })
        // Every end and every choice must be what the recipe takes.
        var recipe = Recipe()
        for value in Self.extremes(values) { try recipe.set(key, to: value) }
        dimensions.append((key, values))
      } catch {
        throw Failure(.badInput, step: "search", subject: key, cause: error.cause)
      }
    }
    self.dimensions = dimensions
    var writer = JSONWriter()
    writer.value(json)
    text = writer.bytes
  }

  /// The values that are listed for a hyper-parameter; none for one of a range, or that is not searched.
  func choices(_ key: String) -> [JSONValue] {
    guard case .choices(let choices)? = dimensions.first(where: { $0.key == key })?.values else { return [] }
    return choices
  }

  /// Refuses to search hyper-parameters that do not apply to a recipe's network: one from a file is not made here.
  /// - Throws: ``Failure`` (`usage`) naming the key.
  package func check(_ recipe: Recipe) throws(Failure) {
    guard let from = recipe.from,
      let key = dimensions.map(\.key).first(where: Recipe.architectureKeys.contains)
    else { return }
    throw Failure(
      .usage, step: "search", subject: key,
      cause: "it has no effect on the network of \(from), which is used as it is")
  }

  private static func values(_ json: JSONValue, isWhole isAlwaysWhole: Bool) throws(Failure) -> Values {
    if let choices = json.array, !choices.isEmpty, choices.count <= 10_000 { return .choices(choices) }
    guard let fields = json.object?.fields, let low = json["min"]?.double, let high = json["max"]?.double,
      low <= high
    else {
      throw Failure(
        .badInput, step: "",
        cause: "must be a list of values, or {\"min\": a, \"max\": b} with \"scale\": \"log\" where wanted")
    }
    for (key, _) in fields where !["min", "max", "scale", "whole"].contains(key) {
      throw Failure(.badInput, step: "", cause: "\"\(key)\" is not one of min, max, scale, whole")
    }
    let scale = json["scale"].map { $0.string ?? "" } ?? "linear"
    guard ["log", "linear"].contains(scale), scale == "linear" || low > 0 else {
      throw Failure(.badInput, step: "", cause: "scale must be \"linear\", or \"log\" with min above 0")
    }
    guard let asksForWhole = json["whole"].map({ $0.bool }) ?? false else {
      throw Failure(.badInput, step: "", cause: "whole must be true or false")
    }
    let isWhole = isAlwaysWhole || asksForWhole
    guard !isWhole || max(abs(low), abs(high)) <= 1e15 && low == low.rounded() && high == high.rounded()
    else {
      throw Failure(.badInput, step: "", cause: "min and max must be whole numbers of at most 1e15")
    }
    return .range(low...high, isLogarithmic: scale == "log", isWhole: isWhole)
  }

  private static func extremes(_ values: Values) -> [JSONValue] {
    switch values {
    case .choices(let choices): choices
    case .range(let range, _, let isWhole):
      [range.lowerBound, range.upperBound].map { number($0, isWhole: isWhole) }
    }
  }

  /// Draws a value for each hyper-parameter.
  package func draw(_ generator: inout SeededGenerator) -> [Setting] {
    dimensions.map { key, values in
      let position = generator.uniform()
      switch values {
      case .choices(let choices):
        return (key, choices[min(Int(position * Double(choices.count)), choices.count - 1)])
      case .range(let range, let isLogarithmic, let isWhole):
        // A whole number stands for all that are rounded to it, so that the ends come as often as any other.
        let half = isWhole ? 0.5 : 0
        let (low, high) = (range.lowerBound - half, range.upperBound + half)
        let value = isLogarithmic ? low * pow(high / low, position) : low + (high - low) * position
        let rounded = isWhole ? value.rounded() : value
        return (key, Self.number(min(max(rounded, range.lowerBound), range.upperBound), isWhole: isWhole))
      }
    }
  }

  /// A number as JSON, to four digits so that it can be repeated by hand.
  private static func number(_ value: Double, isWhole: Bool) -> JSONValue {
    var writer = JSONWriter()
    if isWhole {
      writer.value(Int(value.rounded()))
    } else if value == 0 {
      writer.value(0)
    } else {
      let unit = pow(10, 3 - floor(log10(value.magnitude)))
      writer.value((value * unit).rounded() / unit)
    }
    return (try? JSONValue(JSONText(parsing: writer.bytes))) ?? .null
  }

  /// The default search: what matters most for small networks on faces. It leaves the architecture alone if the
  /// recipe's network comes from a file.
  package static func standard(for recipe: Recipe) -> SearchSpace {
    let architecture = recipe.architecture.name
    let filters =
      architecture == .classic
      ? "[[64,128,256],[96,192,384],[128,256,512]]" : "[[24,48,96,192],[32,64,128,256],[32,64,128,192]]"
    let kernels = architecture == .classic ? "[[9,6,3],[7,5,3],[5,5,3]]" : "[[3],[5,3]]"
    let network =
      recipe.from == nil
      ? #""dropout":{"min":0.1,"max":0.6},"filters":\#(filters),"kernels":\#(kernels),"# : ""
    let text = """
      {"optimizer":["adam","adamw"],"learning_rate":{"min":0.0002,"max":0.005,"scale":"log"},
       "batch_size":[32,64,128],\(network)
       "flip":[true,false],"rotation":{"min":0,"max":20},"zoom":{"min":0,"max":0.2},"shift":{"min":0,"max":0.15}}
      """
    do {
      return try SearchSpace(JSONValue(JSONText(parsing: Array(text.utf8))))
    } catch {
      preconditionFailure("the standard search is not a search: \(error)")
    }
  }
}
