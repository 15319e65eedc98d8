import CFFmpeg
import FrameStream
import SystemIO

extension MediaInput {
  func geometry(of frame: UnsafePointer<AVFrame>) -> PictureGeometry {
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

  func orientation(of frame: UnsafePointer<AVFrame>) -> Orientation {
    if let side = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX), side.pointee.size >= 36 {
      let orientation = side.pointee.data.withMemoryRebound(to: Int32.self, capacity: 9) {
        Orientation(displayMatrix: $0)
      }
      return orientation ?? .upright
    }
    return decoder.pictureOrientation ?? streamOrientation
  }

  /// Some decoders give negative distances between rows, which a `PlaneView` has not.
  func isBottomUp(_ frame: UnsafePointer<AVFrame>) -> Bool {
    (0..<3).contains { frame.pointee.rowStride($0) < 0 }
  }

  func plan(
    _ source: PictureGeometry, _ matrix: AVColorSpace, _ orientation: Orientation, _ isBottomUp: Bool
  ) throws(Failure) -> PictureConversion {
    do {
      return try PictureConversion(
        from: source, matrix: matrix, orientation: orientation, isBottomUp: isBottomUp, to: video.pixelFormat,
        size: options.size)
    } catch {
      throw error.within(name)
    }
  }

  func event(ofFrame frame: UnsafeMutablePointer<AVFrame>) throws(Failure) -> MediaFrame {
    let source = geometry(of: frame)
    let orientation = self.orientation(of: frame)
    let matrix = frame.pointee.colorspace
    let bottomUp = isBottomUp(frame)
    if conversion?.matches(source, matrix: matrix, orientation: orientation, isBottomUp: bottomUp) != true {
      conversion = try plan(source, matrix, orientation, bottomUp)
    }
    guard let conversion else {
      throw Failure(.failed, step: "decoding", subject: name, cause: "no conversion was planned")
    }
    planes.removeAll(keepingCapacity: true)
    conversion.convert(frame, into: &planes)
    guard planes.count == conversion.layout.planes.count else {
      throw Failure(.badInput, step: "decoding", subject: name, cause: "a picture without all of its planes")
    }
    let duration = Int(fm_frame_duration(frame))
    return MediaFrame(
      pts: clock.current, duration: duration > 0 ? duration : nil, isKey: fm_frame_is_key(frame) != 0,
      layout: conversion.layout,
      colorRange: PictureConversion.targetIsFullRange(source, conversion.layout.format) ? .pc : .tv,
      planes: planes)
  }

  func event(of packet: Demuxer.Packet) -> MediaPacket {
    let number = trackNumbers[packet.streamIndex] ?? 0
    return MediaPacket(
      track: tracks[number].id, pts: packet.pts, dts: packet.dts, duration: packet.duration,
      isKey: packet.isKey, skippedSamples: packet.skippedSamples, data: packet.data)
  }
}

/// Which part of the media is wanted, in microseconds on the container's clock.
struct TimeWindow {
  enum Position {
    case before
    case within
    case after
  }

  private(set) var start = Int64.min
  private var end = Int64.max
  /// Set when the first picture after the end was seen.
  var videoHasEnded = false

  init(_ options: MediaInputOptions, origin: Int64) {
    let first = origin &+ TimeWindow.microseconds(options.start ?? 0)
    if options.start != nil { start = first }
    if let duration = options.duration { end = first &+ TimeWindow.microseconds(duration) }
  }

  private static func microseconds(_ seconds: Double) -> Int64 {
    seconds.isFinite ? Int64(max(0, min(seconds, 1e12)) * 1e6) : 0
  }

  /// Where a time lies; packets without any count as within.
  func position(of time: Int?, _ timeBase: Rational) -> Position {
    guard let time, start != .min || end != .max else { return .within }
    // As ffmpeg's trim filter: the limits are rounded to the stream's own ticks.
    let microsecond = AVRational(num: 1, den: 1_000_000)
    if start != .min, Int64(time) < av_rescale_q(start, microsecond, timeBase.native) { return .before }
    if end != .max, Int64(time) >= av_rescale_q(end, microsecond, timeBase.native) { return .after }
    return .within
  }

  /// More than a second after the end, so that nothing before the end is to be expected.
  func isFarBeyond(_ time: Int, _ timeBase: Rational) -> Bool {
    end != .max && Double(time) * timeBase.value > Double(end) / 1e6 + 1
  }
}

/// The pictures' times: the container's where it has any, else counted from durations.
struct PictureClock {
  private let tick: Int64
  private let countsOnRate: Bool
  private(set) var current = 0
  private var previousDuration: Int64?
  private var isCounting = false
  /// True after the first time that had to be made up.
  private(set) var justStartedCounting = false

  init(timeBase: Rational, frameRate: Rational?) {
    countsOnRate = frameRate != nil
    let rate = frameRate ?? Rational(25, 1)
    tick = max(1, av_rescale_q(1, Rational(rate.denominator, rate.numerator).native, timeBase.native))
  }

  /// What made-up times rest on.
  var basis: String { countsOnRate ? "the nominal frame rate" : "25 frames a second" }

  mutating func time(of frame: UnsafePointer<AVFrame>) -> Int {
    justStartedCounting = false
    let stamp = frame.pointee.best_effort_timestamp
    if stamp != fm_no_timestamp {
      current = Int(stamp)
    } else {
      justStartedCounting = !isCounting
      isCounting = true
      if let previousDuration { current = current &+ Int(previousDuration) }
    }
    let duration = fm_frame_duration(frame)
    previousDuration = duration > 0 ? duration : tick
    return current
  }
}
