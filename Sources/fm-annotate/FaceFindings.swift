import FaceDrawing
import FilterTool
import FrameStream
import SystemIO

/// The findings of a stream without pixels, taken frame by frame beside a stream that has only pixels.
final class FaceFindings {
  private let reader: StreamReader
  private let name: String
  private let record = Record()
  private var state = State.betweenStreams

  private enum State { case betweenStreams, atRecord, atEnd }

  init(_ path: String, _ tool: Tool) throws(Failure) {
    reader = try InputStream(path, tool).reader
    name = path
  }

  /// The stream of pixels begins, or its next one: goes to the findings' next stream.
  /// - Throws: ``Failure`` (`badInput`) if there is none.
  func beginStream() throws(Failure) {
    repeat { try advance() } while state != .atEnd && record.kind != .stream
    if state == .atEnd {
      throw Failure(
        .badInput, step: "findings missing", subject: name, cause: "it has fewer streams than the pixels")
    }
  }

  /// The record of the frame with this number; nil if the findings' stream has none. Both go forward only.
  /// - Throws: ``Failure`` if the findings are of other pictures, or their making has failed.
  func frame(_ sequence: Int, layout: PictureLayout?) throws(Failure) -> Record? {
    while state == .atRecord, record.kind != .end, record.kind != .frame || record.sequence < sequence {
      try advance()
    }
    guard state == .atRecord, record.kind == .frame, record.sequence == sequence else { return nil }
    if let own = record.layout, let layout, own.width != layout.width || own.height != layout.height {
      throw Failure(
        .badInput, step: "findings of another picture", subject: "\(name): \(record.subject)",
        cause: "\(own.width)x\(own.height), not \(layout.width)x\(layout.height)")
    }
    return record
  }

  private func advance() throws(Failure) {
    do throws(Failure) {
      guard case .record = try reader.read(into: record) else {
        state = .atEnd
        return
      }
    } catch {
      var failure = error.within(name)
      if error.step == "not an fm stream" {
        failure.cause = "it begins with no stream record; keep the stream record when findings are filtered"
      }
      throw failure
    }
    state = .atRecord
    if record.kind == .end, let status = record.line["status"]?.string, status == "error" {
      throw Failure(
        .failed, step: "findings incomplete", subject: name, cause: record.line["message"]?.string ?? status)
    }
  }
}

extension Record {
  /// What is to be drawn for this frame's faces.
  func marks() throws(Failure) -> [FaceMark] {
    (try faces() ?? []).map { face in
      var classIndex: Int?
      let expression = face.text["expression"]?.string
      if let expression, let scores = face.text["scores"] {
        var index = 0
        try? scores.forEachField { (key, _) in
          if classIndex == nil, key.string == expression { classIndex = index }
          index += 1
        }
      }
      return FaceMark(
        x: face.x, y: face.y, width: face.width, height: face.height, expression: expression,
        confidence: face.text["confidence"]?.double, classIndex: classIndex,
        isHeld: face.text["held"]?.bool ?? false)
    }
  }
}
