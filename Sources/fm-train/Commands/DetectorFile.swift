import ExpressionNet
import FaceNetwork
import FilterTool
import FrameStream
import KerasWriting
import NetworkModel
import SystemIO
import TextTables

/// A detector in a Keras file, for the commands that take models of either kind.
struct DetectorFile {
  private let path: String
  private var file: ModelFile

  /// True if the file is a detector's.
  static func isDetector(_ path: String) -> Bool { DetectorFile(path: path) != nil }

  /// - Returns: nil if the file is not a detector's, whatever else it is.
  init?(path: String) {
    guard FilePath.fileExtension(path).lowercased() == "keras",
      let file = try? ModelFile(path: path, freeSize: Window.Pair(128, 128)),
      file.information[DetectorDescription.key] != nil
    else { return nil }
    self.path = path
    self.file = file
  }

  /// Writes a copy.
  /// - Parameter isHalf: Whether kernels are stored in 16 bits.
  func export(to output: String, isHalf: Bool, _ tool: Tool) throws(Failure) {
    var copy = file
    if isHalf { do throws(Failure) { try copy.roundKernels() } catch { throw error.within(path) } }
    try copy.write(to: output)
    let size = FileStatus(path: output)?.byteCount ?? 0
    tool.diagnostics.note("\(output): \(copy.graph.parameterCount) parameters in \(size) bytes")
  }

  /// Prints its layers, what it finds, and how it was trained; or its `fm.json`.
  func show(asJSON: Bool, _ tool: Tool) throws(Failure) {
    let information = file.information
    if asJSON { return try tool.print(String(decoding: information.encoded(), as: UTF8.self) + "\n") }
    try tool.print(file.graph.description + "\n")
    for key in [DetectorDescription.key, "provenance"] {
      guard let value = information[key] else { continue }
      var writer = JSONWriter()
      writer.value(value)
      let text = String(decoding: writer.bytes, as: UTF8.self)
      try tool.print(
        "\(key.prefix(1).uppercased() + key.dropFirst()): \(SingleLine.text(text, limit: 4000))\n")
    }
    let epochs = information["history"]?.array ?? []
    guard !epochs.isEmpty else { return }
    let columns = ["epoch", "loss", "found", "mined", "false_finds_per_megapixel", "canvas_precision"]
    let rows = epochs.map { record in
      columns.map { key in record[key]?.double.map { DecimalText.shortest(DecimalText.value($0, 4)) } ?? "" }
    }
    try tool.print("\n")
    try tool.print(table: [columns] + rows)
  }
}
