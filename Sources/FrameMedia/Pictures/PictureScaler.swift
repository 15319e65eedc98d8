import CFFmpeg
import FrameStream
import SystemIO

/// Format, size and range at one end of a scaler.
struct PictureGeometry: Equatable {
  var format: AVPixelFormat
  var width: Int
  var height: Int
  /// Full range (0 to 255).
  var isFullRange: Bool
}

/// swscale between two geometries, planned once: bicubic, ranges as given, never guessed.
final class PictureScaler {
  let source: PictureGeometry
  let target: PictureGeometry
  private let context: OpaquePointer
  private let matrix: ColorMatrix
  private let targetMatrix: ColorMatrix

  /// - Parameters:
  ///   - matrix: how YUV and RGB belong together in the source.
  ///   - targetMatrix: the same in the target; nil for the source's.
  init(
    from source: PictureGeometry, to target: PictureGeometry, matrix: ColorMatrix,
    targetMatrix: ColorMatrix? = nil
  ) throws(Failure) {
    self.source = source
    self.target = target
    self.matrix = matrix
    self.targetMatrix = targetMatrix ?? matrix
    guard let context = sws_alloc_context() else {
      throw Failure(.failed, step: "scaling", cause: "out of memory")
    }
    self.context = context
    let object = UnsafeMutableRawPointer(context)
    let flags = SWS_BICUBIC.scalerFlag | SWS_ACCURATE_RND.scalerFlag | SWS_FULL_CHR_H_INT.scalerFlag
    let settings: [(String, Int)] = [
      ("srcw", source.width), ("srch", source.height), ("src_format", Int(source.format.plain.rawValue)),
      ("dstw", target.width), ("dsth", target.height), ("dst_format", Int(target.format.plain.rawValue)),
      ("src_range", source.isFullRange ? 1 : 0), ("dst_range", target.isFullRange ? 1 : 0),
      ("sws_flags", Int(flags)),
    ]
    var isSet = true
    for (name, value) in settings where av_opt_set_int(object, name, Int64(value), 0) < 0 { isSet = false }
    guard isSet, sws_init_context(context, nil, nil) >= 0 else {
      throw Failure(
        .badInput, step: "scaling",
        cause: "no conversion from \(source.format.name) \(source.width)x\(source.height) "
          + "to \(target.format.name) \(target.width)x\(target.height)")
    }
    let changesMatrix = source.format.isYUV && target.format.isYUV && self.matrix != self.targetMatrix
    if source.format.isYUV != target.format.isYUV || changesMatrix {
      // RGB has no matrix of its own: swscale looks at that of the other side.
      let own = source.format.isYUV ? self.matrix : self.targetMatrix
      let other = target.format.isYUV ? self.targetMatrix : self.matrix
      _ = sws_setColorspaceDetails(
        context, own.coefficients, source.isFullRange ? 1 : 0, other.coefficients,
        target.isFullRange ? 1 : 0, 0, 1 << 16, 1 << 16)
    }
  }

  deinit { sws_freeContext(context) }

  func matches(_ source: PictureGeometry, _ target: PictureGeometry) -> Bool {
    self.source == source && self.target == target
  }

  /// Converts a whole picture; both frames must have the geometry planned for.
  func scale(_ source: UnsafePointer<AVFrame>, into target: UnsafePointer<AVFrame>) {
    var input = source.pointee.sourcePlanes
    var output = (0..<4).map { target.pointee.plane($0) }
    var inputStrides = (0..<4).map { Int32(source.pointee.rowStride($0)) }
    var outputStrides = (0..<4).map { Int32(target.pointee.rowStride($0)) }
    sws_scale(
      context, &input, &inputStrides, 0, Int32(self.source.height), &output, &outputStrides)
  }

  /// Converts between planes that are not in frames.
  func scale(
    planes: [UnsafePointer<UInt8>?], strides: [Int32], into target: [UnsafeMutablePointer<UInt8>?],
    strides targetStrides: [Int32]
  ) {
    var (input, inputStrides, output, outputStrides) = (planes, strides, target, targetStrides)
    sws_scale(context, &input, &inputStrides, 0, Int32(source.height), &output, &outputStrides)
  }
}

extension AVFrame {
  fileprivate var sourcePlanes: [UnsafePointer<UInt8>?] {
    (0..<4).map { plane($0).map { UnsafePointer($0) } }
  }
}

extension BinaryInteger {
  // Macros in FFmpeg 5 to 7, an enumeration later.
  fileprivate var scalerFlag: Int32 { Int32(self) }
}

/// A picture that FFmpeg allocated, rows aligned for its SIMD code.
final class PictureBuffer {
  let frame: UnsafeMutablePointer<AVFrame>

  init(_ format: AVPixelFormat, width: Int, height: Int) throws(Failure) {
    guard let frame = av_frame_alloc() else {
      throw Failure(.failed, step: "picture", cause: "out of memory")
    }
    self.frame = frame
    frame.pointee.format = format.rawValue
    frame.pointee.width = Int32(width)
    frame.pointee.height = Int32(height)
    guard av_frame_get_buffer(frame, 0) >= 0 else {
      throw Failure(.failed, step: "picture", cause: "no memory for \(width)x\(height)")
    }
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = self.frame
    av_frame_free(&frame)
  }
}
