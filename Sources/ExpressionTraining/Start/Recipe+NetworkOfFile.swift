import ExpressionNet
import FrameStream
import PictureData
import SystemIO

extension Recipe {
  /// Finds a hyper-parameter that contradicts the network of a file: it would have no effect, and the trained model's
  /// recipe would be wrong.
  /// - Parameters:
  ///   - names: The hyper-parameters that were given; those that are not of the network are ignored.
  ///   - model: The network's file.
  ///   - continuesTraining: Whether that model is trained further, so that it comes from no other file.
  /// - Returns: The first such hyper-parameter with the network's value, as far as the file has it; nil if there is
  ///   none.
  package func contradiction(among names: [String], to model: ExpressionModel, continuesTraining: Bool) -> (
    name: String, truth: String?
  )? {
    let provenance = model.information["provenance"]
    let kept = Recipe(keptIn: model)
    // Only of a network that was made here does a file say by what.
    let made = provenance?["recipe"]?["architecture"] == nil ? nil : kept?.architecture
    func list(_ numbers: [Int]) -> String {
      numbers.isEmpty ? "none" : numbers.map(String.init).joined(separator: ",")
    }
    var claims: [(name: String, asked: String, truth: String?)] = [
      ("architecture", architecture.name.rawValue, made?.name.rawValue),
      ("filters", list(architecture.usedFilters), made.map { list($0.usedFilters) }),
      ("kernels", list(architecture.usedKernels), made.map { list($0.usedKernels) }),
      ("dense_units", list(architecture.usedDenseUnits), made.map { list($0.usedDenseUnits) }),
      ("dropout", "\(architecture.usedDropout)", made.map { "\($0.usedDropout)" }),
    ]
    // Pictures are larger than the network's input where it is shown a part of them.
    if crop == 0, let side = try? InputPreparation(model.graph).inputWidth {
      claims.append(("size", "\(size)", "\(side)"))
    }
    if continuesTraining {
      let origin = provenance?["from"]?.string
      let initial = { (recipe: Recipe) in recipe.initializer ?? "glorot_uniform" }
      claims += [
        ("from", from.map(FilePath.lastComponent) ?? "", origin),
        ("from_scratch", "", origin.map { _ in "" }),
        ("initializer", initial(self), kept.map(initial)),
      ]
    }
    return claims.first { names.contains($0.name) && $0.asked != $0.truth }.map { ($0.name, $0.truth) }
  }
}
