import ArgumentParser

/// What a training and a search for one share: the model to write, the pictures, and the hyper-parameters.
struct TrainingOptions: ParsableArguments {
  @OptionGroup var target: TrainedModelArgument
  @OptionGroup var source: PicturesArgument
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Training") var optimizer: OptimizerOptions
  @OptionGroup(title: "Training") var teachers: TeacherOptions
  @OptionGroup(title: "Pictures") var augmentation: AugmentationOptions
  @OptionGroup(title: "Pictures") var input: InputOptions

  func validate() throws { try data.check(source: source.path) }

  /// The groups that set hyper-parameters.
  var recipe: [any RecipeOptions] { [network, optimizer, teachers, augmentation, input] }
}
