import Drawing
import FrameStream

/// The picture of one face, cut from a frame, as packed rgb24.
package enum FaceCrop {
  /// The face at `mark` with a margin around it; nil if nothing of the box is in the picture.
  /// - Parameters:
  ///   - margin: the fraction of the box to add on every side.
  ///   - size: the side of the result, which is then square; nil keeps the pixels of the frame. Edges are repeated
  ///     outside the frame.
  ///   - aspect: width to height of a pixel in the frame, brought to 1 in a square result.
  package static func picture(
    of mark: FaceMark, in source: PictureSource, margin: Double, size: Int?, aspect: Double = 1
  ) -> (bytes: [UInt8], layout: PictureLayout)? {
    let bounds = source.layout.bounds
    guard let box = mark.rectangle, box.intersection(bounds) != nil else { return nil }
    // A box may be far larger than any picture.
    func bounded(_ value: Double, _ limit: Int) -> Int { Int(min(max(value.rounded(), 0), Double(limit))) }
    var area = box.expanded(
      horizontally: bounded(Double(box.width) * margin, 2 * bounds.width),
      vertically: bounded(Double(box.height) * margin, 2 * bounds.height))
    guard let size else {
      guard let visible = area.intersection(bounds) else { return nil }
      return picture(of: visible, in: source, width: visible.width, height: visible.height)
    }
    let (width, height) = (Double(area.width) * aspect, Double(area.height))
    if width < height {
      area = area.expanded(
        horizontally: bounded((height - width) / 2 / aspect, 2 * bounds.height), vertically: 0)
    } else {
      area = area.expanded(horizontally: 0, vertically: bounded((width - height) / 2, 2 * bounds.width))
    }
    guard area.width <= 8 * bounds.width + 64, area.height <= 8 * bounds.height + 64 else { return nil }
    return picture(of: area, in: source, width: size, height: size)
  }

  private static func picture(
    of area: PixelRectangle, in source: PictureSource, width: Int, height: Int
  ) -> (bytes: [UInt8], layout: PictureLayout)? {
    guard let layout = try? PictureLayout(.rgb24, width: width, height: height),
      let part = source.crop.canvas(of: area, largestSide: max(width, height)),
      let canvas = CairoCanvas(width: width, height: height)
    else { return nil }
    canvas.draw(part, x: 0, y: 0, width: Double(width), height: Double(height))
    return (canvas.packedRGB(layout), layout)
  }
}

extension CairoCanvas {
  /// The pixels as packed rgb24 of the same size.
  func packedRGB(_ layout: PictureLayout) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: layout.byteCount)
    withRows { y, pixels in
      var position = y * layout.width * 3
      for pixel in pixels {
        bytes[position] = UInt8(pixel >> 16 & 0xFF)
        bytes[position + 1] = UInt8(pixel >> 8 & 0xFF)
        bytes[position + 2] = UInt8(pixel & 0xFF)
        position += 3
      }
    }
    return bytes
  }
}
