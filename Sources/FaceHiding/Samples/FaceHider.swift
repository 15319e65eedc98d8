import FrameStream

/// Hides faces in the pictures of a stream, in place and in the pictures' own format.
///
/// Nothing outside the shapes changes, except chroma samples that they share with pixels inside. What is written inside
/// depends on at most a few numbers for each face. Memory is used again from picture to picture; the same boxes on the
/// same picture give the same bytes. To be used by one thread at a time.
package final class FaceHider {
  private let style: HidingStyle
  private var area = HiddenArea()
  private var means = CellMeans()
  private var channels: [Channel] = []
  private var hidden: [Bool] = []
  private var known: (layout: PictureLayout, range: ColorRange)?
  /// How many pictures were hidden as a whole, because their boxes were too many to be hidden one by one.
  package private(set) var wholePictures = 0

  /// Boxes in a picture, and how many times its area they may have together, before it is hidden as a whole: what no
  /// crowd reaches, but a damaged stream may.
  static let mostBoxes = 10_000
  static let mostArea = 32.0

  /// A hider that hides in one way.
  package init(_ style: HidingStyle) { self.style = style }

  /// Hides `boxes` in the picture at `base`.
  /// - Parameters:
  ///   - base: the packed picture's `layout.byteCount` bytes, aligned for its samples.
  ///   - range: how luma is to be read, which says what black is.
  ///   - isWhole: whether the picture is hidden as a whole whatever the boxes are.
  /// - Returns: for each of the boxes, whether anything of it is in the picture and was hidden; valid until the next call.
  @discardableResult
  package func hide(
    _ boxes: [HiddenBox], layout: PictureLayout, base: UnsafeMutablePointer<UInt8>, range: ColorRange,
    isWhole: Bool = false
  ) -> [Bool] {
    if known?.layout != layout || known?.range != range {
      known = (layout, range)
      channels = Channel.all(of: layout, range)
    }
    hidden.removeAll(keepingCapacity: true)
    if isWhole || isTooMuch(boxes, in: layout.bounds) {
      wholePictures += 1
      for box in boxes {
        hidden.append(box.area(margin: style.margin).intersection(layout.bounds) != nil)
      }
      hide(HiddenBox(layout.bounds, growth: 1), layout, base)
    } else {
      for box in boxes { hidden.append(hide(box, layout, base)) }
    }
    return hidden
  }

  /// Hides one box; false if nothing of it is in the picture.
  @discardableResult
  private func hide(
    _ box: HiddenBox, _ layout: PictureLayout, _ base: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    guard area.take(box, style, in: layout.bounds) else { return false }
    if layout.format.bitDepth > 8 {
      let samples = UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt16.self)
      for channel in channels { hide(channel, samples) }
    } else {
      for channel in channels { hide(channel, base) }
    }
    return true
  }

  private func isTooMuch(_ boxes: [HiddenBox], in picture: PixelRectangle) -> Bool {
    if boxes.count > Self.mostBoxes { return true }
    let areas = boxes.reduce(0.0) {
      $0 + ($1.area(margin: style.margin).intersection(picture)?.area ?? 0)
    }
    return boxes.count > 1 && areas > Self.mostArea * picture.area
  }

  private func hide<Sample: FixedWidthInteger & UnsignedInteger>(
    _ channel: Channel, _ picture: UnsafeMutablePointer<Sample>
  ) {
    let bounds = area.bounds(in: channel)
    if style.method == .fill {
      let black = Sample(truncatingIfNeeded: channel.black).littleEndian
      for y in bounds.y..<bounds.maxY {
        let line = picture + channel.offset + y * channel.stride
        for x in area.span(row: y, in: channel) { line[x &* channel.step] = black }
      }
      return
    }
    means.take(bounds, cells: area.cells, channel, UnsafePointer(picture))
    if style.method == .mosaic {
      means.paintCells(area, channel, picture)
    } else {
      means.paintSmoothly(area, channel, picture)
    }
  }
}
