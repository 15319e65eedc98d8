import FrameStream
import PictureData
import SystemIO

/// Numbers for all that trials' results depend on: only those of one search can be compared.
struct SearchFingerprint {
  private static let names = ["recipe", "search", "set of pictures"]
  private let numbers: [String]

  /// The numbers as records and models keep them.
  var text: String { numbers.joined(separator: "-") }

  /// - Parameter recipe: What the search leaves as it is.
  init(_ recipe: Recipe, _ space: SearchSpace, _ halving: SuccessiveHalving, _ data: TrainingData) {
    // Another machine of the same search may have the file elsewhere.
    var recipe = recipe
    recipe.from = recipe.from.map(FilePath.lastComponent)
    var writer = JSONWriter()
    recipe.write(to: &writer, withArchitecture: true)
    var (first, second) = (Checksum(), Checksum())
    writer.bytes.withUnsafeBytes { first.add($0) }
    space.text.withUnsafeBytes { second.add($0) }
    for rung in halving.rungs { second.add(rung) }
    second.add(halving.reduction)
    numbers = [first.text, second.text, data.fingerprint]
  }

  /// How this search differs from the one kept as `other`, in words: `another recipe, another set of pictures`.
  func differences(from other: String?) -> String {
    let parts = other?.split(separator: "-").map(String.init) ?? []
    guard parts.count == numbers.count else { return "an unknown search" }
    return zip(Self.names, zip(numbers, parts)).filter { $0.1.0 != $0.1.1 }.map { "another \($0.0)" }
      .joined(separator: ", ")
  }
}
