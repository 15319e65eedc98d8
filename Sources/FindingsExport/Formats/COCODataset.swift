import FrameStream
import SystemIO

/// `coco`: an image for each frame, an annotation for each face, a category for each expression and one for faces without.
final class COCODataset: FindingsWriter {
  private let output: TextOutput
  private let options: ExportOptions
  private let annotations = Spool()
  private var json = JSONWriter()
  private var images = 0
  private var faces = 0
  private var unsized = 0

  /// The category of a face without an expression.
  private static let face = 1

  init(_ output: TextOutput, _ options: ExportOptions) {
    self.output = output
    self.options = options
  }

  var remarks: [String] {
    unsized > 0 ? ["\(unsized) frames do not say how large they are: width and height are 0"] : []
  }

  func begin(_ stream: FindingsStream) throws(Failure) {
    guard stream.number == 0 else { return }
    json.removeAll()
    json.object { json in
      json.field("description", "Faces of " + stream.source)
      json.field("contributor", options.generator)
    }
    try output.write("{\"info\":" + String(decoding: json.bytes, as: UTF8.self) + ",\n\"images\":[")
  }

  func add(_ frame: FindingsFrame, classes: [String]) throws(Failure) {
    images += 1
    if frame.size == nil { unsized += 1 }
    json.removeAll()
    json.object { json in
      json.field("id", images)
      json.field("file_name", frame.source ?? Self.fileName(frame.number))
      json.field("width", frame.size?.width ?? 0)
      json.field("height", frame.size?.height ?? 0)
      json.field("frame", frame.sequence)
      json.field("time", frame.time)
    }
    try output.write(images == 1 ? "\n" : ",\n")
    try output.write(json.bytes)
    for (face, person) in zip(frame.faces, frame.people) {
      faces += 1
      let label = !options.isRaw && face.smoothed.isPresent ? face.smoothed : face.label
      json.removeAll()
      json.object { json in
        json.field("id", faces)
        json.field("image_id", images)
        json.field("category_id", label.expression.map { $0 + Self.face + 1 } ?? Self.face)
        json.key("bbox")
        json.array { json in
          for value in [face.box.x, face.box.y, face.box.width, face.box.height] { json.value(value) }
        }
        json.field("area", Int(face.box.area))
        json.field("iscrowd", 0)
        json.key("segmentation")
        json.array { _ in }
        json.field("score", face.score)
        json.field("confidence", label.confidence)
        // Without a tracker nothing says who is who.
        json.field("track_id", face.id == nil ? nil : person?.number)
      }
      try annotations.append(
        (faces == 1 ? "\n" : ",\n") + String(decoding: json.bytes, as: UTF8.self), to: 0)
    }
  }

  func finish(_ findings: Findings) throws(Failure) {
    if findings.streams.isEmpty { try output.write("{\"images\":[") }
    try output.write("],\n\"annotations\":[")
    try annotations.copy(0, to: output)
    json.removeAll()
    json.array { json in
      for (index, name) in (["face"] + findings.classes).enumerated() {
        json.object { json in
          json.field("id", index + Self.face)
          json.field("name", name)
          json.field("supercategory", "face")
        }
      }
    }
    try output.write("],\n\"categories\":" + String(decoding: json.bytes, as: UTF8.self) + "}\n")
  }

  /// As ffmpeg and CVAT number the pictures of a video.
  private static func fileName(_ number: Int) -> String {
    let digits = "\(number)"
    return "frame_" + String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits + ".png"
  }
}
