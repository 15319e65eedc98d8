import FrameStream
import SystemIO

/// What a training's result depends on: only a checkpoint with the same identity can be resumed.
struct TrainingIdentity {
  let recipe: Recipe
  let classes: [String]
  /// Pictures to train with.
  let trainingCount: Int
  /// Pictures to validate with.
  let validationCount: Int
  /// The fingerprint of all pictures and labels.
  let data: String
  /// The fingerprint of the weights at the start.
  let start: String
  /// The fingerprint of the teachers; nil without any.
  let teachers: String?
  /// Epochs of earlier trainings that led to those weights.
  let epochsBefore: Int

  /// Writes the keys of a checkpoint's state that say what training it is of.
  func writeFields(to object: inout JSONWriter) {
    object.key("recipe")
    recipe.write(to: &object)
    object.key("classes")
    object.array { list in for name in classes { list.value(name) } }
    object.key("pictures")
    object.array { list in
      list.value(trainingCount)
      list.value(validationCount)
    }
    object.field("data", data)
    object.field("start", start)
    object.field("teachers", teachers)
    object.field("epochs_before", epochsBefore)
  }

  /// - Throws: ``Failure``: (`usage`) if a checkpoint's state is of a training with another recipe, other data or other
  ///   starting weights, naming the differences; (`badInput`) if its recipe cannot be read.
  func check(_ state: JSONValue) throws(Failure) {
    var old = Recipe()
    if let json = state["recipe"] { try old.apply(json) }
    // Older checkpoints say false where nothing was said.
    if state["position"]?["best_accuracy"] == nil, old.standardize == false { old.standardize = nil }
    var differences = recipe.differences(from: old)
    let counts = state["pictures"]?.array?.compactMap(\.int) ?? []
    if state["data"]?.string != data {
      differences.append(
        counts == [trainingCount, validationCount] || counts.count != 2
          ? "the pictures or their labels differ"
          : "there were \(counts[0]) pictures to train with and \(counts[1]) to validate with, "
            + "and there are \(trainingCount) and \(validationCount)")
    }
    if state["start"]?.string != start, differences.isEmpty {
      differences.append("the initial weights differ")
    }
    if state["teachers"]?.string != teachers, differences.isEmpty {
      differences.append("the teachers differ")
    }
    if state["epochs_before"]?.int != epochsBefore, differences.isEmpty {
      differences.append("it continued another model")
    }
    guard differences.isEmpty else {
      throw Failure(
        .usage, step: "the checkpoint is of another training",
        cause: differences.joined(separator: "; ")
          + ". Repeat the original command to resume, or use --restart to drop the checkpoint")
    }
  }
}
