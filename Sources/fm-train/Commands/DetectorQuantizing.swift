import DetectorTraining
import FaceNetwork
import FilterTool
import KerasWriting
import NetworkEngine
import NetworkModel
import PictureData
import SystemIO
import TextTables

/// Adds to a detector's file what 8-bit integers need, and measures what they change.
struct DetectorQuantizing {
  private let model: DetectionModel
  private let output: String
  private let options: DetectorQuantizationOptions
  private let threads: Int
  private let tool: Tool

  /// - Parameter output: The file to write; of the kind of `path`.
  /// - Throws: ``Failure`` if the file is no detector, or the output's folder does not exist.
  init(
    _ path: String, output: String, _ options: DetectorQuantizationOptions, threads: Int, _ tool: Tool
  ) throws(Failure) {
    try OutputFolder.check(of: output)
    model = try DetectionModel(path: path)
    self.output = output
    self.options = options
    self.threads = threads
    self.tool = tool
  }

  /// - Parameters:
  ///   - calibration: The folder whose pictures give the ranges.
  ///   - evaluate: The folder to compare on; nil for the same.
  ///   - most: How many pictures give ranges.
  func run(calibration: String, evaluate: String?, most: Int, seed: UInt64, isQuiet: Bool) throws(Failure) {
    let lock = try FileLock(output, tool)
    defer { withExtendedLifetime(lock) {} }
    let all = try pictures(calibration)
    let measured = try evaluate.map(pictures) ?? all
    var generator = SeededGenerator(seed: seed)
    let chosen = all.shuffled(using: &generator).prefix(most)
    let (tool, progress) = (tool, LoadingProgress(tool))
    let quantization = DetectorQuantization(
      model, options.search, threads: threads,
      .init(
        onWarning: { tool.diagnostics.warn($0) }, onProgress: { progress.update($0, of: $1) },
        isStopped: { tool.stop.signal != nil }))
    let interrupted = Failure.interrupted("by a signal; the model is unchanged")
    guard var result = try quantization.ranges(chosen.sorted()) else { throw interrupted }
    let precisions: [Precision] = try ProcessorAbilities.here().hasBFloat16 ? [.bf16, .int8] : [.int8]
    guard let agreement = try quantization.agreement(measured, precisions, result) else { throw interrupted }
    result.detections = agreement
    tool.stop.beginWork()
    try write(result)
    if isQuiet { return }
    try tool.print(table: table(result, agreement))
    try tool.print("written to \(output)\n")
  }

  private func pictures(_ folder: String) throws(Failure) -> [String] {
    let names = try FolderPictures.names(in: folder)
    guard !names.isEmpty else {
      throw Failure(
        .badInput, step: "reading pictures", subject: folder, cause: "there are no pictures in it")
    }
    return names.sorted().map { FilePath.join(folder, $0) }
  }

  private func write(_ calibration: Calibration) throws(Failure) {
    switch model.source {
    case .onnx(let file): try file.write(to: output, calibration: calibration)
    case .keras(var file, _):
      try file.setCalibration(calibration)
      try file.write(to: output)
    }
  }

  private func table(_ calibration: Calibration, _ agreement: DetectionAgreement) -> [[String]] {
    var lines = [
      ["ranges of \(calibration.ranges.count) layers from \(calibration.pictures) pictures"],
      [
        "\(agreement.objects) faces found by f32 on \(agreement.pictures) pictures; differences: median, and of 95 %:"
      ],
    ]
    for precision in Precision.allCases {
      guard let own = agreement.differences[precision] else { continue }
      lines.append([
        "  \(precision.rawValue)", "\(percent(own.kept)) kept", "\(percent(own.added)) added",
        "box \(percent(own.box.median)), \(percent(own.box.most)) of its side",
        "score \(DecimalText.fixed(own.score.median, 3)), \(DecimalText.fixed(own.score.most, 3))",
      ])
    }
    return lines
  }

  private func percent(_ fraction: Double) -> String { DecimalText.percent(fraction, 1, space: " ") }
}
