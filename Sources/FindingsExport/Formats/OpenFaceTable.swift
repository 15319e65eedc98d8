import FrameStream
import SystemIO

/// `openface`: those columns of OpenFace 2's FeatureExtraction that there are values for, then one for each class.
///
/// Frames count from 1 and people from 0, as OpenFace's do; a face that belongs to nobody has no `face_id`. A frame without
/// faces has a row with `success` 0.
final class OpenFaceTable: FindingsWriter {
  private let output: TextOutput
  private let text = TableText(separator: ",")
  private let isRaw: Bool
  private var waiting = WaitingRows<(frame: Int, time: Double)>()
  private var classCount: Int?
  private var lateFaces = 0
  private var isClassified = false

  init(_ output: TextOutput, _ options: ExportOptions) {
    self.output = output
    isRaw = options.isRaw
  }

  var remarks: [String] {
    var remarks = [
      "of OpenFace's columns only those of frames, faces and boxes are there: no landmarks, no action units"
    ]
    if lateFaces > 0 { remarks.append("\(lateFaces) faces have classes without a column") }
    return remarks
  }

  func add(_ frame: FindingsFrame, classes: [String]) throws(Failure) {
    if classCount == nil {
      if waiting.keep((frame.number + 1, frame.position), hasFaces: !frame.faces.isEmpty) { return }
      try settle(classes)
    }
    if frame.faces.isEmpty { try writeMiss(frame.number + 1, frame.position) }
    for (place, face) in frame.faces.enumerated() {
      let label = !isRaw && face.smoothed.isPresent ? face.smoothed : face.label
      if label.scores.count > classCount ?? 0 { lateFaces += 1 }
      var cells = [
        "\(frame.number + 1)", text.cell(frame.people[place].map { $0.number - 1 }),
        ClockText.seconds(frame.position),
        text.cell(face.score ?? 1), "1", "\(face.box.x)", "\(face.box.y)", "\(face.box.width)",
        "\(face.box.height)",
      ]
      for index in 0..<(classCount ?? 0) { cells.append(text.cell(label.score(index))) }
      try output.write(text.row(cells))
    }
  }

  func finish(_ findings: Findings) throws(Failure) {
    if classCount == nil { try settle(findings.classes) }
  }

  private func settle(_ classes: [String]) throws(Failure) {
    classCount = classes.count
    let names = ["frame", "face_id", "timestamp", "confidence", "success", "x", "y", "width", "height"]
    try output.write(text.row(names + classes.map { text.cell(FaceColumns.columnName(ofClass: $0)) }))
    for (frame, time) in waiting.removeAll() { try writeMiss(frame, time) }
  }

  private func writeMiss(_ frame: Int, _ time: Double) throws(Failure) {
    let cells = ["\(frame)", "0", ClockText.seconds(time), "0", "0"]
    try output.write(
      text.row(cells + [String](repeating: "", count: 4 + (classCount ?? 0))))
  }
}
