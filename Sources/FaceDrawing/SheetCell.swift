import Drawing
import FrameStream

/// A picture for a contact sheet with the words below it.
package struct SheetCell {
  /// The picture, reduced to what a cell shows.
  let picture: CairoCanvas
  /// Its size in pixels of the frame, for its shape.
  let size: (width: Int, height: Int)
  /// Color of the frame around it, and of the bar below.
  let appearance: MarkAppearance
  /// The label.
  let text: String
  /// The class that the picture is known to show, and how it looks; nil if nobody knows.
  let truth: (text: String, appearance: MarkAppearance, isRight: Bool)?
  /// Where it is from.
  let note: String
}

/// A packed picture and how its samples are to be read.
package struct PictureSource {
  /// The picture's geometry.
  package let layout: PictureLayout
  /// Its `layout.byteCount` bytes.
  package let base: UnsafePointer<UInt8>
  /// How luma is to be read.
  package let colorRange: ColorRange
  /// FFmpeg's name of the YUV matrix; nil or another chooses by size.
  package let colorSpace: String?

  /// A picture that stays in memory while it is used.
  package init(
    layout: PictureLayout, base: UnsafePointer<UInt8>, colorRange: ColorRange, colorSpace: String? = nil
  ) {
    self.layout = layout
    self.base = base
    self.colorRange = colorRange
    self.colorSpace = colorSpace
  }

  var crop: PictureCrop {
    PictureCrop(
      layout: layout, base: base,
      matrix: ColorMatrix(layout: layout, range: colorRange, colorSpace: colorSpace))
  }
}
