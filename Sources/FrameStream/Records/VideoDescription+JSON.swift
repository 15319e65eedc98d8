import SystemIO

extension VideoDescription {
  /// Reads the stream record's `video`.
  /// - Throws: `Failure` (`badInput`) naming the wrong key.
  init(json: JSONValue) throws(Failure) {
    guard json.object != nil else { throw StreamHeader.fail("\"video\" is not an object") }
    guard let width = json["width"]?.int, let height = json["height"]?.int, width > 0, height > 0 else {
      throw StreamHeader.fail("\"width\" and \"height\" of \"video\" are not positive whole numbers")
    }
    guard let name = json["pixel_format"]?.string else {
      throw StreamHeader.fail("\"pixel_format\" of \"video\" is missing")
    }
    guard let format = PixelFormat(rawValue: name) else {
      throw StreamHeader.fail("the pixel format \"\(name.prefix(40))\" is not known")
    }
    _ = try PictureLayout(format, width: width, height: height)
    guard let timeBase = try Rational(json: json["time_base"], "time_base") else {
      throw StreamHeader.fail("\"time_base\" of \"video\" is missing")
    }
    guard timeBase.numerator > 0 else {
      throw StreamHeader.fail("\"time_base\" of \"video\" is not positive")
    }
    self.init(
      width: width, height: height, pixelFormat: format, timeBase: timeBase,
      frameRate: try Rational(json: json["frame_rate"], "frame_rate"),
      sampleAspectRatio: try Rational(json: json["sample_aspect_ratio"], "sample_aspect_ratio"),
      colorRange: format.isYUV ? .tv : .pc)
    if let range = json["color_range"], !range.isNull {
      guard let range = range.string.flatMap({ ColorRange(rawValue: $0) }) else {
        throw StreamHeader.fail("\"color_range\" of \"video\" is neither \"tv\" nor \"pc\"")
      }
      colorRange = range
    }
    colorSpace = json["color_space"]?.string
    colorPrimaries = json["color_primaries"]?.string
    colorTransfer = json["color_transfer"]?.string
    chromaLocation = json["chroma_location"]?.string
    frames = json["frames"]?.int
    duration = json["duration"]?.double
    startTime = json["start_time"]?.double
    metadata = [Tag](json: json["metadata"])
  }

  /// Writes the object that ``init(json:)`` reads.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("width", width)
      writer.field("height", height)
      writer.field("pixel_format", pixelFormat.rawValue)
      writer.field("time_base", timeBase)
      writer.field("frame_rate", frameRate)
      writer.field("sample_aspect_ratio", sampleAspectRatio)
      writer.field("color_range", colorRange.rawValue)
      writer.field("color_space", colorSpace)
      writer.field("color_primaries", colorPrimaries)
      writer.field("color_transfer", colorTransfer)
      writer.field("chroma_location", chromaLocation)
      writer.field("frames", frames)
      writer.field("duration", duration)
      writer.field("start_time", startTime)
      metadata.write("metadata", to: &writer)
    }
  }
}
