import SystemIO

/// One record of a stream: its JSON line and its payload.
///
/// A record is reused for one record of the stream after another, so that a running pipe allocates nothing.
public final class Record {
  /// The type of a record, its key `type`.
  public enum Kind: Sendable, Equatable {
    case stream, frame, packet, end
    /// A type that this version does not know; passed on unchanged.
    case other
  }

  /// The JSON line. After changing `bytes`, `type` or a frame's geometry, call ``interpret()``.
  public var line = RecordLine()
  /// The memory of the payload; valid if ``payloadCount`` is not 0.
  public private(set) var payload = Payload()
  /// The record's type.
  public private(set) var kind = Kind.other
  /// The payload's length in bytes, the key `bytes`; 0 for none.
  public private(set) var payloadCount = 0
  /// A frame's number, its key `seq`.
  public internal(set) var sequence = 0
  /// A frame's presentation time in the stream's time base, its key `pts`.
  public internal(set) var presentationTime = 0
  /// A frame's geometry; nil if the line does not give it.
  public internal(set) var layout: PictureLayout?

  /// An empty record, for ``StreamReader/read(into:)`` to fill.
  public init() {}

  /// Reads the keys that every reader needs from the line and checks them.
  /// - Throws: `Failure` (`badInput`): a key missing or of the wrong type, a payload over the limit, or one
  ///   that does not agree with the frame's geometry.
  public func interpret() throws(Failure) {
    guard let type = line[RecordLine.typeKey], type.isString else {
      throw Failure(.badInput, step: "not a record", cause: "there is no string \"type\" in it")
    }
    kind = Kind(type)
    payloadCount = try line.payloadCount()
    switch kind {
    case .frame: try interpretFrame()
    case .packet: _ = try line.packetTrack()
    case .stream, .end:
      guard payloadCount == 0 else {
        throw Failure(.badInput, step: "bad record", cause: "a \(kind) record has no payload")
      }
    case .other: break
    }
  }

  /// True if a picture comes with this frame.
  public var hasPixels: Bool { kind == .frame && payloadCount > 0 }

  /// A plane of the frame's picture, valid until the payload changes; nil if the frame has no pixels or no such plane.
  public func plane(_ index: Int) -> PlaneView? {
    guard hasPixels, let layout, layout.planes.indices.contains(index) else { return nil }
    return layout.plane(index, at: UnsafePointer(payload.base))
  }

  /// Removes the payload, so that only the line is left.
  package func dropPayload() {
    guard payloadCount > 0 else { return }
    line.remove(RecordLine.payloadKey)
    payloadCount = 0
  }

  /// About how many bytes of memory the record holds, whether it uses them or not.
  package var memory: Int { 256 + line.memory + payload.capacity }

  /// Keeps no more memory for the payload than it needs: a buffer that is much larger goes to `other`, which is to be
  /// filled next.
  package func handOverMemory(to other: Record) {
    let enough = 2 * payloadCount + 4096
    guard other !== self, payload.capacity > enough else { return }
    let large = payload
    payload = other.payload.capacity <= enough ? other.payload : Payload()
    payload.resize(to: payloadCount)
    payload.mutableBytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: large.bytes.prefix(payloadCount)))
    other.payload = large
    other.payloadCount = 0
  }

  /// The name of the record's type, also of one that this version does not know.
  package var typeName: String { line[RecordLine.typeKey]?.string ?? "" }

  /// The name of this record in a message: `frame 118`.
  public var subject: String {
    switch kind {
    case .frame: "frame \(sequence)"
    case .packet: "packet of track \((try? line.packetTrack()) ?? 0)"
    case .stream: "stream record"
    case .end: "end record"
    case .other: "record of type \"\(typeName.prefix(40))\""
    }
  }
}

extension Record.Kind {
  fileprivate init(_ type: JSONText) {
    self = .other
    if type.equals("frame") { self = .frame }
    if type.equals("packet") { self = .packet }
    if type.equals("stream") { self = .stream }
    if type.equals("end") { self = .end }
  }
}

/// The keys that records of every type have.
extension RecordLine {
  static let typeKey: StaticString = "type"
  static let payloadKey: StaticString = "bytes"

  /// Replaces the line with a record of a type, whose other fields `body` writes.
  mutating func assign(type: String, _ body: (inout JSONWriter) -> Void) {
    assign { json in
      json.field(RecordLine.typeKey, type)
      body(&json)
    }
  }

  /// Whether the record is of a type.
  func isOfType(_ type: String) -> Bool { self[RecordLine.typeKey]?.equals(contentsOf: type) ?? false }

  /// The payload's length in bytes, 0 without the key.
  fileprivate func payloadCount() throws(Failure) -> Int {
    guard let bytes = self[RecordLine.payloadKey] else { return 0 }
    guard let count = bytes.int, count >= 0 else {
      throw Failure(.badInput, step: "bad record", cause: "\"bytes\" is not a whole number from 0")
    }
    guard count <= StreamLimits.payload else {
      throw Failure(
        .badInput, step: "bad record",
        cause: "\"bytes\" is \(count), more than the limit of \(StreamLimits.payload)")
    }
    return count
  }
}

extension JSONWriter {
  /// Writes the payload's length.
  mutating func payload(_ byteCount: Int) {
    key(RecordLine.payloadKey)
    value(byteCount)
  }
}
