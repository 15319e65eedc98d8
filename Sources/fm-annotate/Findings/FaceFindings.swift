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
  /// Whether findings of another video are taken.
  private let isForced: Bool
  private let warn: (String) -> Void
  /// Seconds in one unit of `pts` in the findings, and in the video.
  private var timeBases: (own: Rational, video: Rational)?
  /// Frames of the video that the findings do not have.
  private var missingCount = 0
  /// The findings' own header of the current stream.
  private(set) var header = StreamHeader()
  /// The filters that the current stream has been through.
  private(set) var history: [HistoryEntry] = []
  /// Why the findings are incomplete although those read are good; nil if they are complete.
  private(set) var interruption: Failure?

  private enum State { case betweenStreams, atRecord, atEnd }

  init(_ path: String, _ tool: Tool, isForced: Bool = false) throws(Failure) {
    reader = try InputStream(path, tool).reader
    name = path
    self.isForced = isForced
    let diagnostics = tool.diagnostics
    warn = { diagnostics.warn($0) }
  }

  /// The stream of pixels begins, or its next one: goes to the findings' next stream.
  /// - Throws: ``Failure`` (`badInput`) if there is none, or it is another video's.
  func beginStream(_ video: StreamHeader) throws(Failure) {
    repeat { try advance() } while state != .atEnd && record.kind != .stream
    if state == .atEnd {
      throw Failure(
        .badInput, step: "findings missing", subject: name, cause: "it has fewer streams than the video")
    }
    let own = try StreamHeader(record.line)
    header = own
    history = record.line.history
    timeBases = (own.timeBase, video.timeBase)
    if let difference = FaceFindings.difference(own, video) {
      if !isForced { throw mismatch(difference) }
      warn("\(name): \(difference)")
    }
  }

  private func mismatch(_ cause: String, _ subject: String = "") -> Failure {
    Failure(
      .badInput, step: "--faces file does not match this video",
      subject: subject.isEmpty ? name : "\(name): \(subject)",
      cause: "\(cause) (--force takes it all the same)")
  }

  /// What shows that findings were made of another video; nil if nothing does.
  private static func difference(_ own: StreamHeader, _ video: StreamHeader) -> String? {
    func file(_ source: String?) -> String? {
      guard let source, !["-", "standard input"].contains(source) else { return nil }
      return FilePath.lastComponent(source)
    }
    if let a = file(own.source), let b = file(video.source), a != b { return "it is of \(a), not of \(b)" }
    if let a = own.video, let b = video.video {
      if a.width != b.width || a.height != b.height {
        return "\(a.width)x\(a.height), not \(b.width)x\(b.height)"
      }
      if let a = a.frames, let b = b.frames, a != b { return "it is of \(a) frames, not of \(b)" }
    }
    return nil
  }

  /// Gives a frame the faces of the findings; none if they have no record of it.
  /// - Throws: as ``frame(_:)``.
  func merge(into frame: Record) throws(Failure) { frame.takeFaces(of: try self.frame(frame)) }

  /// The record of the same frame; nil if the findings' stream has none. Both go forward only.
  /// - Throws: ``Failure`` if the findings do not match these pictures, or the tool that made them failed.
  private func frame(_ frame: Record) throws(Failure) -> Record? {
    let (sequence, layout) = (frame.sequence, frame.layout)
    while state == .atRecord, record.kind != .end, record.kind != .frame || record.sequence < sequence {
      try advance()
    }
    guard state == .atRecord, record.kind == .frame, record.sequence == sequence else {
      missingCount += 1
      return nil
    }
    guard !isForced else { return record }
    if let own = record.layout, let layout, own.width != layout.width || own.height != layout.height {
      throw mismatch("\(own.width)x\(own.height), not \(layout.width)x\(layout.height)", record.subject)
    }
    if let (own, video) = timeBases {
      let times = (own.seconds(record.presentationTime), video.seconds(frame.presentationTime))
      if abs(times.0 - times.1) > FaceFindings.tolerance {
        throw mismatch("it is of \(times.0) s, not of \(times.1) s", record.subject)
      }
    }
    return record
  }

  /// Seconds by which the times of a frame may differ.
  private static let tolerance = 0.1

  /// The pixels have ended: reads the findings' stream to its end, so that a failure of the tool that made them is
  /// not missed.
  /// - Throws: ``Failure`` if the tool that made them failed, or they are malformed or cut short.
  func finish() throws(Failure) {
    while state == .atRecord, record.kind != .end { try advance() }
    if missingCount > 0 { warn("\(name): it has no record of \(missingCount) frames of the video") }
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
