import CFFmpeg
import FrameStream
import SystemIO

/// The conversion of packed pictures to an encoder's frames: copied, converted, or, if they differ in size from the
/// video, fitted into the middle.
final class PictureFitting {
  private let target: PictureGeometry
  /// The part of the target that the video's own pictures fill: all, or all but an odd picture's last column and row,
  /// which are repeated.
  private let shown: (width: Int, height: Int)
  /// The matrices of the packed pictures and of the target.
  private let matrix: ColorMatrix
  private let targetMatrix: ColorMatrix
  private var isFullRange: Bool
  /// Where the encoder takes a palette, what makes it.
  private let palette: PaletteReduction?
  /// Frames that encoders may keep references to; one that nobody holds is used again.
  private var pool: [PictureBuffer] = []
  private var scaler: PictureScaler?
  /// Limited-range gray made full, for encoders that take nothing else; swscale takes all gray for full.
  private var expanded: [UInt8] = []
  private static let expansion: [UInt8] = (0..<256).map {
    UInt8(max(0, min(255, (Double($0 - 16) * 255 / 219).rounded())))
  }

  init(
    from layout: PictureLayout, isFullRange: Bool, to target: PictureGeometry, showing video: PictureLayout,
    matrix: ColorMatrix, targetMatrix: ColorMatrix
  ) throws(Failure) {
    // The colors of a palette are chosen when the picture is there in all its colors.
    if target.format == AV_PIX_FMT_PAL8 {
      var target = target
      target.format = AV_PIX_FMT_RGB24
      self.target = target
      palette = PaletteReduction()
    } else {
      self.target = target
      palette = nil
    }
    shown = (video.width, video.height)
    self.matrix = matrix
    self.targetMatrix = targetMatrix
    self.isFullRange = isFullRange
    try plan(layout)
  }

  /// A frame with the picture, valid until the encoder releases it.
  func frame(
    for picture: UnsafePointer<UInt8>, _ layout: PictureLayout, isFullRange: Bool
  ) throws(Failure) -> UnsafeMutablePointer<AVFrame> {
    self.isFullRange = isFullRange
    let colored = try wholeColorFrame(for: picture, layout)
    guard let palette else { return colored }
    let reduced = try freeFrame(AV_PIX_FMT_PAL8)
    palette.reduce(colored, into: reduced)
    return reduced
  }

  private func wholeColorFrame(
    for picture: UnsafePointer<UInt8>, _ layout: PictureLayout
  ) throws(Failure) -> UnsafeMutablePointer<AVFrame> {
    guard expands(layout) else { return try fitted(picture, layout) }
    expanded.removeAll(keepingCapacity: true)
    for index in 0..<layout.byteCount { expanded.append(PictureFitting.expansion[Int(picture[index])]) }
    return try expanded.withUnsafeBufferPointer { bytes throws(Failure) in
      try fitted(bytes.baseAddress ?? picture, layout)
    }
  }

  private func expands(_ layout: PictureLayout) -> Bool {
    layout.format == .gray && !isFullRange && target.isFullRange
  }

  private func fitted(
    _ picture: UnsafePointer<UInt8>, _ layout: PictureLayout
  ) throws(Failure) -> UnsafeMutablePointer<AVFrame> {
    let frame = try freeFrame(target.format)
    let sameSize = layout.width == shown.width && layout.height == shown.height
    if sameSize, PixelFormat(planesOf: target.format) == layout.format,
      sourceIsFullRange(layout) == target.isFullRange, !layout.format.isYUV || matrix == targetMatrix
    {
      for (index, plane) in layout.planes.enumerated() {
        guard let into = frame.pointee.plane(index) else { continue }
        av_image_copy_plane(
          into, Int32(frame.pointee.rowStride(index)), picture + plane.offset, Int32(plane.width),
          Int32(plane.width), Int32(plane.height))
      }
      repeatEdges(of: frame)
      return frame
    }
    try plan(layout)
    guard let scaler else { return frame }
    if !sameSize { fillBlack(frame) }
    var sources: [UnsafePointer<UInt8>?] = layout.planes.map { picture + $0.offset }
    var strides = layout.planes.map { Int32($0.width) }
    while sources.count < 4 {
      sources.append(nil)
      strides.append(0)
    }
    let place = placement(layout)
    var targets: [UnsafeMutablePointer<UInt8>?] = []
    var targetStrides: [Int32] = []
    for index in 0..<4 {
      targetStrides.append(Int32(frame.pointee.rowStride(index)))
      targets.append(frame.pointee.plane(index).map { $0 + offset(index, place.x, place.y, frame) })
    }
    scaler.scale(planes: sources, strides: strides, into: targets, strides: targetStrides)
    if sameSize { repeatEdges(of: frame) }
    return frame
  }

  /// Fills the column and the row by which the target is larger than what it shows; chroma has its samples already.
  private func repeatEdges(of frame: UnsafeMutablePointer<AVFrame>) {
    guard shown.width < target.width || shown.height < target.height, let luma = frame.pointee.plane(0) else {
      return
    }
    let stride = frame.pointee.rowStride(0)
    let sample = target.format.bytesPerSample
    if shown.width < target.width {
      for y in 0..<shown.height {
        let end = luma + y * stride + shown.width * sample
        for byte in 0..<sample { end[byte] = end[byte - sample] }
      }
    }
    if shown.height < target.height {
      let last = luma + (shown.height - 1) * stride
      (last + stride).update(from: last, count: target.width * sample)
    }
  }

  private func freeFrame(_ format: AVPixelFormat) throws(Failure) -> UnsafeMutablePointer<AVFrame> {
    let free = pool.first {
      $0.frame.pointee.format == format.rawValue && av_frame_is_writable($0.frame) > 0
    }
    if let free { return free.frame }
    let buffer = try PictureBuffer(format, width: target.width, height: target.height)
    buffer.frame.pointee.color_range = target.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    pool.append(buffer)
    return buffer.frame
  }

  /// RGB is full range whatever the video says.
  private func sourceIsFullRange(_ layout: PictureLayout) -> Bool {
    layout.format == .rgb24 || isFullRange || expands(layout)
  }

  private func plan(_ layout: PictureLayout) throws(Failure) {
    var source = PictureGeometry(
      format: layout.format.native, width: layout.width, height: layout.height,
      isFullRange: sourceIsFullRange(layout))
    let place = placement(layout)
    var into = target
    into.width = place.width
    into.height = place.height
    // Gray to YUV: the luma is the gray picture, which swscale copies only if both ranges are equal.
    if layout.format == .gray, source.isFullRange == into.isFullRange {
      source.isFullRange = true
      into.isFullRange = true
    }
    if scaler?.matches(source, into) == true { return }
    scaler = try PictureScaler(from: source, to: into, matrix: matrix, targetMatrix: targetMatrix)
  }

  /// Where a picture goes: the largest rectangle of its shape in the middle, on whole chroma samples.
  private func placement(_ layout: PictureLayout) -> (x: Int, y: Int, width: Int, height: Int) {
    if layout.width == shown.width, layout.height == shown.height {
      return (0, 0, shown.width, shown.height)
    }
    var width = target.width
    var height = max(1, layout.height * target.width / layout.width)
    if height > target.height {
      height = target.height
      width = min(target.width, max(1, layout.width * target.height / layout.height))
    }
    return ((target.width - width) / 2 & ~3, (target.height - height) / 2 & ~3, width, height)
  }

  private func offset(_ plane: Int, _ x: Int, _ y: Int, _ frame: UnsafePointer<AVFrame>) -> Int {
    guard let description = av_pix_fmt_desc_get(target.format)?.pointee else { return 0 }
    let isChroma = (plane == 1 || plane == 2) && target.format.isYUV
    let row = isChroma ? y >> Int(description.log2_chroma_h) : y
    // Bytes to the left in this plane: those of a line of x pixels.
    let left = x > 0 ? Int(max(0, av_image_get_linesize(target.format, Int32(x), Int32(plane)))) : 0
    return row * frame.pointee.rowStride(plane) + left
  }

  private func fillBlack(_ frame: UnsafeMutablePointer<AVFrame>) {
    var planes = (0..<4).map { frame.pointee.plane($0) }
    let strides = (0..<4).map { frame.pointee.rowStride($0) }
    av_image_fill_black(
      &planes, strides, target.format, target.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG,
      Int32(target.width), Int32(target.height))
  }
}
