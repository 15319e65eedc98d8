import ArgumentParser
import ExpressionTraining
import FilterTool
import FrameStream
import SystemIO
import TrainingReports

/// Searches for good hyper-parameters.
struct Tune: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Search for hyper-parameters and keep the best model.",
    discussion: """
      Tries random hyper-parameters for a few epochs, trains the best third further, and repeats this up to --epochs \
      (successive halving). Each result is a line of NDJSON in a file; several processes may share that file, each \
      with its own --trial-seed.

        fm-train tune best.keras faces/train -v faces/validation --trials 30 --epochs 27
        parallel fm-train tune {}.keras faces/train -v faces/validation --trial-seed {} \
          --records trials.ndjson --threads 1 ::: 1 2 3 4
      """)

  @OptionGroup var training: TrainingOptions

  @Option(
    value: "file.json", "Search space as a JSON file (default: built in).",
    completion: .file(extensions: ["json"]))
  var search: String?

  @Option(help: ArgumentHelp("Number of trials.", valueName: "n"))
  var trials = 20

  @Option(help: ArgumentHelp("Random seed of the sequence of trials.", valueName: "k"))
  var trialSeed = 1

  @Option(
    value: "file.ndjson", "File to append results to (default: the model's name with .trials.ndjson).",
    completion: .file(extensions: ["ndjson"]))
  var records: String?

  @Option(help: ArgumentHelp("Epochs after which trials are first compared.", valueName: "n"))
  var minEpochs = 1

  @Option(help: ArgumentHelp("Successive-halving factor: keep one trial in n.", valueName: "n"))
  var reduction = 3

  @Option(
    value: "file.json",
    "JSON file of hyper-parameters that are not searched, or the name of a shipped recipe.",
    completion: .names(ShippedFiles.recipes.names, orFiles: ["json"]))
  var recipe: String?

  @Flag(help: "Print the trials' records to standard output as NDJSON.")
  var json = false

  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Running") var messages: MessageOptions

  private var model: String { training.target.path }

  func validate() throws {
    guard (1...1_000_000).contains(trials) else { throw ValidationError("--trials is from 1 to 1000000.") }
    guard (1...100_000).contains(minEpochs) else {
      throw ValidationError("--min-epochs is from 1 to 100000.")
    }
    guard (2...1000).contains(reduction) else { throw ValidationError("--reduction is from 2 to 1000.") }
    if training.data.validation == nil, training.data.validationSplit == nil {
      throw ValidationError("tune needs --validation or --validation-split.")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    let whole = try Recipe(file: recipe, training.recipe)
    guard minEpochs <= whole.epochs else {
      throw Failure(
        .usage, step: "", subject: "--min-epochs",
        cause: "\(minEpochs) is more than --epochs, which is \(whole.epochs)")
    }
    try training.target.checkFolder()
    if let records { try OutputFolder.check(of: records) }
    let space =
      try search.map { path throws(Failure) in try SearchSpace(path: path) }
      ?? SearchSpace.standard(for: whole)
    try space.check(whole)
    var start = try StartingPoint(whole)
    let sets = try training.data.load(
      training.source.path, start.preparation, classes: start.classes, mayHaveOtherClasses: whole.from != nil,
      seed: whole.seed, threads: threads.threads, tool)
    try start.settle(whole, classes: sets.training.classes)
    for warning in start.warnings { tool.diagnostics.warn(warning) }
    let base = String(model.dropLast(".keras".count))
    var options = Tuner.Options(
      records: records ?? base + ".trials.ndjson", folder: base + ".trials", model: model)
    options.trials = trials
    options.seed = trialSeed
    options.firstRung = minEpochs
    options.reduction = reduction
    options.threads = threads.threads
    options.version = "\(tool.name) \(toolVersion)"
    // Searches with other seeds may share the model, but a training may not, nor this search's own checkpoints.
    let locks = [
      try FileLock(model, sharing: .shared, tool), try FileLock("\(base).trials-\(trialSeed)", tool),
    ]
    defer { withExtendedLifetime(locks) {} }
    let tuner = try Tuner(whole, space: space, data: sets, options: options)
    let output = TuningOutput(tool, asJSON: json, isQuiet: messages.quiet)
    let stop = tool.stop
    stop.beginWork()
    let isDone = try tuner.run(
      isStopped: { stop.signal != nil }, onEvent: { (event) throws(Failure) in try output.report(event) })
    let title = "Trials of \(Report.name(ofModel: model))"
    let importance = try tuner.importance()
    let figure = Figure.trials(try tuner.curves(), importance: importance, title: title)
    try figure.write(to: base + ".trials.png", over: .regular)
    try figure.write(to: base + ".trials.svg", over: .regular)
    if isDone {
      let best = try tuner.best()
      try output.end(trials: trials, best, model: model, records: options.records)
      try output.report(importance)
      if let own = best.own {
        let path = base + ".recipe.json"
        try tuner.recipe(of: own).write(to: path, comment: output.description(of: own, options.records))
        try output.report(recipe: path)
      }
      guard best.own != nil else {
        throw Failure(.failed, step: "tuning", cause: "no trial gave a model; see \(options.records)")
      }
    } else {
      tool.diagnostics.warn("the same command resumes the search")
    }
  }
}
