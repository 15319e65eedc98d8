import FrameStream
import SystemIO
import TextTables

/// `labelstudio`: one task with a prediction: a `videorectangle` for each person, its boxes in percent of the picture, and
/// `timelinelabels` for the runs. Frames count from 1.
final class LabelStudioTasks: FindingsWriter {
  private let output: TextOutput
  private let options: ExportOptions
  private let boxes = Spool()
  /// Each person's last frame and box, not yet written.
  private var last: [(frame: Int, box: String)] = []
  private var hasBox: [Bool] = []
  private var numbers: [Int] = []
  private var lastFrame = 0
  private var unsized = 0

  init(_ output: TextOutput, _ options: ExportOptions) {
    self.output = output
    self.options = options
  }

  var remarks: [String] {
    unsized > 0 ? ["\(unsized) faces left out: their frames do not say how large they are"] : []
  }

  func add(_ frame: FindingsFrame, classes: [String]) throws(Failure) {
    let number = frame.number + 1
    for (face, person) in zip(frame.faces, frame.people) {
      guard let person else { continue }
      guard let size = frame.size else {
        unsized += 1
        continue
      }
      while last.count <= person.place {
        last.append((0, ""))
        numbers.append(person.number)
        hasBox.append(false)
      }
      numbers[person.place] = person.number
      func percent(_ value: Int, of whole: Int) -> String {
        DecimalText.shortest(Double(value) / Double(whole) * 100)
      }
      let box =
        "\"x\":\(percent(face.box.x, of: size.width)),\"y\":\(percent(face.box.y, of: size.height)),"
        + "\"width\":\(percent(face.box.width, of: size.width)),"
        + "\"height\":\(percent(face.box.height, of: size.height)),"
        + "\"rotation\":0,\"time\":\(ClockText.seconds(frame.position))"
      try addLast(of: person.place, continues: last[person.place].frame == lastFrame)
      last[person.place] = (number, box)
    }
    lastFrame = number
  }

  /// Writes a person's last box. One that is followed by nothing is not enabled: there the rectangle ends.
  private func addLast(of place: Int, continues: Bool) throws(Failure) {
    guard last[place].frame > 0 else { return }
    let comma = hasBox[place] ? ",\n" : "\n"
    hasBox[place] = true
    try boxes.append(
      "\(comma){\"frame\":\(last[place].frame),\"enabled\":\(continues),\(last[place].box)}", to: place)
  }

  func finish(_ findings: Findings) throws(Failure) {
    var json = JSONWriter()
    json.value(findings.streams.first?.source ?? "")
    let source = String(decoding: json.bytes, as: UTF8.self)
    json.removeAll()
    json.value(options.generator)
    try output.write(
      "[{\"data\":{\"video\":\(source)},\"predictions\":[{\"model_version\":"
        + String(decoding: json.bytes, as: UTF8.self) + ",\"result\":[")
    var isFirst = true
    let common = "\"to_name\":\"video\",\"origin\":\"prediction\""
    for place in last.indices {
      try addLast(of: place, continues: false)
      try output.write(
        (isFirst ? "\n" : ",\n")
          + "{\"id\":\"person\(numbers[place])\",\"type\":\"videorectangle\",\"from_name\":\"box\",\(common),"
          + "\"meta\":{\"text\":[\"person \(numbers[place])\"]},\"value\":{\"framesCount\":\(lastFrame),"
          + "\"duration\":\(ClockText.seconds(findings.end)),\"labels\":[\"face\"],\"sequence\":[")
      try boxes.copy(place, to: output)
      try output.write("]}}")
      isFirst = false
    }
    for (index, run) in findings.intervals().enumerated() {
      guard let name = findings.className(run) else { continue }
      json.removeAll()
      json.object { json in
        json.field("id", "run\(index + 1)")
        json.field("type", "timelinelabels")
        json.field("from_name", "expression")
        json.field("to_name", "video")
        json.field("origin", "prediction")
        json.field("score", run.confidence)
        json.key("meta")
        json.object { json in
          json.key("text")
          json.array { $0.value("person \(findings.persons[Int(run.person)].number)") }
        }
        json.key("value")
        json.object { json in
          json.key("ranges")
          json.array { json in
            json.object { json in
              json.field("start", Int(run.firstFrame) + 1)
              json.field("end", Int(run.lastFrame) + 1)
            }
          }
          json.key("timelinelabels")
          json.array { $0.value(name) }
        }
      }
      try output.write(isFirst ? "\n" : ",\n")
      try output.write(json.bytes)
      isFirst = false
    }
    try output.write("]}]}]\n")
  }
}
