import FrameStream
import SystemIO
import TextTables

/// `ndjson`: the rows of the table as flat JSON objects, each with the keys that its face has.
final class FlatObjects: FindingsWriter {
  private let output: TextOutput
  private var stream: FindingsStream?
  private var json = JSONWriter()
  private var isClassified = false
  private var hasFaces = false

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  var remarks: [String] { hasFaces && !isClassified ? [FaceColumns().shortcoming].compactMap { $0 } : [] }

  func begin(_ stream: FindingsStream) { self.stream = stream }

  func add(_ frame: FindingsFrame, classes: [String]) throws(Failure) {
    let source = frame.source ?? stream?.source ?? ""
    if frame.faces.isEmpty { try write { Self.add(frame, source, to: &$0) } }
    for face in frame.faces {
      hasFaces = true
      if face.label.isPresent { isClassified = true }
      try write { json in
        Self.add(frame, source, to: &json)
        json.field("id", face.id)
        json.field("x", face.box.x)
        json.field("y", face.box.y)
        json.field("width", face.box.width)
        json.field("height", face.box.height)
        json.field("score", face.score)
        json.field("neighbors", face.neighbors)
        json.field("filled", face.isFilled ? true : nil)
        Self.add(face.label, "", classes, to: &json)
        Self.add(face.smoothed, "smoothed_", classes, to: &json)
      }
    }
  }

  func finish(_ findings: Findings) {}

  private static func add(_ frame: FindingsFrame, _ source: String, to json: inout JSONWriter) {
    json.field("file", source)
    json.field("frame", frame.sequence)
    json.field("time", DecimalText.value(frame.time, 6))
  }

  private static func add(
    _ label: FaceValues.Label, _ prefix: String, _ classes: [String], to json: inout JSONWriter
  ) {
    guard label.isPresent else { return }
    json.field(prefix + "expression", orNull: label.expression.map { classes[$0] })
    json.field(prefix + "confidence", orNull: label.confidence)
    for index in label.scores.indices {
      guard let score = label.score(index) else { continue }
      json.field(prefix + FaceColumns.columnName(ofClass: classes[index]), score)
    }
  }

  private func write(_ body: (inout JSONWriter) -> Void) throws(Failure) {
    json.removeAll()
    json.object(body)
    try output.write(json.bytes)
    try output.write("\n")
  }
}
