import ArgumentParser
import ExpressionNet
import ExpressionTraining
import FilterTool
import FrameStream
import KerasWriting
import NetworkEngine
import NetworkModel
import PictureData
import SystemIO
import TextTables

/// Adds int8 quantization ranges to a model file, and measures the accuracy of each precision, or what a detector finds in it.
struct Quantize: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model's value ranges for 8-bit integers, and the accuracy of each precision.",
    discussion: """
      Runs the model on pictures of faces and stores the value ranges of its layers in the file, for --precision int8. \
      If the pictures are in folders by class, it also stores the accuracy of each precision, which decides what \
      --precision auto chooses. A detector, a Keras or ONNX file, is run on whole pictures of a folder, as fm-detect \
      runs it, and its faces in each precision are compared with those in f32.

        fm-train quantize expressions.keras --calibration faces/validation
        fm-train quantize yunet.onnx --calibration photographs -o yunet8.onnx
      """)

  @OptionGroup var file: RewrittenModelOptions

  @Option(
    help: ArgumentHelp(
      "Pictures of faces: a folder with one folder per class, or directly in this folder for the ranges alone; or a stream or table, as for fit. For a detector: a folder of whole pictures.",
      valueName: "dir"
    ), completion: .file(extensions: ["fm", "csv"]))
  var calibration: String

  @Option(
    value: "dir",
    "Measure the accuracy on these pictures instead: a folder with one folder per class, a stream or a table. For a detector: a folder of whole pictures.",
    completion: .file(extensions: ["fm", "csv"]))
  var evaluate: String?

  @Option(help: ArgumentHelp("Number of pictures to measure the ranges on.", valueName: "n"))
  var pictures = 512

  @Option(help: ArgumentHelp("Random seed for the choice of those pictures.", valueName: "n"))
  var seed: UInt64 = 0

  @OptionGroup(title: "Detectors") var detector: DetectorQuantizationOptions
  @OptionGroup var input: InputOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard (1...1_000_000).contains(pictures) else {
      throw ValidationError("--pictures is from 1 to 1000000.")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    let path = try file.model.find()
    if file.isONNX || DetectorFile.isDetector(path) {
      guard file.model.weights == nil, file.model.classes.names == nil, input.isEmpty else {
        throw Failure(
          .usage, step: "quantizing", subject: file.model.path,
          cause: "--weights, --classes and the input's options are not for detectors")
      }
      return try DetectorQuantizing(
        path, output: file.outputPath, detector, threads: threads.threads, tool
      ).run(
        calibration: calibration, evaluate: evaluate, most: pictures, seed: seed, isQuiet: messages.quiet)
    }
    guard detector.isEmpty else {
      throw Failure(
        .usage, step: "quantizing", subject: file.model.path,
        cause: "--max-side and --min-score are for detectors; this is a classifier")
    }
    var rewrite = try ModelRewrite(file, input, tool)
    let preparation = rewrite.preparation
    // Everything that is measured here, and fm-classify after it, uses the options' values.
    if !input.isEmpty { rewrite.model.information.preprocessing = preparation.preprocessing }
    let options = LoadingOptions(preparation, threads: threads.threads, tool)

    let folder = try CalibrationPictures(calibration, classes: rewrite.model.classes, options, tool)
    let measured = try evaluate.map { path throws(Failure) in
      try CalibrationPictures(path, classes: rewrite.model.classes, options, tool)
    }
    if let evaluate, let measured, !measured.areLabelled {
      throw Failure(
        .badInput, step: "measuring accuracy", subject: evaluate, cause: "no folder has the name of a class")
    }

    let calibrator = try Calibrator(rewrite.model.graph, threads: threads.threads)
    var generator = SeededGenerator(seed: seed)
    let chosen = Array(0..<folder.pictures.count).shuffled(using: &generator).prefix(pictures)
    try read(folder.pictures.subset(Array(chosen)), preparation, tool) { (inputs, _) throws(Failure) in
      try calibrator.observe(inputs)
    }
    var result = calibrator.calibration
    // Each picture was shown with its mirror image.
    result.pictures = min(pictures, folder.pictures.count)

    let labelled = measured ?? folder
    if labelled.areLabelled {
      let comparison = try PrecisionComparison(
        rewrite.model.graph, try precisions, calibration: result, threads: threads.threads)
      try read(labelled.pictures, preparation, tool) { (inputs, labels) throws(Failure) in
        try comparison.compare(inputs, labels: labels)
      }
      result.accuracies = try comparison.accuracies()
    }
    try rewrite.model.file.setCalibration(result)
    try rewrite.commit(isQuiet: messages.quiet) { table(result) }
  }

  /// Gives `body` the pictures in batches: the views of each picture one after the other, and the pictures' labels.
  private func read(
    _ set: PictureSet, _ preparation: InputPreparation, _ tool: Tool,
    _ body: (_ inputs: [Float], _ labels: [Int]) throws(Failure) -> Void
  ) throws(Failure) {
    let views = try preparation.pictures(set, PrecisionComparison.views)
    for first in stride(from: 0, to: set.count, by: 16) {
      if tool.stop.signal != nil {
        throw .interrupted("by a signal; the model is unchanged")
      }
      let range = first..<min(first + 16, set.count)
      var inputs = [Float](
        repeating: 0, count: range.count * PrecisionComparison.views.count * views.inputCount)
      try inputs.withUnsafeMutableBufferPointer { (inputs) throws(Failure) in
        try views.write(range, to: inputs)
      }
      try body(inputs, range.map { set.label($0) })
    }
  }

  private var precisions: [Precision] {
    get throws(Failure) { try ProcessorAbilities.here().hasBFloat16 ? [.bf16, .int8] : [.int8] }
  }

  private func table(_ calibration: Calibration) -> [[String]] {
    var lines = [["ranges of \(calibration.ranges.count) layers from \(calibration.pictures) pictures"]]
    guard !calibration.accuracies.isEmpty else {
      return lines + [["no accuracy measured: the pictures are not in folders with the names of the classes"]]
    }
    for views in PictureViews.allCases.reversed() {
      guard let accuracy = calibration.accuracies[views] else { continue }
      lines.append(["accuracy on \(accuracy.pictures) pictures, views \(views.rawValue):"])
      for precision in Precision.allCases {
        guard let found = accuracy.found[precision] else { continue }
        let agreement = accuracy.agreement[precision].map { "\(percent($0)) of the answers agree with f32" }
        lines.append(["  \(precision.rawValue)", percent(found)] + (agreement.map { [$0] } ?? []))
      }
    }
    return lines
  }

  private func percent(_ fraction: Double) -> String { DecimalText.percent(fraction, 2, space: " ") }
}
