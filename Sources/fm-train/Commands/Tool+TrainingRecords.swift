import FilterTool
import FrameStream
import SystemIO

/// What the outputs of all trainings share.
extension Tool {
  /// Prints an object of a training's NDJSON.
  /// - Parameter body: Adds its fields, behind the type.
  func print(record type: String, _ body: (inout JSONWriter) -> Void) throws(Failure) {
    var json = JSONWriter()
    json.object { json in
      json.field("type", type)
      body(&json)
    }
    try print(String(decoding: json.bytes, as: UTF8.self) + "\n")
  }

  /// Prints in NDJSON that a training resumes from its checkpoint.
  func printResuming(epochs: Int, steps: Int) throws(Failure) {
    try print(record: "resume") { json in
      json.field("epochs", epochs)
      json.field("steps", steps)
    }
  }

  /// Says in words that a training resumes from its checkpoint.
  func warnOfResuming(epochs: Int, steps: Int) {
    var done = epochs == 1 ? "1 epoch" : "\(epochs) epochs"
    if steps > 0 { done += steps == 1 ? " and 1 step" : " and \(steps) steps" }
    diagnostics.warn("resuming from the checkpoint after \(done)")
  }
}
