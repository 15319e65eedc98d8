import SystemIO

/// `cvat`: CVAT for video 1.1: a track for each person, with a box in each frame and the expression as an attribute.
final class CVATTracks: FindingsWriter {
  private let output: TextOutput
  private let options: ExportOptions
  private let boxes = Spool()
  /// The last frame and the box of each person, by place.
  private var last: [(frame: Int, box: String)] = []
  private var numbers: [Int] = []
  private var size: (width: Int, height: Int)?
  private var lastFrame = -1

  init(_ output: TextOutput, _ options: ExportOptions) {
    self.output = output
    self.options = options
  }

  func add(_ frame: FindingsFrame, classes: [String]) throws(Failure) {
    if size == nil { size = frame.size }
    for (face, person) in zip(frame.faces, frame.people) {
      guard let person else { continue }
      while last.count <= person.place {
        last.append((-1, ""))
        numbers.append(person.number)
      }
      numbers[person.place] = person.number
      if last[person.place].frame >= 0, last[person.place].frame != lastFrame {
        try endSight(of: person.place)
      }
      let box = face.box
      let place =
        "xtl=\"\(box.x)\" ytl=\"\(box.y)\" xbr=\"\(box.maxX)\" ybr=\"\(box.maxY)\" z_order=\"0\""
      let label = !options.isRaw && face.smoothed.isPresent ? face.smoothed : face.label
      let expression = label.expression.map { MarkupText.escaped(classes[$0]) } ?? ""
      try boxes.append(
        "    <box frame=\"\(frame.number)\" outside=\"0\" occluded=\"\(face.isFilled ? 1 : 0)\" keyframe=\"1\" \(place)>"
          + "<attribute name=\"expression\">\(expression)</attribute></box>\n", to: person.place)
      last[person.place] = (frame.number, place)
    }
    lastFrame = frame.number
  }

  /// The person was not in the frame after the last box.
  private func endSight(of place: Int) throws(Failure) {
    try boxes.append(
      "    <box frame=\"\(last[place].frame + 1)\" outside=\"1\" occluded=\"0\" keyframe=\"1\" \(last[place].box)>"
        + "<attribute name=\"expression\"></attribute></box>\n", to: place)
  }

  func finish(_ findings: Findings) throws(Failure) {
    for place in last.indices where last[place].frame < lastFrame { try endSight(of: place) }
    let values = ([""] + findings.classes).map(MarkupText.escaped).joined(separator: "\n")
    let source = MarkupText.escaped(findings.streams.first?.source ?? "")
    try output.write(
      """
      <?xml version="1.0" encoding="utf-8"?>
      <annotations>
        <version>1.1</version>
        <meta>
          <task>
            <name>\(source)</name>
            <size>\(lastFrame + 1)</size>
            <mode>interpolation</mode>
            <overlap>0</overlap>
            <start_frame>0</start_frame>
            <stop_frame>\(max(0, lastFrame))</stop_frame>
            <labels>
              <label>
                <name>face</name>
                <attributes>
                  <attribute>
                    <name>expression</name>
                    <mutable>True</mutable>
                    <input_type>select</input_type>
                    <default_value></default_value>
                    <values>\(values)</values>
                  </attribute>
                </attributes>
              </label>
            </labels>
            <original_size>
              <width>\(size?.width ?? 0)</width>
              <height>\(size?.height ?? 0)</height>
            </original_size>
            <source>\(source)</source>
          </task>
        </meta>

      """)
    for place in last.indices {
      try output.write("  <track id=\"\(numbers[place])\" label=\"face\" source=\"auto\">\n")
      try boxes.copy(place, to: output)
      try output.write("  </track>\n")
    }
    try output.write("</annotations>\n")
  }
}
