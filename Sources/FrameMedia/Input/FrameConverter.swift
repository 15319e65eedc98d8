import CFFmpeg
import FrameStream
import SystemIO

/// Turns the decoder's pictures into those of the stream: upright, in one pixel format, in the size asked for.
///
/// The first picture decides the pixel format; size and geometry of later ones may differ.
final class FrameConverter {
  /// The pixel format of all pictures given out.
  let format: PixelFormat

  private let name: String
  private let size: (width: Int, height: Int)?
  /// Whether pictures are resampled to square pixels.
  private let makesSquare: Bool
  /// The shape of pixels that the container gives for the whole stream, and that the codec's header gives; nil for none.
  private let pixelShapes: (container: Rational?, codec: Rational?)
  private let onWarning: (@Sendable (String) -> Void)?
  private var hasWarnedOfShape = false
  /// The display matrix that the container gives for the whole stream.
  private let streamOrientation: Orientation
  private let first: (source: PictureGeometry, orientation: Orientation, shape: Rational?)
  private var conversion: PictureConversion
  private var planes: [PlaneView] = []

  /// Plans the conversion of pictures like `frame`, the first one.
  /// - Parameters:
  ///   - pictureOrientation: what the picture's own file says, where the decoder ignores it.
  ///   - pixelShapes: width to height of a pixel as stored, by the container and by the codec's header.
  /// - Throws: ``Failure`` (`badInput`) for a pixel format that cannot be converted.
  init(
    _ frame: UnsafePointer<AVFrame>, pictureOrientation: Orientation?, streamOrientation: Orientation,
    pixelShapes: (container: Rational?, codec: Rational?), options: MediaInputOptions, name: String
  ) throws(Failure) {
    self.name = name
    self.pixelShapes = pixelShapes
    makesSquare = options.squarePixels
    onWarning = options.onWarning
    self.streamOrientation = streamOrientation
    size = options.size
    let source = FrameConverter.geometry(of: frame)
    guard let natural = PixelFormat(closestTo: source.format) else {
      throw Failure(
        .badInput, step: "decoding", subject: name,
        cause: "pixel format \(source.format.name) is not supported")
    }
    let orientation = FrameConverter.orientation(of: frame) ?? pictureOrientation ?? streamOrientation
    let isHighDynamicRange = FrameConverter.isHighDynamicRange(frame)
    // Ten bits are what such values are made for: in eight, even skies show steps.
    let keepsTenBits = isHighDynamicRange && natural.isYUV && source.format.bitDepth > 8
    var format = options.pixelFormat ?? (keepsTenBits ? .yuv420p10le : natural)
    // A quarter turn would make 4:4:0 of 4:2:2.
    if format == .yuv422p, orientation.transposes { format = .yuv444p }
    self.format = format
    let shape = FrameConverter.shape(of: frame, pixelShapes)
    first = (source, orientation, shape)
    let size =
      size ?? (makesSquare ? FrameConverter.squareSize(source, orientation, shape, format) : nil)
    do {
      conversion = try PictureConversion(
        from: source, matrix: FrameConverter.matrix(of: frame, source, format), orientation: orientation,
        isBottomUp: FrameConverter.isBottomUp(frame), to: format, size: size)
    } catch {
      throw error.within(name)
    }
    let matrix = ColorMatrix(frame.pointee.colorspace)
    if source.format.isYUV, !matrix.isSupported, format == .rgb24 {
      onWarning?("its colors are approximate: there is no conversion for \(matrix.name ?? "its matrix")")
    }
    if isHighDynamicRange, format.bitDepth == 8, format != .gray {
      onWarning?(
        "high dynamic range in eight bits a sample, which shows steps; --pixel-format yuv420p10le keeps ten")
    }
    let losses = format.losses(from: source.format)
    if !losses.isEmpty {
      options.onDetail?(
        "\(source.format.name) is converted to \(format.rawValue): \(losses.joined(separator: ", "))")
    }
  }

  /// Completes the container's description with what the first picture has shown; called before any other picture.
  func describe(_ video: inout VideoDescription) {
    let (source, orientation, shape) = first
    let layout = conversion.layout
    video.pixelFormat = format
    video.width = layout.width
    video.height = layout.height
    video.colorRange = PictureConversion.targetIsFullRange(source, format) ? .pc : .tv
    if let shape { video.sampleAspectRatio = shape }
    if orientation.transposes, let ratio = video.sampleAspectRatio {
      video.sampleAspectRatio = Rational(ratio.denominator, ratio.numerator)
    }
    if size != nil, let ratio = video.sampleAspectRatio {
      // The picture keeps its shape on the screen however its pixels were resampled.
      let shown = orientation.transposes ? (source.height, source.width) : (source.width, source.height)
      let scaled = av_mul_q(
        ratio.native,
        av_mul_q(Rational(shown.0, shown.1).native, Rational(layout.height, layout.width).native))
      video.sampleAspectRatio = Rational(scaled)
    }
    if makesSquare, size == nil, video.sampleAspectRatio != nil { video.sampleAspectRatio = Rational(1, 1) }
    if format == .rgb24 || format == .gray {
      video.colorSpace = nil
      video.chromaLocation = nil
    } else if !source.format.isYUV, PixelFormat(closestTo: source.format) == .rgb24 {
      let matrix = FrameConverter.matrix(ofRGB: source)
      video.colorSpace = matrix.name
      // Some containers keep none of the three if one is missing.
      video.colorPrimaries = video.colorPrimaries ?? matrix.conventionalName
      video.colorTransfer = video.colorTransfer ?? matrix.conventionalName
    }
  }

  /// Width to height of a pixel as stored: the container's takes precedence over the picture's, as in ffmpeg.
  private static func shape(
    of frame: UnsafePointer<AVFrame>, _ shapes: (container: Rational?, codec: Rational?)
  ) -> Rational? {
    let own = Rational(frame.pointee.sample_aspect_ratio)
    return shapes.container ?? (own.isPositive ? Rational(own.native) : shapes.codec)
  }

  /// The size as displayed that has square pixels: the side that is too short grows, so that nothing is lost. Nil where
  /// nothing is to be done.
  private static func squareSize(
    _ source: PictureGeometry, _ orientation: Orientation, _ shape: Rational?, _ format: PixelFormat
  ) -> (width: Int, height: Int)? {
    let stored = VideoDescription(
      width: source.width, height: source.height, pixelFormat: format, timeBase: Rational(1, 25),
      sampleAspectRatio: shape, colorRange: .tv
    ).pixelShape
    let ratio = orientation.transposes ? 1 / stored : stored
    let (width, height) =
      orientation.transposes ? (source.height, source.width) : (source.width, source.height)
    guard ratio != 1 else { return (width, height) }
    // Whole chroma samples.
    func grown(_ side: Int, by factor: Double) -> Int {
      let exact = Double(side) * factor
      return format == .rgb24 || format == .gray
        ? max(1, Int(exact.rounded())) : max(2, 2 * Int((exact / 2).rounded()))
    }
    return ratio > 1 ? (grown(width, by: ratio), height) : (width, grown(height, by: 1 / ratio))
  }

  /// How the source's YUV is to be read, or, of an RGB source, what its YUV is to be.
  private static func matrix(
    of frame: UnsafePointer<AVFrame>, _ source: PictureGeometry, _ format: PixelFormat
  ) -> ColorMatrix {
    format.isYUV && !source.format.isYUV ? matrix(ofRGB: source) : ColorMatrix(frame.pointee.colorspace)
  }

  private static func matrix(ofRGB source: PictureGeometry) -> ColorMatrix {
    .conventional(width: source.width, height: source.height)
  }

  /// Whether the values are those of PQ or HLG (ITU-R BT.2100).
  private static func isHighDynamicRange(_ frame: UnsafePointer<AVFrame>) -> Bool {
    [AVCOL_TRC_SMPTE2084, AVCOL_TRC_ARIB_STD_B67].contains(frame.pointee.color_trc)
  }

  /// The size that this picture is to have; nil for its own.
  private func wantedSize(
    of frame: UnsafePointer<AVFrame>, _ source: PictureGeometry, _ orientation: Orientation
  ) -> (width: Int, height: Int)? {
    if let size { return size }
    let shape = FrameConverter.shape(of: frame, pixelShapes)
    if makesSquare { return FrameConverter.squareSize(source, orientation, shape, format) }
    if !hasWarnedOfShape, let shape, let own = first.shape, shape.value != own.value {
      hasWarnedOfShape = true
      onWarning?(
        "the shape of pixels changes from \(own.numerator):\(own.denominator) to \(shape.numerator):\(shape.denominator); --square brings all pictures to square ones"
      )
    }
    return nil
  }

  /// The picture as the stream has it, valid until the next call.
  /// - Throws: ``Failure`` (`badInput`) for a picture that cannot be converted or lacks a plane.
  func convert(
    _ frame: UnsafePointer<AVFrame>, pts: Int, pictureOrientation: Orientation?
  ) throws(Failure) -> MediaFrame {
    let source = FrameConverter.geometry(of: frame)
    let orientation = FrameConverter.orientation(of: frame) ?? pictureOrientation ?? streamOrientation
    let matrix = FrameConverter.matrix(of: frame, source, format)
    let isBottomUp = FrameConverter.isBottomUp(frame)
    let size = wantedSize(of: frame, source, orientation)
    let fits = conversion.matches(
      source, matrix: matrix, orientation: orientation, isBottomUp: isBottomUp, size: size)
    if !fits {
      do {
        conversion = try PictureConversion(
          from: source, matrix: matrix, orientation: orientation, isBottomUp: isBottomUp, to: format,
          size: size)
      } catch {
        throw error.within(name)
      }
    }
    planes.removeAll(keepingCapacity: true)
    conversion.convert(frame, into: &planes)
    guard planes.count == conversion.layout.planes.count else {
      throw Failure(.badInput, step: "decoding", subject: name, cause: "a picture without all of its planes")
    }
    let duration = Int(fm_frame_duration(frame))
    return MediaFrame(
      pts: pts, duration: duration > 0 ? duration : nil, isKey: fm_frame_is_key(frame) != 0,
      layout: conversion.layout,
      colorRange: PictureConversion.targetIsFullRange(source, conversion.layout.format) ? .pc : .tv,
      planes: planes, captions: frame.captions)
  }

  private static func geometry(of frame: UnsafePointer<AVFrame>) -> PictureGeometry {
    let format = frame.pointee.pixelFormat
    let isFullRange: Bool
    if format.isFullRangeByName || frame.pointee.color_range == AVCOL_RANGE_JPEG {
      isFullRange = true
    } else if frame.pointee.color_range == AVCOL_RANGE_MPEG {
      isFullRange = false
    } else {
      isFullRange = !format.isYUV
    }
    return PictureGeometry(
      format: format, width: Int(frame.pointee.width), height: Int(frame.pointee.height),
      isFullRange: isFullRange)
  }

  /// What the frame itself says; nil if it says nothing.
  private static func orientation(of frame: UnsafePointer<AVFrame>) -> Orientation? {
    guard let side = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX), side.pointee.size >= 36
    else {
      return nil
    }
    let orientation = side.pointee.data.withMemoryRebound(to: Int32.self, capacity: 9) {
      Orientation(displayMatrix: $0)
    }
    return orientation ?? .upright
  }

  /// Some decoders give negative distances between rows, which a `PlaneView` cannot represent.
  private static func isBottomUp(_ frame: UnsafePointer<AVFrame>) -> Bool {
    (0..<3).contains { frame.pointee.rowStride($0) < 0 }
  }
}

extension UnsafePointer<AVFrame> {
  /// Closed captions of ATSC A/53 that came with the picture; empty for none.
  fileprivate var captions: UnsafeRawBufferPointer {
    guard let side = av_frame_get_side_data(self, AV_FRAME_DATA_A53_CC) else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(start: side.pointee.data, count: Int(side.pointee.size))
  }
}
