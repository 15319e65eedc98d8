import CFFmpeg
import FrameStream
import SystemIO

/// The conversion of a decoder's pictures to the wire's: none, scaling, rotation, or both in this order.
///
/// Planned for one kind of picture; when pictures change in mid-stream, another is planned towards the same wire format.
final class PictureConversion {
  let layout: PictureLayout
  private let source: PictureGeometry
  private let matrix: ColorMatrix
  private let orientation: Orientation
  private let isBottomUp: Bool
  private let scaler: PictureScaler?
  private let scaled: PictureBuffer?
  private let turned: PictureBuffer?
  /// The format of the planes before they are turned; its first plane is used if the wire's format is gray.
  private let carried: PixelFormat

  /// - Parameter size: as displayed; nil for the picture's own.
  init(
    from source: PictureGeometry, matrix: ColorMatrix, orientation: Orientation, isBottomUp: Bool,
    to format: PixelFormat, size: (width: Int, height: Int)?
  ) throws(Failure) {
    self.source = source
    self.matrix = matrix
    self.orientation = orientation
    self.isBottomUp = isBottomUp
    let turns = orientation.transposes
    let shown =
      size ?? (turns ? (source.height, source.width) : (source.width, source.height))
    layout = try PictureLayout(format, width: shown.width, height: shown.height)
    guard let natural = PixelFormat(closestTo: source.format) else {
      throw Failure(.badInput, step: "pixel format", cause: "\(source.format.name) is not supported")
    }
    // A YUV picture's first plane is the gray picture: no arithmetic on it.
    carried = format == .gray && natural.isYUV ? natural : format
    let target = PictureGeometry(
      format: carried.native, width: turns ? shown.height : shown.width,
      height: turns ? shown.width : shown.height,
      isFullRange: PictureConversion.targetIsFullRange(source, carried))
    let needsScaler =
      isBottomUp || PixelFormat(planesOf: source.format) != carried || target.width != source.width
      || target.height != source.height
    if needsScaler {
      scaler = try PictureScaler(from: source, to: target, matrix: matrix)
      scaled = try PictureBuffer(carried.native, width: target.width, height: target.height)
    } else {
      scaler = nil
      scaled = nil
    }
    turned =
      orientation == .upright
      ? nil : try PictureBuffer(format.native, width: shown.width, height: shown.height)
  }

  /// Whether the range is full after conversion: YUV keeps its own; RGB and gray made of RGB are full.
  static func targetIsFullRange(_ source: PictureGeometry, _ target: PixelFormat) -> Bool {
    guard let natural = PixelFormat(closestTo: source.format) else { return source.isFullRange }
    switch (natural, target) {
    case (_, .rgb24), (.rgb24, .gray): return true
    case (.rgb24, _): return false
    default: return source.isFullRange
    }
  }

  func matches(
    _ source: PictureGeometry, matrix: ColorMatrix, orientation: Orientation, isBottomUp: Bool,
    size: (width: Int, height: Int)?
  ) -> Bool {
    self.source == source && self.matrix == matrix && self.orientation == orientation
      && self.isBottomUp == isBottomUp
      && (size.map { layout.width == $0.width && layout.height == $0.height } ?? true)
  }

  /// The planes of `frame` as the wire wants them, in the decoder's memory or in this object's (valid until the
  /// next call), appended to `planes`; fewer than the layout has if the decoder left some out.
  func convert(_ frame: UnsafePointer<AVFrame>, into planes: inout [PlaneView]) {
    var current = frame
    if let scaler, let scaled {
      scaler.scale(frame, into: scaled.frame)
      current = UnsafePointer(scaled.frame)
    }
    for (index, plane) in layout.planes.enumerated() {
      if let turned, let target = turned.frame.pointee.plane(index) {
        let sampleSize = layout.format.sampleSize(plane: index)
        let into = MutablePlaneView(
          target, width: plane.width, height: plane.height, stride: turned.frame.pointee.rowStride(index))
        let width = orientation.transposes ? plane.height * sampleSize : plane.width
        let height = orientation.transposes ? plane.width / sampleSize : plane.height
        if let base = current.pointee.plane(index), current.pointee.rowStride(index) >= width {
          let from = PlaneView(base, width: width, height: height, stride: current.pointee.rowStride(index))
          orientation.apply(to: from, into: into, sampleSize: sampleSize)
          planes.append(into.readOnly)
        }
      } else if let base = current.pointee.plane(index), current.pointee.rowStride(index) >= plane.width {
        planes.append(
          PlaneView(
            base, width: plane.width, height: plane.height, stride: current.pointee.rowStride(index)))
      }
    }
  }
}
