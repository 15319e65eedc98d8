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
  /// The display matrix that the container gives for the whole stream.
  private let streamOrientation: Orientation
  private let first: (source: PictureGeometry, orientation: Orientation)
  private var conversion: PictureConversion
  private var planes: [PlaneView] = []

  /// Plans the conversion of pictures like `frame`, the first one.
  /// - Parameter pictureOrientation: what the picture's own file says, where the decoder ignores it.
  /// - Throws: ``Failure`` (`badInput`) for a pixel format that cannot be converted.
  init(
    _ frame: UnsafePointer<AVFrame>, pictureOrientation: Orientation?, streamOrientation: Orientation,
    options: MediaInputOptions, name: String
  ) throws(Failure) {
    self.name = name
    self.streamOrientation = streamOrientation
    size = options.size
    let source = FrameConverter.geometry(of: frame)
    guard let natural = PixelFormat(closestTo: source.format) else {
      throw Failure(
        .badInput, step: "decoding", subject: name,
        cause: "pixel format \(source.format.name) is not supported")
    }
    let orientation = FrameConverter.orientation(of: frame) ?? pictureOrientation ?? streamOrientation
    var format = options.pixelFormat ?? natural
    // A quarter turn would make 4:4:0 of 4:2:2.
    if format == .yuv422p, orientation.transposes { format = .yuv444p }
    self.format = format
    first = (source, orientation)
    do {
      conversion = try PictureConversion(
        from: source, matrix: frame.pointee.colorspace, orientation: orientation,
        isBottomUp: FrameConverter.isBottomUp(frame), to: format, size: size)
    } catch {
      throw error.within(name)
    }
    let losses = format.losses(from: source.format)
    if !losses.isEmpty {
      options.onDetail?(
        "\(source.format.name) is converted to \(format.rawValue): \(losses.joined(separator: ", "))")
    }
  }

  /// Completes the container's description with what the first picture has shown; called before any other picture.
  func describe(_ video: inout VideoDescription) {
    let (source, orientation) = first
    let layout = conversion.layout
    video.pixelFormat = format
    video.width = layout.width
    video.height = layout.height
    video.colorRange = PictureConversion.targetIsFullRange(source, format) ? .pc : .tv
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
    if format == .rgb24 || format == .gray {
      video.colorSpace = nil
      video.chromaLocation = nil
    }
  }

  /// The picture as the stream has it, valid until the next call.
  /// - Throws: ``Failure`` (`badInput`) for a picture that cannot be converted or lacks a plane.
  func convert(
    _ frame: UnsafePointer<AVFrame>, pts: Int, pictureOrientation: Orientation?
  ) throws(Failure) -> MediaFrame {
    let source = FrameConverter.geometry(of: frame)
    let orientation = FrameConverter.orientation(of: frame) ?? pictureOrientation ?? streamOrientation
    let matrix = frame.pointee.colorspace
    let isBottomUp = FrameConverter.isBottomUp(frame)
    if !conversion.matches(source, matrix: matrix, orientation: orientation, isBottomUp: isBottomUp) {
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
      planes: planes)
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
