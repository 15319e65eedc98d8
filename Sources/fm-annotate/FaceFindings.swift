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
  /// Why the findings are incomplete although those read are good; nil if they are complete.
  private(set) var interruption: Failure?

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
        .badInput, step: "findings missing", subject: name, cause: "it has fewer streams than the video")
    }
  }

  /// The record of the frame with this number; nil if the findings' stream has none. Both go forward only.
  /// - Throws: ``Failure`` if the findings do not match these pictures, or the tool that made them failed.
  func frame(_ sequence: Int, layout: PictureLayout?) throws(Failure) -> Record? {
    while state == .atRecord, record.kind != .end, record.kind != .frame || record.sequence < sequence {
      try advance()
    }
    guard state == .atRecord, record.kind == .frame, record.sequence == sequence else { return nil }
    if let own = record.layout, let layout, own.width != layout.width || own.height != layout.height {
      throw Failure(
        .badInput, step: "--faces file does not match this video", subject: "\(name): \(record.subject)",
        cause: "\(own.width)x\(own.height), not \(layout.width)x\(layout.height)")
    }
    return record
  }

  /// The pixels have ended: reads the findings' stream to its end, so that a failure of the tool that made them is
  /// not missed.
  /// - Throws: ``Failure`` if the tool that made them failed, or they are malformed or cut short.
  func finish() throws(Failure) {
    while state == .atRecord, record.kind != .end { try advance() }
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
        failure.cause = "it does not start with a stream record; a filter must keep that record"
      }
      throw failure
    }
    state = .atRecord
    guard record.kind == .end else { return }
    let end = try EndRecord(record.line)
    guard let failure = end.failure(step: "findings incomplete", subject: name) else { return }
    if !end.status.keepsRecords { throw failure }
    interruption = failure
  }
}

extension Record {
  /// What is to be drawn for this frame's faces.
  func marks() throws(Failure) -> [FaceMark] {
    (try faces() ?? []).map { face in
      FaceMark(
        box: face.box, expression: face.expression, confidence: face.confidence,
        classIndex: face.classIndex, isHeld: face.isHeld)
    }
  }
}
