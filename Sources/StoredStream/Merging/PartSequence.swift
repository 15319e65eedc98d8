import FrameStream
import SystemIO

/// Follows the parts of a stream, one after the other, and refuses what does not follow on what came before.
package struct PartSequence {
  private var name = ""
  private var step = 1
  private var attachments: Set<Int> = []
  private var isFirst = true
  private var frames = 0
  private var sequence: Int?
  private var totals = EndRecord(frames: 0, status: .ok)
  /// The part before with frames: its name, and the numbers of its first and last frame.
  private var before: (name: String, first: Int, last: Int)?
  private var first: Int?

  /// No part yet.
  package init() {}

  /// A part begins.
  package mutating func begin(_ part: StreamPart) {
    isFirst = name.isEmpty
    name = part.name
    step = max(step, part.step)
    attachments = Set(part.header.tracks.filter(\.isAttachment).map(\.id))
    (frames, sequence, first) = (0, nil, nil)
  }

  /// A record of the part follows.
  /// - Returns: whether it belongs into the whole: attached files, which every part has, do so once.
  /// - Throws: `Failure` (`badInput`) naming the part, for a frame that does not follow on the one before.
  package mutating func takes(_ record: Record) throws(Failure) -> Bool {
    if record.kind == .packet, !isFirst, !attachments.isEmpty {
      return !attachments.contains(try PacketRecord(record.line).track)
    }
    guard record.kind == .frame else { return true }
    frames += 1
    if let last = sequence {
      step = max(step, record.sequence - last)
    } else {
      first = record.sequence
      try checkStart(record.sequence)
    }
    sequence = record.sequence
    return true
  }

  private func checkStart(_ number: Int) throws(Failure) {
    guard let before else { return }
    func failure(_ cause: String) -> Failure {
      Failure(.badInput, step: "cannot merge", subject: name, cause: cause)
    }
    if number == before.first {
      throw failure("it begins with frame \(number) as \(before.name) does: one of them is there twice")
    }
    if number <= before.last {
      throw failure(
        "it begins with frame \(number), but \(before.name) before it ends with frame \(before.last): "
          + (number < before.first ? "they are out of order" : "they overlap"))
    }
    guard number <= before.last + step else {
      let missing =
        number == before.last + 2
        ? "frame \(before.last + 1) is" : "frames \(before.last + 1) to \(number - 1) are"
      throw failure("\(missing) missing between \(before.name) and it")
    }
  }

  /// The part has ended.
  /// - Throws: `Failure` naming the part: `failed` if it says that it is not whole, `badInput` if it counts other frames
  ///   than it has.
  package mutating func end(_ line: RecordLine) throws(Failure) {
    let end = try EndRecord(line)
    if let failure = end.failure(step: "cannot merge", subject: name) { throw failure }
    if let count = end.frames, count != frames {
      throw Failure(
        .badInput, step: "cannot merge", subject: name,
        cause: "its end record counts \(count) frames, and there are \(frames)")
    }
    func sum(_ a: Int?, _ b: Int?) -> Int? { a == nil && b == nil ? nil : (a ?? 0) &+ (b ?? 0) }
    totals.frames = sum(totals.frames, frames)
    totals.dropped = sum(totals.dropped, end.dropped)
    totals.unreadable = sum(totals.unreadable, end.unreadable)
    totals.damaged = sum(totals.damaged, end.damaged)
    if let first, let sequence { before = (name, first, sequence) }
  }

  /// The end record of the whole: what the parts lost, added up.
  package var ending: RecordLine {
    var line = RecordLine()
    line.assign(totals)
    return line
  }

  /// How many frames the whole has.
  package var frameCount: Int { totals.frames ?? 0 }
}
