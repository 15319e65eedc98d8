import FindingsExport
import Foundation
import FrameStream
import SystemIO

/// Findings of streams that are made here, at 100 units a second.
struct MadeFindings {
  struct Face {
    var id: Int?
    var expression: String?
    var smoothed: String?
    var confidence: Double
    var isFilled: Bool
    var score: Double?

    init(
      id: Int?, _ expression: String? = nil, smoothed: String? = nil, confidence: Double = 0.75,
      isFilled: Bool = false, score: Double? = nil
    ) {
      (self.id, self.expression, self.smoothed) = (id, expression, smoothed)
      (self.confidence, self.isFilled, self.score) = (confidence, isFilled, score)
    }

    private func label(_ name: String, to json: inout JSONWriter) {
      json.field("expression", name)
      json.field("confidence", confidence)
      json.key("scores")
      json.object { json in
        json.field(name, confidence)
        json.field("other", 1 - confidence)
      }
    }

    func write(_ place: Int, to json: inout JSONWriter) {
      json.object { json in
        json.key("box")
        json.array { json in for value in [10 * place + 4, 8, 20, 30] { json.value(value) } }
        json.field("score", score)
        if let expression { label(expression, to: &json) }
        json.field("id", id)
        json.field("filled", isFilled ? true : nil)
        if let smoothed {
          json.key("smoothed")
          json.object { label(smoothed, to: &$0) }
        }
      }
    }
  }

  struct Frame {
    var pts: Int
    var duration: Int?
    var faces: [Face]?
    var sequence: Int?

    init(pts: Int, duration: Int? = nil, sequence: Int? = nil, _ faces: [Face]?) {
      (self.pts, self.duration, self.sequence, self.faces) = (pts, duration, sequence, faces)
    }
  }

  let findings: Findings
  let remarks: [String]
  let writerRemarks: [String]

  /// The intervals: person, expression, start, end, frames.
  var text: [String] {
    findings.intervals().map { run in
      func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
      return "\(findings.persons[Int(run.person)].number) \(findings.className(run) ?? "-") "
        + "\(rounded(run.start))-\(rounded(run.end)) \(run.frames)"
    }
  }

  /// The lines of a stream.
  static func lines(
    frames: [Frame], times: Int = 1, history: [String] = [], source: String = "made.mp4", rate: Int? = nil,
    denominator: Int = 1
  ) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for _ in 0..<times {
      var json = JSONWriter()
      func line(_ body: (inout JSONWriter) -> Void) {
        json.removeAll()
        json.object(body)
        lines.append(json.bytes)
      }
      line { json in
        json.field("fm", 1)
        json.field("type", "stream")
        json.field("source", source)
        json.key("video")
        json.object { json in
          json.field("width", 64)
          json.field("height", 48)
          json.field("pixel_format", "gray")
          json.key("time_base")
          json.array { json in for value in [1, 100] { json.value(value) } }
          if let rate {
            json.key("frame_rate")
            json.array { json in for value in [rate, denominator] { json.value(value) } }
          }
        }
        json.key("history")
        json.array { json in
          for name in history { json.object { $0.field("name", name) } }
        }
      }
      for (number, frame) in frames.enumerated() {
        line { json in
          json.field("type", "frame")
          json.field("seq", frame.sequence ?? number)
          json.field("pts", frame.pts)
          json.field("time", Double(frame.pts) / 100)
          json.field("duration", frame.duration)
          guard let faces = frame.faces else { return }
          json.key("faces")
          json.array { json in for (place, face) in faces.enumerated() { face.write(place, to: &json) } }
        }
      }
      line { json in
        json.field("type", "end")
        json.field("status", "ok")
      }
    }
    return lines
  }

  /// Reads them, and writes them by some writers.
  static func read(
    frames: [Frame], _ options: RunOptions = RunOptions(), times: Int = 1, history: [String] = [],
    source: String = "made.mp4", rate: Int? = nil, denominator: Int = 1, writers: [any FindingsWriter] = []
  ) throws -> MadeFindings {
    let reader = FindingsReader(writers, options)
    let record = Record()
    let lines = lines(
      frames: frames, times: times, history: history, source: source, rate: rate, denominator: denominator)
    for line in lines {
      try line.withUnsafeBufferPointer { try record.line.assign($0) }
      try record.interpret()
      if record.kind == .stream {
        try reader.begin(try StreamHeader(record.line), line: record.line, inputName: "input")
      }
      if record.kind == .frame { try reader.add(record) }
    }
    return MadeFindings(
      findings: try reader.finish(), remarks: reader.remarksOnPeople,
      writerRemarks: writers.flatMap(\.remarks))
  }

  /// What a format writes.
  static func export(
    _ format: String, frames: [Frame], _ runs: RunOptions = RunOptions(), times: Int = 1,
    history: [String] = [],
    source: String = "made.mp4", rate: Int? = nil, denominator: Int = 1,
    _ options: ExportOptions = ExportOptions()
  ) throws -> (text: String, remarks: [String]) {
    try written { output in
      let writer = ExportFormat.named(format)!.makeWriter(output, options)
      return try read(
        frames: frames, runs, times: times, history: history, source: source, rate: rate,
        denominator: denominator, writers: [writer]
      ).writerRemarks
    }
  }

  /// What a format writes of findings that are made.
  static func export(_ format: String, findings: Findings) throws -> (text: String, remarks: [String]) {
    try written { output in
      let writer = ExportFormat.named(format)!.makeWriter(output, ExportOptions())
      try writer.finish(findings)
      return writer.remarks
    }
  }

  /// What `body` writes, and what it returns.
  private static func written(
    _ body: (TextOutput) throws -> [String]
  ) throws -> (text: String, remarks: [String]) {
    let path = NSTemporaryDirectory() + "fm-export-\(UUID().uuidString)"
    defer { unlink(path) }
    let descriptor = Descriptor(open(path, O_RDWR | O_CREAT, 0o600))
    defer { descriptor.close() }
    let output = TextOutput(descriptor, name: "findings")
    let remarks = try body(output)
    try output.flush()
    return (String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self), remarks)
  }
}
