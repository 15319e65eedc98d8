import SystemIO

/// A frame as its record describes it, for programs that write streams; filters change the ``Record`` that they read.
///
/// The picture itself is the payload; faces are in ``FaceRecord``.
public struct FrameRecord: Sendable {
  /// The picture's number in its source, from 0 and growing.
  public var sequence: Int
  /// When the picture is shown, in the stream's time base.
  public var presentationTime: Int
  /// The same in seconds.
  public var time: Double
  /// The picture's geometry.
  public var layout: PictureLayout
  /// True if the picture follows as the record's payload.
  public var hasPixels = true
  /// How long the picture is shown, in the stream's time base.
  public var duration: Int?
  /// True for a key frame of the source.
  public var isKey = false
  /// The picture's own range, where it differs from the stream's.
  public var colorRange: ColorRange?
  /// The file of a picture that is one of several.
  public var source: String?
  /// The class that the picture is known to show.
  public var label: String?
  /// Closed captions that come with the picture (`cc_data` of ATSC A/53 part 4); empty for none.
  public var captions: [UInt8] = []

  /// A frame with pixels, without the optional keys.
  public init(sequence: Int, presentationTime: Int, time: Double, layout: PictureLayout) {
    self.sequence = sequence
    self.presentationTime = presentationTime
    self.time = time
    self.layout = layout
  }
}

private enum Key {
  static let sequence: StaticString = "seq"
  static let presentationTime: StaticString = "pts"
  static let time: StaticString = "time"
  static let width: StaticString = "width"
  static let height: StaticString = "height"
  static let pixelFormat: StaticString = "pixel_format"
  static let duration: StaticString = "duration"
  static let isKey: StaticString = "key"
  static let colorRange: StaticString = "color_range"
  static let source: StaticString = "source"
  static let label: StaticString = "label"
  static let captions: StaticString = "captions"
}

extension RecordLine {
  /// Replaces the line with a frame's.
  public mutating func assign(_ frame: FrameRecord) {
    assign(type: "frame") { json in
      json.field(Key.sequence, frame.sequence)
      json.field(Key.presentationTime, frame.presentationTime)
      json.field(Key.time, frame.time)
      json.field(Key.width, frame.layout.width)
      json.field(Key.height, frame.layout.height)
      json.field(Key.pixelFormat, frame.layout.format.rawValue)
      if frame.hasPixels { json.payload(frame.layout.byteCount) }
      json.field(Key.duration, frame.duration)
      json.field(Key.isKey, frame.isKey ? true : nil)
      json.field(Key.colorRange, frame.colorRange?.rawValue)
      json.field(Key.source, frame.source)
      json.field(Key.label, frame.label)
      if !frame.captions.isEmpty { json.field(Key.captions, Base64.encode(frame.captions)) }
    }
  }
}

/// What a frame's line says of the picture. Each property reads the line when it is asked for.
extension Record {
  /// When a frame is shown, in seconds as its line says; nil if it does not. ``presentationTime`` takes precedence.
  package var time: Double? { line[Key.time]?.double }

  /// How long a frame is shown, in the stream's time base; nil if its line does not say.
  public var duration: Int? { line[Key.duration]?.int }

  /// The file that a frame is from; nil if its line does not say.
  public var source: String? { line[Key.source]?.string }

  /// The class that a frame is known to show; nil if its line does not say.
  public var label: String? { line[Key.label]?.string }

  /// The closed captions that come with a frame; nil if there are none, or they cannot be read.
  public var captions: [UInt8]? { line[Key.captions]?.string.flatMap { Base64.decode($0) } }

  /// The range of a frame's luma in the stream that `video` describes: its own `color_range` takes precedence.
  public func colorRange(in video: VideoDescription?) -> ColorRange {
    guard let layout, layout.format != .rgb24 else { return .pc }
    if let own = line[Key.colorRange] {
      if own.equals("pc") { return .pc }
      if own.equals("tv") { return .tv }
    }
    return video?.colorRange ?? (layout.format == .gray ? .pc : .tv)
  }

  /// Reads number, time and geometry.
  func interpretFrame() throws(Failure) {
    func fail(_ cause: String) -> Failure { Failure(.badInput, step: "bad frame", cause: cause) }
    guard let sequence = line[Key.sequence]?.int, (0...StreamLimits.number).contains(sequence) else {
      throw fail("\"seq\" is not a whole number from 0 to \(StreamLimits.number)")
    }
    func isTime(_ ticks: Int?) -> Bool { ticks.map { $0.magnitude <= StreamLimits.ticks } ?? false }
    guard let presentationTime = line[Key.presentationTime]?.int, isTime(presentationTime) else {
      throw fail("\"pts\" is not a whole number within ±\(StreamLimits.ticks)")
    }
    if let duration = line[Key.duration], duration.isNumber, !isTime(duration.int) {
      throw fail("\"duration\" is not a whole number within ±\(StreamLimits.ticks)")
    }
    self.sequence = sequence
    self.presentationTime = presentationTime
    let width = line[Key.width]
    let height = line[Key.height]
    let format = line[Key.pixelFormat]
    if width == nil, height == nil, format == nil, payloadCount == 0 {
      layout = nil
      return
    }
    guard let width = width?.int, let height = height?.int, width > 0, height > 0 else {
      throw fail("\"width\" and \"height\" are not positive whole numbers")
    }
    if let layout, layout.width == width, layout.height == height,
      format?.equals(contentsOf: layout.format.rawValue) ?? false
    {
      // The geometry of the frame before; its layout is still valid.
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
}

extension GrayPicture {
  /// The grayscale picture of `frame`, valid until the frame's payload or this object changes; nil if the frame has
  /// no pixels.
  public func plane(of frame: Record) -> PlaneView? {
    guard frame.hasPixels, let layout = frame.layout else { return nil }
    return plane(of: layout, at: UnsafePointer(frame.payload.base))
  }
}
