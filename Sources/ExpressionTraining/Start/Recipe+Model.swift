import ExpressionNet
import SystemIO

extension Recipe {
  /// The recipe that a model was trained with, from its file; nil if it has none.
  /// - Parameter onWarning: Receives a warning for each value that is not understood, such as one of another version;
  ///   the default replaces it.
  package init?(keptIn model: ExpressionModel, onWarning: (String) -> Void = { _ in }) {
    guard let fields = model.information["provenance"]?["recipe"]?.object?.fields else { return nil }
    self.init()
    for (key, value) in fields where !key.hasPrefix("_") {
      do throws(Failure) {
        try set(key, to: value)
      } catch {
        onWarning("part of the model's recipe is ignored: \(error)")
      }
    }
    // Older versions wrote false for what was not said, also where the model they began with was standardized.
    if standardize == false, model.information.preprocessing?.standardize == true { standardize = nil }
  }
}
