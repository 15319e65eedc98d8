import FrameStream
import SystemIO

/// Takes a part of streams: some frames, some records, some faces.
///
/// Packets and records of unknown types are taken with the frames that they are between. Attached files, which have no
/// time, are always taken.
package struct StreamSelection {
  /// The frames that are wanted.
  package let range: FrameRange
  /// The people whose faces are wanted; nil for all faces.
  package let people: Set<Int>?
  /// The names of the types of records that are wanted, besides a stream's first and last record; nil for all.
  package let types: Set<String>?

  private var timeBase = Rational(1, 1_000_000)
  private var attachments: Set<Int> = []
  private var isInside = false
  private var faces = FaceList()
  /// Whether the last frame was before the range.
  package private(set) var isBefore = false
  /// Whether the last frame was behind the range.
  package private(set) var isBehind = false

  /// A selection of parts.
  package init(range: FrameRange = .all, people: Set<Int>? = nil, types: Set<String>? = nil) {
    self.range = range
    self.people = people
    self.types = types
  }

  /// A stream begins.
  package mutating func begin(_ header: StreamHeader) {
    timeBase = header.timeBase
    attachments = Set(header.tracks.filter(\.isAttachment).map(\.id))
    (isInside, isBefore, isBehind) = (!range.hasStart, false, false)
  }

  /// Whether a record is wanted; of a frame, faces that are not are removed.
  /// - Throws: `Failure` (`badInput`) if the frame's faces are malformed.
  package mutating func takes(_ record: Record) throws(Failure) -> Bool {
    switch record.kind {
    case .stream, .end: return true
    case .frame:
      let place = range.place(
        sequence: record.sequence, presentationTime: record.presentationTime, timeBase)
      (isBefore, isInside, isBehind) = (place == .before, place == .inside, place == .behind)
    case .packet:
      if !isInside, !attachments.isEmpty, attachments.contains(try PacketRecord(record.line).track) {
        return isTaken(record)
      }
    case .other: break
    }
    guard isInside, isTaken(record) else { return false }
    if record.kind == .frame, let people { try keepFaces(of: people, record) }
    return true
  }

  private func isTaken(_ record: Record) -> Bool { types?.contains(record.typeName) ?? true }

  private mutating func keepFaces(of people: Set<Int>, _ frame: Record) throws(Failure) {
    guard let found = try frame.faces() else { return }
    func isWanted(_ face: FaceRecord) -> Bool { face.id.map { people.contains($0) } ?? false }
    guard !found.allSatisfy(isWanted) else { return }
    faces.removeAll()
    for face in found where isWanted(face) { faces.append(face, FaceFields()) }
    frame.line.setFaces(faces)
  }
}
