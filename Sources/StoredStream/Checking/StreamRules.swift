import FrameStream
import SystemIO

/// What a stream must be beyond what its parser needs: its records as the schema says, and what holds between them.
package final class StreamRules {
  private let schema: JSONSchema?
  private var timeBase: Rational?
  private var tracks: Set<Int> = []

  /// - Parameter schema: the text of the stream's JSON Schema; nil to check only what holds between records.
  /// - Throws: `Failure` (`badInput`) if it cannot be read.
  package init(schema: [UInt8]?) throws(Failure) {
    guard let schema else {
      self.schema = nil
      return
    }
    self.schema = try JSONSchema(try JSONValue(try JSONText(parsing: schema)))
  }

  /// The next record of the streams.
  /// - Throws: `Failure` (`badInput`) naming the record and what is wrong.
  package func check(_ record: Record) throws(Failure) {
    func failure(_ cause: String) -> Failure {
      Failure(.badInput, step: "bad record", subject: record.subject, cause: cause)
    }
    do throws(Failure) {
      guard let text = record.line.object else {
        throw failure("its object does not begin at the first byte of its line")
      }
      if record.kind == .stream, !record.line.bytes.starts(with: StreamHeader.opening) {
        throw failure("it does not begin with {\"fm\":")
      }
      if let fault = schema?.fault(in: text, "") { throw failure(fault) }
      switch record.kind {
      case .stream:
        let header = try StreamHeader(record.line)
        timeBase = header.video?.timeBase
        tracks = Set(header.tracks.map(\.id))
      case .frame: try checkTime(of: record, failure)
      case .packet:
        let track = try PacketRecord(record.line).track
        guard tracks.contains(track) else { throw failure("the stream record has no track \(track)") }
      case .end, .other: break
      }
    } catch {
      throw error.subject.isEmpty ? error.within(record.subject) : error
    }
  }

  private func checkTime(of frame: Record, _ failure: (String) -> Failure) throws(Failure) {
    _ = try frame.faces()
    guard let timeBase, let time = frame.time else { return }
    let expected = timeBase.seconds(frame.presentationTime)
    guard abs(time - expected) <= 0.001 + 1e-9 * abs(expected) else {
      throw failure("\"time\" is \(time), but \"pts\" is \(expected) seconds")
    }
  }
}
