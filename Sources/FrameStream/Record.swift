import SystemIO

/// One record of a stream: its JSON line and its payload.
///
/// A record is a place that is filled again and again, so that a running pipe allocates nothing.
public final class Record {
  public enum Kind: Sendable, Equatable {
    case stream, frame, packet, end
    /// A type that this version does not know; passed on unchanged.
    case other
  }

  /// The JSON line. After changing `bytes`, `type` or a frame's geometry, call ``interpret()``.
  public var line = RecordLine()
  public let payload = Payload()
  public private(set) var kind = Kind.other
  /// `bytes` of the line: the payload's length, 0 for none.
  public private(set) var payloadCount = 0
  /// A frame's `seq`.
  public private(set) var sequence = 0
  /// A frame's `pts`, in the stream's time base.
  public private(set) var presentationTime = 0
  /// A frame's geometry; nil if the line does not give it.
  public private(set) var layout: PictureLayout?

  public init() {}

  /// Reads from the line what every reader needs, and checks it.
  /// - Throws: ``Failure`` (`badInput`): a key missing or of the wrong type, a payload over the limit, or one
  ///   that does not agree with the frame's geometry.
  public func interpret() throws(Failure) {
    guard let type = line["type"], type.isString else {
      throw Failure(.badInput, step: "not a record", cause: "there is no string \"type\" in it")
    }
    payloadCount = 0
    if let bytes = line["bytes"] {
      guard let count = bytes.int, count >= 0 else {
        throw Failure(.badInput, step: "bad record", cause: "\"bytes\" is not a whole number from 0")
      }
      guard count <= StreamLimits.payload else {
        throw Failure(
          .badInput, step: "bad record",
          cause: "\"bytes\" is \(count), more than the limit of \(StreamLimits.payload)")
      }
      payloadCount = count
    }
    if type.equals("frame") {
      kind = .frame
      try interpretFrame()
    } else if type.equals("packet") {
      kind = .packet
      guard let track = line["track"]?.int, track > 0 else {
        throw Failure(.badInput, step: "bad packet", cause: "\"track\" is not a positive number")
      }
    } else if type.equals("stream") {
      kind = .stream
    } else if type.equals("end") {
      kind = .end
    } else {
      kind = .other
    }
    if kind == .stream || kind == .end, payloadCount > 0 {
      throw Failure(.badInput, step: "bad record", cause: "a \(kind) record has no payload")
    }
  }

  private func interpretFrame() throws(Failure) {
    func fail(_ cause: String) -> Failure { Failure(.badInput, step: "bad frame", cause: cause) }
    guard let sequence = line["seq"]?.int, sequence >= 0 else {
      throw fail("\"seq\" is not a whole number from 0")
    }
    guard let presentationTime = line["pts"]?.int else { throw fail("\"pts\" is not a whole number") }
    self.sequence = sequence
    self.presentationTime = presentationTime
    let width = line["width"]
    let height = line["height"]
    let format = line["pixel_format"]
    if width == nil, height == nil, format == nil, payloadCount == 0 {
      layout = nil
      return
    }
    guard let width = width?.int, let height = height?.int, width > 0, height > 0 else {
      throw fail("\"width\" and \"height\" are not positive whole numbers")
    }
    if let layout, layout.width == width, layout.height == height,
      format.map({ $0.isFormat(layout.format) }) ?? false
    {
      // The geometry of the frame before; its layout still holds.
    } else {
      guard let name = format?.string else { throw fail("\"pixel_format\" is missing") }
      guard let format = PixelFormat(rawValue: name) else {
        throw fail("the pixel format \"\(name.prefix(40))\" is not known")
      }
      layout = try PictureLayout(format, width: width, height: height)
    }
    guard let layout, payloadCount == 0 || payloadCount == layout.byteCount else {
      throw fail(
        "\"bytes\" is \(payloadCount), but \(width)x\(height) \(self.layout?.format.rawValue ?? "") "
          + "takes \(self.layout?.byteCount ?? 0)")
    }
  }

  /// True if a picture comes with this frame.
  public var hasPixels: Bool { kind == .frame && payloadCount > 0 }

  /// A plane of the frame's picture; nil if the frame has no pixels or no such plane.
  public func plane(_ index: Int) -> PlaneView? {
    guard hasPixels, let layout, layout.planes.indices.contains(index) else { return nil }
    return layout.plane(index, at: UnsafePointer(payload.base))
  }

  /// Takes the payload away, so that the record is its line alone.
  public func dropPayload() {
    guard payloadCount > 0 else { return }
    line.remove("bytes")
    payloadCount = 0
  }

  /// What to call this record in a message: `frame 118`.
  public var subject: String {
    switch kind {
    case .frame: "frame \(sequence)"
    case .packet: "packet of track \(line["track"]?.int ?? 0)"
    case .stream: "stream record"
    case .end: "end record"
    case .other: "record of type \"\((line["type"]?.string ?? "").prefix(40))\""
    }
  }
}

extension JSONText {
  fileprivate func isFormat(_ format: PixelFormat) -> Bool {
    switch format {
    case .gray: equals("gray")
    case .yuv420p: equals("yuv420p")
    case .yuv422p: equals("yuv422p")
    case .yuv444p: equals("yuv444p")
    case .nv12: equals("nv12")
    case .rgb24: equals("rgb24")
    case .yuv420p10le: equals("yuv420p10le")
    }
  }
}
