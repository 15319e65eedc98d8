import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FrameStream
import NetworkEngine
import NetworkModel
import NetworkTraining
import SystemIO

/// Options that set hyper-parameters, each by the name it has in recipe files.
protocol RecipeOptions: ParsableArguments {
  /// The option's values; nil for one that was not given.
  var values: [(key: String, value: (any CustomStringConvertible)?)] { get }
}

extension RecipeOptions {
  /// Lets the options of the command line override a recipe.
  /// - Throws: ``Failure`` (`usage`) naming the option that has a value out of range.
  func apply(to recipe: inout Recipe) throws(Failure) {
    for case (let key, let value?) in values {
      do throws(Failure) {
        try recipe.set(key, to: Self.json(value))
      } catch {
        throw Failure(.usage, step: "", subject: optionName(key), cause: error.cause)
      }
    }
  }

  /// The keys of the options that were given.
  var givenKeys: [String] { values.compactMap { $0.value == nil ? nil : $0.key } }

  private static func json(_ value: any CustomStringConvertible) -> JSONValue {
    if let text = value as? String { return .string(text) }
    if let flag = value as? Bool { return .bool(flag) }
    if let texts = value as? [String] { return .array(texts.map { .string($0) }) }
    if let list = value as? WholeNumbers { return .array(list.numbers.map { json($0) }) }
    return JSONValue(number: value)
  }
}

private func optionName(_ key: String) -> String {
  "--" + key.map { $0 == "_" ? "-" : String($0) }.joined()
}

extension JSONValue {
  /// A number by its description. JSON has no NaN and no infinities: they become strings, which are refused where a
  /// number must be.
  init(number: any CustomStringConvertible) {
    let text = number.description
    let json = try? JSONValue(JSONText(parsing: Array(text.utf8)))
    self = json ?? .string(text)
  }
}

extension Recipe {
  /// A whole recipe: the base, over it the recipe file, over that the command line.
  /// - Parameters:
  ///   - file: The recipe file, or the bare name of a shipped one; nil for none.
  ///   - continuesTraining: True to keep the network of the base, of an existing model, whatever the recipe file says.
  ///   - trainedOn: That model, which no option may contradict; nil if it is only evaluated.
  ///   - classNames: Names for the outputs of a ``from`` file that does not say them.
  /// - Throws: ``Failure`` naming the file, key or option that is wrong.
  init(
    file: String?, _ options: [any RecipeOptions], over base: Recipe = Recipe(),
    continuesTraining: Bool = false,
    trainedOn: (path: String, model: ExpressionModel)? = nil, classNames: [String]? = nil
  ) throws(Failure) {
    func given(over base: Recipe) throws(Failure) -> Recipe {
      var recipe = base
      if let file { recipe = try Recipe(path: ShippedFiles.recipes.find(file), over: base) }
      for group in options { try group.apply(to: &recipe) }
      if let from = recipe.from { recipe.from = try ShippedFiles.models.find(from) }
      for place in recipe.teachers.indices {
        recipe.teachers[place] = try ShippedFiles.models.find(recipe.teachers[place])
      }
      return recipe
    }
    func check(_ recipe: Recipe, _ model: ExpressionModel, _ path: String) throws(Failure) {
      let keys = options.flatMap(\.givenKeys)
      guard
        let (key, truth) = recipe.contradiction(among: keys, to: model, continuesTraining: continuesTraining)
      else { return }
      throw Failure(
        .usage, step: "", subject: optionName(key),
        cause: "the network is that of \(path)" + (truth.map { ", with \(key) \($0)" } ?? " as it is"))
    }
    self = try given(over: base)
    if continuesTraining {
      if let (path, model) = trainedOn { try check(self, model, path) }
      (from, fromScratch) = (nil, false)
      (architecture, initializer) = (base.architecture, base.initializer)
    }
    if let from {
      let model = try ExpressionModel(path: from, classes: classNames)
      // A network that has seen a part of each picture sees it again, unless something else is said.
      if let kept = Recipe(keptIn: model), kept.crop > 0 {
        var base = base
        (base.crop, base.size) = (kept.crop, kept.size)
        self = try given(over: base)
      }
      try check(self, model, from)
    }
    if precision == .auto {
      precision = (try? ProcessorAbilities.here().hasFastBFloat16) == true ? .bf16 : .f32
    }
    try validate()
  }
}

/// A list on the command line: `32,64,128`.
struct WholeNumbers: ExpressibleByArgument, CustomStringConvertible {
  let numbers: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard !parts.isEmpty, !parts.contains(nil) else { return nil }
    numbers = parts.compactMap { $0 }
  }

  var description: String { numbers.map(String.init).joined(separator: ",") }
}

extension Architecture.Name: ExpressibleByArgument {}
extension OptimizerAlgorithm: ExpressibleByArgument {}
extension Recipe.Precision: ExpressibleByArgument {}
extension LearningRateSchedule.Shape: ExpressibleByArgument {}
