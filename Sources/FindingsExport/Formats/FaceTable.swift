import FrameStream
import SystemIO

/// `csv` and `tsv`: a row for each face of each frame, and one for a frame without faces.
final class FaceTable: FindingsWriter {
  enum Kind { case csv, tsv }

  private let output: TextOutput
  private let text: TableText
  private var stream: FindingsStream?
  private var file = ""
  private var columns: FaceColumns?
  private var pending = PendingFrames()
  private var lateFaces = 0
  private var row = ""

  init(_ output: TextOutput, _ kind: Kind, _ options: ExportOptions) {
    self.output = output
    text = TableText(separator: kind == .csv ? "," : "\t")
  }

  var remarks: [String] {
    var remarks = [columns?.shortcoming].compactMap { $0 }
    if lateFaces > 0 {
      remarks.append(
        "\(lateFaces) faces have values without a column: the columns are those of the first face")
    }
    return remarks
  }

  func begin(_ stream: FindingsStream) throws(Failure) {
    self.stream = stream
    file = text.cell(stream.source)
  }

  func add(_ frame: FindingsFrame, classes: [String]) throws(Failure) {
    let file = frame.source.map(text.cell) ?? self.file
    guard let first = frame.faces.first, let stream else {
      if let columns {
        try write(frame.sequence, frame.time, file, columns)
      } else {
        pending.append(frame.sequence, frame.time, file)
      }
      return
    }
    if columns == nil { try settle(FaceColumns(first, stream, classes: classes)) }
    guard let columns else { return }
    for face in frame.faces {
      if columns.lacksColumn(for: face) { lateFaces += 1 }
      row.removeAll(keepingCapacity: true)
      add(frame.sequence, frame.time, file)
      if columns.hasID { add(text.cell(face.id)) }
      for value in [face.box.x, face.box.y, face.box.width, face.box.height] { add("\(value)") }
      if columns.hasScore { add(text.cell(face.score)) }
      if columns.hasNeighbors { add(text.cell(face.neighbors)) }
      if columns.hasID { add(face.isFilled ? "1" : "0") }
      if columns.hasLabel { add(face.label, classes) }
      if columns.hasSmoothed { add(face.smoothed, classes) }
      if columns.hasLabel { addScores(face.label, columns) }
      if columns.hasSmoothed { addScores(face.smoothed, columns) }
      row.append("\n")
      try output.write(row)
    }
  }

  func finish(_ findings: Findings) throws(Failure) {
    if columns == nil { try settle(FaceColumns()) }
  }

  private func settle(_ columns: FaceColumns) throws(Failure) {
    self.columns = columns
    try output.write(text.row(columns.header.map(text.cell)))
    try pending.forEachFrame { (sequence, time, file) throws(Failure) in
      try write(sequence, time, file, columns)
    }
    pending = PendingFrames()
  }

  private func write(_ sequence: Int, _ time: Double, _ file: String, _ columns: FaceColumns) throws(Failure)
  {
    row.removeAll(keepingCapacity: true)
    add(sequence, time, file)
    for _ in 3..<columns.count { row.append(text.separator) }
    row.append("\n")
    try output.write(row)
  }

  private func add(_ sequence: Int, _ time: Double, _ file: String) {
    row.append(file)
    add("\(sequence)")
    add(ClockText.seconds(time))
  }

  private func add(_ label: FaceValues.Label, _ classes: [String]) {
    add(label.expression.map { text.cell(classes[$0]) } ?? "")
    add(text.cell(label.confidence))
  }

  private func addScores(_ label: FaceValues.Label, _ columns: FaceColumns) {
    for index in 0..<columns.classCount { add(text.cell(label.score(index))) }
  }

  private func add(_ cell: String) {
    row.append(text.separator)
    row.append(cell)
  }
}

/// Frames without faces that wait for the header: rows of equal steps take the room of one.
private struct PendingFrames {
  private struct Series {
    var sequence: Int
    var time: Double
    var file: String
    var sequenceStep = 0
    var timeStep = 0.0
    var count = 1

    func time(_ index: Int) -> Double { time + Double(index) * timeStep }
  }

  private var series: [Series] = []

  mutating func append(_ sequence: Int, _ time: Double, _ file: String) {
    if var last = series.last, last.file == file {
      if last.count == 1 {
        (last.sequenceStep, last.timeStep) = (sequence - last.sequence, time - last.time)
      }
      let continues =
        sequence == last.sequence + last.count * last.sequenceStep
        && abs(time - last.time(last.count)) < 5e-7
      if continues {
        last.count += 1
        series[series.count - 1] = last
        return
      }
    }
    series.append(Series(sequence: sequence, time: time, file: file))
  }

  func forEachFrame(_ body: (Int, Double, String) throws(Failure) -> Void) throws(Failure) {
    for part in series {
      for index in 0..<part.count {
        try body(part.sequence + index * part.sequenceStep, part.time(index), part.file)
      }
    }
  }
}
