import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import FrameStream
import SystemIO

/// Adds what int8 needs to a model file, and measures what each precision is worth.
struct Quantize: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Calibrate a model for 8-bit integers and measure the accuracy of each precision.",
    discussion: """
      Runs the model on pictures of faces, keeps the ranges of its layers' results in the file (for --precision int8), \
      and, if the pictures lie in folders by class, how often each precision finds the class: --precision auto goes by \
      that.

        fm-train quantize expressions.keras --calibration faces/validation
      """)

  @Argument(help: ArgumentHelp("The model to calibrate, and to write again.", valueName: "model"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "Pictures of faces, in a folder for each class; or without classes, for ranges alone.", valueName: "dir"
    ))
  var calibration: String

  @Option(
    help: ArgumentHelp(
      "Measure the accuracy on these pictures instead, in a folder for each class.", valueName: "dir"))
  var evaluate: String?

  @Option(help: ArgumentHelp("Take the ranges from this many pictures.", valueName: "n"))
  var pictures = 512

  @Option(help: ArgumentHelp("Choose those pictures by this number.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the model there, as a .keras file, and leave the first as it is.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Class names in the order of the outputs, if the file does not say.", valueName: "a,b,..."))
  var classes: String?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard (1...1_000_000).contains(pictures) else {
      throw ValidationError("--pictures is from 1 to 1000000.")
    }
    guard output != nil || model.hasSuffix(".keras") else {
      throw ValidationError("\(model) is no .keras file: name the one to write with --output.")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    let names = classes?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var loaded = try ExpressionModel(path: model, classes: names, keepingTrainingState: true)
    for warning in loaded.warnings { tool.diagnostics.warn(warning) }
    let preparation = try shownPreparation(of: loaded, tool)
    let options = LoadingOptions(preparation, threads: threads.threads, tool)

    let folder = try CalibrationPictures(folder: calibration, classes: loaded.classes, options: options)
    let measured = try evaluate.map { path throws(Failure) in
      try CalibrationPictures(folder: path, classes: loaded.classes, options: options)
    }
    if let evaluate, let measured, !measured.areLabelled {
      throw Failure(
        .badInput, step: "measuring accuracy", subject: evaluate, cause: "no folder is named as a class is")
    }

    let calibrator = try Calibrator(loaded, threads: threads.threads)
    var generator = SeededGenerator(seed: seed)
    let chosen = Array(0..<folder.pictures.count).shuffled(using: &generator).prefix(pictures)
    try read(folder.pictures.subset(Array(chosen)), preparation, tool) { (inputs, _) throws(Failure) in
      try calibrator.observe(inputs)
    }
    var result = calibrator.calibration

    let labelled = measured ?? folder
    if labelled.areLabelled {
      let comparison = try PrecisionComparison(
        loaded, try precisions, calibration: result, threads: threads.threads)
      try read(labelled.pictures, preparation, tool) { (inputs, labels) throws(Failure) in
        try comparison.compare(inputs, labels: labels)
      }
      result.accuracy = try comparison.accuracy()
    }
    try loaded.setCalibration(result)
    try loaded.write(to: output ?? model)
    if !messages.quiet { try tool.print(table: table(result)) }
  }

  /// How `evaluate` shows pictures to the model.
  private func shownPreparation(of loaded: ExpressionModel, _ tool: Tool) throws(Failure)
    -> InputPreparation
  {
    var recipe = Recipe(keptIn: loaded) { tool.diagnostics.warn("\(model): \($0)") } ?? Recipe()
    (recipe.from, recipe.fromScratch) = (nil, false)
    return try StartingPoint.preparation(of: loaded, recipe)
  }

  /// Gives `body` the pictures in batches: inputs one after the other, and their labels.
  private func read(
    _ set: PictureSet, _ preparation: InputPreparation, _ tool: Tool,
    _ body: (_ inputs: [Float], _ labels: [Int]) throws(Failure) -> Void
  ) throws(Failure) {
    let views = try preparation.pictures(set)
    for first in stride(from: 0, to: set.count, by: 16) {
      if tool.stop.signal != nil {
        throw Failure(.failed, step: "interrupted", cause: "by a signal; the model is as it was")
      }
      let range = first..<min(first + 16, set.count)
      var inputs = [Float](repeating: 0, count: range.count * views.inputCount)
      var failure: Failure?
      inputs.withUnsafeMutableBufferPointer { inputs in
        do throws(Failure) { try views.write(range, to: inputs) } catch { failure = error }
      }
      if let failure { throw failure }
      try body(inputs, range.map { set.label($0) })
    }
  }

  private var precisions: [Precision] {
    get throws(Failure) { try ProcessorAbilities.here().hasBFloat16 ? [.bf16, .int8] : [.int8] }
  }

  private func table(_ calibration: Calibration) -> [[String]] {
    var lines = [["ranges of \(calibration.ranges.count) layers from \(calibration.pictures) pictures"]]
    guard let accuracy = calibration.accuracy else {
      return lines + [["no accuracy measured: the pictures are not in folders named as the classes"]]
    }
    lines.append(["accuracy on \(accuracy.pictures) pictures:"])
    for precision in Precision.allCases {
      guard let found = accuracy.found[precision] else { continue }
      let agreement = accuracy.agreement[precision].map { "\(percent($0)) % as f32" }
      lines.append(["  \(precision.rawValue)", "\(percent(found)) %"] + (agreement.map { [$0] } ?? []))
    }
    return lines
  }

  /// Two digits after the point.
  private func percent(_ fraction: Double) -> String {
    let hundredths = Int((fraction * 10_000).rounded())
    return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
  }
}
