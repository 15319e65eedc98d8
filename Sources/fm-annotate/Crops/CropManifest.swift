import FaceDrawing
import FilterTool
import FrameStream
import SystemIO
import TextTables

/// The table of faces that were written as pictures, which fm-train reads as a manifest.
final class CropManifest {
  private let file: FileReplacement
  private let path: String
  private var text: String

  /// - Throws: ``Failure``: `inputOutput` if it cannot be created, `usage` if it is an input or another output, too.
  init(path: String, _ tool: Tool) throws(Failure) {
    self.path = path
    try tool.places.claim(output: path)
    file = try FileReplacement(path: path, unless: tool.stop.descriptor)
    text = CommaSeparatedValues.row([
      "filename", "label", "source", "frame", "time", "id", "x", "y", "width", "height", "expression",
      "confidence",
    ])
  }

  /// Adds a face.
  /// - Parameters:
  ///   - name: the picture's file, without its folder.
  ///   - truth: the class that the frame is known to show; without it, the label is what the classifier said.
  func add(
    _ mark: FaceMark, name: String, frame: Int, origin: FrameOrigin, truth: String?
  ) throws(Failure) {
    func number(_ value: Double?) -> String { value.map { DecimalText.shortest($0) } ?? "" }
    text += CommaSeparatedValues.row([
      name, truth ?? mark.expression ?? "", origin.source, "\(frame)", number(origin.time),
      mark.person.map { "\($0)" } ?? "", "\(mark.box.x)", "\(mark.box.y)", "\(mark.box.width)",
      "\(mark.box.height)", mark.expression ?? "", number(mark.confidence),
    ])
    if text.utf8.count >= 1 << 16 { try flush() }
  }

  private func flush() throws(Failure) {
    let bytes = FileName.bytes(text)
    text = ""
    do throws(Failure) {
      try bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in try file.descriptor.write(bytes) }
    } catch { throw error.within(path) }
  }

  /// Gives the table its name.
  func finish() throws(Failure) {
    try flush()
    try file.commit()
  }
}
