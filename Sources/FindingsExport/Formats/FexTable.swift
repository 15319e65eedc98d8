import FrameStream
import SystemIO

/// `fex`: py-feat's columns of faces and emotions, as its Detectorv1 writes them.
final class FexTable: FindingsWriter {
  private let output: TextOutput
  private let text = TableText(separator: ",")
  private let isRaw: Bool
  private var source = ""
  /// The class numbers in the order of py-feat's emotions, nil where the classifier has none such; then the others.
  private var order: [Int?]?
  private var waiting = WaitingRows<Row>()
  private var lateFaces = 0

  /// py-feat's names in its order, and what other classifiers call them.
  private static let emotions: [(name: String, others: Set<String>)] = [
    ("anger", ["angry", "anger"]), ("disgust", ["disgust", "disgusted"]),
    ("fear", ["fear", "fearful", "afraid"]), ("happiness", ["happy", "happiness"]),
    ("sadness", ["sad", "sadness"]), ("surprise", ["surprise", "surprised"]), ("neutral", ["neutral"]),
  ]
  private static let fixed = [
    "FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight", "FaceScore", "Identity", "frame",
    "approx_time", "input", "FrameHeight", "FrameWidth",
  ]
  /// What all rows of a frame have.
  private struct Row {
    var frame: Int
    var time: Double
    var input: String
    var size: (width: Int, height: Int)?
  }

  init(_ output: TextOutput, _ options: ExportOptions) {
    self.output = output
    isRaw = options.isRaw
  }

  var remarks: [String] {
    var remarks = [
      "of py-feat's columns only those of faces and emotions are there: no landmarks, poses, action units"
    ]
    if lateFaces > 0 { remarks.append("\(lateFaces) faces have classes without a column") }
    return remarks
  }

  func begin(_ stream: FindingsStream) { source = text.cell(stream.source) }

  func add(_ frame: FindingsFrame, classes: [String]) throws(Failure) {
    let row = Row(
      frame: frame.number, time: frame.position, input: frame.source.map(text.cell) ?? source,
      size: frame.size)
    if order == nil {
      if waiting.keep(row, hasFaces: !frame.faces.isEmpty) { return }
      try settle(classes)
    }
    if frame.faces.isEmpty { try write(row) }
    // Without a tracker nothing says who is who.
    for (face, person) in zip(frame.faces, frame.people) {
      try write(row, face, person: face.id == nil ? nil : person?.number)
    }
  }

  func finish(_ findings: Findings) throws(Failure) {
    if order == nil { try settle(findings.classes) }
  }

  private func settle(_ classes: [String]) throws(Failure) {
    let known = Self.emotions.map { emotion in
      classes.firstIndex { emotion.others.contains($0.lowercased()) }
    }
    let rest = classes.indices.filter { index in !known.contains { $0 == index } }
    order = known + rest
    let names = Self.emotions.map(\.name) + rest.map { text.cell(classes[$0]) }
    try output.write(text.row(Self.fixed + names))
    for row in waiting.removeAll() { try write(row) }
  }

  private func write(_ row: Row, _ face: FaceValues? = nil, person: Int? = nil) throws(Failure) {
    let box = face?.box
    var cells = [box?.x, box?.y, box?.width, box?.height].map(text.cell)
    cells.append(text.cell(face.map { $0.score ?? 1 }))
    cells.append(person.map { "Person_\($0)" } ?? "")
    cells += [
      "\(row.frame)", ClockText.seconds(row.time), row.input, text.cell(row.size?.height),
      text.cell(row.size?.width),
    ]
    let label = face.map { !isRaw && $0.smoothed.isPresent ? $0.smoothed : $0.label }
    if let label, label.scores.count > (order ?? []).reduce(0, { max($0, ($1 ?? -1) + 1) }) { lateFaces += 1 }
    for index in order ?? [] { cells.append(text.cell(index.flatMap { label?.score($0) })) }
    try output.write(text.row(cells))
  }
}
