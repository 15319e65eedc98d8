import CFFmpeg
import FrameStream

extension PixelFormat {
  /// FFmpeg's format with the same planes.
  var native: AVPixelFormat {
    switch self {
    case .gray: AV_PIX_FMT_GRAY8
    case .yuv420p: AV_PIX_FMT_YUV420P
    case .yuv422p: AV_PIX_FMT_YUV422P
    case .yuv444p: AV_PIX_FMT_YUV444P
    case .nv12: AV_PIX_FMT_NV12
    case .rgb24: AV_PIX_FMT_RGB24
    case .yuv420p10le: AV_PIX_FMT_YUV420P10LE
    }
  }

  /// The wire format whose planes are the first planes of `format`, so that nothing has to be converted.
  init?(planesOf format: AVPixelFormat) {
    switch format {
    case AV_PIX_FMT_GRAY8: self = .gray
    case AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVA420P: self = .yuv420p
    case AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVA422P: self = .yuv422p
    case AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVA444P: self = .yuv444p
    case AV_PIX_FMT_NV12: self = .nv12
    case AV_PIX_FMT_RGB24: self = .rgb24
    case AV_PIX_FMT_YUV420P10LE: self = .yuv420p10le
    default: return nil
    }
  }

  /// The wire format that keeps most of a picture in `format`: its kind (gray, YUV, RGB), and chroma at least as
  /// fine, with eight bits a sample; nil for formats without pixels in memory.
  init?(closestTo format: AVPixelFormat) {
    if let same = PixelFormat(planesOf: format), same.bitDepth == 8 {
      self = same
      return
    }
    guard let description = av_pix_fmt_desc_get(format)?.pointee,
      description.flags & UInt64(AV_PIX_FMT_FLAG_HWACCEL) == 0
    else { return nil }
    let isRGB = description.flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0
    if isRGB || format == AV_PIX_FMT_XYZ12LE || format == AV_PIX_FMT_XYZ12BE {
      self = .rgb24
    } else if description.nb_components < 3 {
      self = .gray
    } else {
      switch (description.log2_chroma_w, description.log2_chroma_h) {
      case (0, _): self = .yuv444p
      case (_, 0): self = .yuv422p
      default: self = .yuv420p
      }
    }
  }

  /// Bytes from one sample to the next in plane `index`; for nv12's second plane that of a pair.
  func sampleSize(plane index: Int) -> Int { native.sampleStep(plane: index) }

  /// What a picture in `source` loses in this format, in words; empty if nothing.
  func losses(from source: AVPixelFormat) -> [String] {
    guard let description = av_pix_fmt_desc_get(source)?.pointee else { return [] }
    var losses: [String] = []
    let depth = Int(description.comp.0.depth)
    if depth > bitDepth, description.flags & UInt64(AV_PIX_FMT_FLAG_PAL) == 0 {
      losses.append(
        "\(depth) bits a sample become \(bitDepth)"
          + (self == .yuv420p ? "; --pixel-format yuv420p10le keeps ten" : ""))
    }
    let isColored = description.nb_components >= 3 || description.flags & UInt64(AV_PIX_FMT_FLAG_PAL) != 0
    if isColored, self == .gray { losses.append("color is dropped") }
    if source.isYUV, isYUV {
      let (own, other) = (native.chromaShifts, source.chromaShifts)
      if own.width > other.width || own.height > other.height {
        losses.append("chroma has fewer samples")
      }
    }
    if description.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0 { losses.append("transparency is dropped") }
    return losses
  }
}

extension AVPixelFormat {
  /// True for the deprecated formats that say full range by their name.
  var isFullRangeByName: Bool { plain != self }

  /// The format with the same planes that does not imply a range.
  var plain: AVPixelFormat {
    switch self {
    case AV_PIX_FMT_YUVJ420P: AV_PIX_FMT_YUV420P
    case AV_PIX_FMT_YUVJ422P: AV_PIX_FMT_YUV422P
    case AV_PIX_FMT_YUVJ444P: AV_PIX_FMT_YUV444P
    case AV_PIX_FMT_YUVJ440P: AV_PIX_FMT_YUV440P
    case AV_PIX_FMT_YUVJ411P: AV_PIX_FMT_YUV411P
    default: self
    }
  }

  var isYUV: Bool {
    guard let description = av_pix_fmt_desc_get(self)?.pointee else { return false }
    return description.nb_components >= 3
      && description.flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) == 0
  }

  /// Significant bits of the first component.
  var bitDepth: Int { av_pix_fmt_desc_get(self).map { Int($0.pointee.comp.0.depth) } ?? 8 }

  /// Bytes of a sample of the first plane.
  var bytesPerSample: Int { sampleStep(plane: 0) }

  /// Bytes from one sample, or group of interleaved samples, to the next in plane `index`.
  func sampleStep(plane index: Int) -> Int {
    guard let description = av_pix_fmt_desc_get(self)?.pointee else { return 1 }
    let components = description.comp
    for component in [components.0, components.1, components.2] where Int(component.plane) == index {
      return max(1, Int(component.step))
    }
    return 1
  }

  /// How often chroma's size is halved against luma's, for each side.
  var chromaShifts: (width: Int, height: Int) {
    guard let description = av_pix_fmt_desc_get(self)?.pointee else { return (0, 0) }
    return (Int(description.log2_chroma_w), Int(description.log2_chroma_h))
  }

  /// FFmpeg's name, or its number.
  var name: String { av_get_pix_fmt_name(self).map { String(cString: $0) } ?? "pixel format \(rawValue)" }
}

extension AVFrame {
  /// Where plane `index` begins.
  func plane(_ index: Int) -> UnsafeMutablePointer<UInt8>? {
    withUnsafeBytes(of: data) { $0.bindMemory(to: UnsafeMutablePointer<UInt8>?.self)[index] }
  }

  /// Bytes between the rows of plane `index`; negative where the picture is stored bottom up.
  func rowStride(_ index: Int) -> Int {
    withUnsafeBytes(of: linesize) { Int($0.bindMemory(to: Int32.self)[index]) }
  }

  var pixelFormat: AVPixelFormat { AVPixelFormat(rawValue: format) }
}

extension Rational {
  init(_ rational: AVRational) { self.init(Int(rational.num), Int(rational.den)) }

  /// As FFmpeg holds it: terms of 32 bits, shortened where they are larger.
  var native: AVRational {
    var numerator: Int32 = 0
    var denominator: Int32 = 0
    av_reduce(&numerator, &denominator, Int64(self.numerator), Int64(self.denominator), Int64(Int32.max))
    return AVRational(num: numerator, den: denominator)
  }

  var isPositive: Bool { numerator > 0 && denominator > 0 }
}
