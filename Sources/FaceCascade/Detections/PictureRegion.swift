/// A rectangle of a picture in pixels, origin top left; it may stick out.
package struct PictureRegion: Sendable, Equatable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The region of an object.
  package init(_ detection: Detection) {
    self.init(x: detection.x, y: detection.y, width: detection.width, height: detection.height)
  }

  /// What of it lies in a picture of this size; empty (0 wide and high) if nothing does.
  package func clipped(width pictureWidth: Int, height pictureHeight: Int) -> PictureRegion {
    // Sides so far away that their sum overflows lie outside anyway.
    let right = x.addingReportingOverflow(width)
    let bottom = y.addingReportingOverflow(height)
    guard width > 0, height > 0 else { return PictureRegion(x: 0, y: 0, width: 0, height: 0) }
    let (x0, y0) = (max(0, x), max(0, y))
    let x1 = right.overflow ? pictureWidth : min(pictureWidth, right.partialValue)
    let y1 = bottom.overflow ? pictureHeight : min(pictureHeight, bottom.partialValue)
    guard x1 > x0, y1 > y0 else { return PictureRegion(x: 0, y: 0, width: 0, height: 0) }
    return PictureRegion(x: x0, y: y0, width: x1 - x0, height: y1 - y0)
  }
}
