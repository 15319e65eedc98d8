import FaceDrawing
import FilterTool
import FrameStream
import SystemIO

extension PictureSource {
  /// The pixels of a frame, valid as long as the record holds them.
  /// - Parameter purpose: what they are needed for: `to show`.
  /// - Throws: ``Failure`` (`badInput`) if the frame has none.
  init(_ frame: Record, in header: StreamHeader, _ purpose: String) throws(Failure) {
    guard let layout = frame.layout, frame.hasPixels else { throw .noPixels(purpose) }
    self.init(
      layout: layout, base: UnsafePointer(frame.payload.base), colorRange: frame.colorRange(in: header.video),
      colorSpace: header.video?.colorSpace)
  }
}
