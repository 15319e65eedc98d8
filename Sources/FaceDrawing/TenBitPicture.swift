import FrameStream

/// A ten-bit picture while it is drawn on: the drawing is made on its upper eight bits, and only samples that it has
/// changed are taken back.
///
/// The memory is kept from picture to picture.
final class TenBitPicture {
  private let memory = Payload()

  /// The eight-bit picture.
  var base: UnsafeMutablePointer<UInt8> { memory.base }

  /// Fills ``base``; returns its layout, nil if there can be none.
  func reduce(_ layout: PictureLayout, _ source: UnsafeMutablePointer<UInt8>) -> PictureLayout? {
    guard let reduced = try? PictureLayout(.yuv420p, width: layout.width, height: layout.height) else {
      return nil
    }
    memory.resize(to: reduced.byteCount)
    for index in reduced.planes.indices {
      layout.plane(index, at: UnsafePointer(source)).reduceToEightBits(
        into: base + reduced.planes[index].offset)
    }
    return reduced
  }

  /// Writes back what the drawing has changed within `damage`, in pixels.
  func restore(
    _ layout: PictureLayout, _ target: UnsafeMutablePointer<UInt8>, within damage: PixelRectangle,
    isFullRange: Bool
  ) {
    for (index, plane) in layout.planes.enumerated() {
      let shift = index == 0 ? 0 : 1
      let width = plane.width / 2
      let columns = max(0, damage.x >> shift)..<min(width, ((damage.maxX - 1) >> shift) + 1)
      let rows = max(0, damage.y >> shift)..<min(plane.height, ((damage.maxY - 1) >> shift) + 1)
      // The planes of both have the same sizes in samples, so the reduced ones lie at half the offsets.
      let drawn = base + plane.offset / 2
      let original = target + plane.offset
      for y in rows {
        let row = original + y * plane.width
        for x in columns {
          let below = UInt16(row[2 * x]) | UInt16(row[2 * x + 1]) << 8
          let above = UInt16(drawn[y * width + x])
          guard min(below >> 2, 255) != above else { continue }
          // Limited range is four times the eight-bit one; full range ends at 1023, not at 1020.
          let sample = above << 2 | (isFullRange ? above >> 6 : 0)
          row[2 * x] = UInt8(truncatingIfNeeded: sample)
          row[2 * x + 1] = UInt8(truncatingIfNeeded: sample >> 8)
        }
      }
    }
  }
}
