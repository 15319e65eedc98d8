import FrameStream
import Glibc
import SystemIO

/// One level of the image pyramid: the picture is shrunk by ``factor`` and the window slides over it.
package struct PyramidLevel: Sendable, Equatable {
  /// Pixels of the picture per pixel of the level.
  package let factor: Float
  /// The level's width in pixels.
  package let width: Int
  /// The level's height in pixels.
  package let height: Int
  /// The stride of the window in pixels of the level, in both directions.
  package let step: Int
  /// The width of the detected objects, in pixels of the picture.
  package let objectWidth: Int
  /// The height of the detected objects, in pixels of the picture.
  package let objectHeight: Int
  /// Window positions in a row of the level.
  package let columns: Int
  /// Rows of windows.
  package let rows: Int

  /// The number of windows evaluated if none is skipped.
  package var windowCount: Int { columns * rows }

  /// A picture of this size may not have more levels; OpenCV's default makes about 80 of the largest picture.
  static let limit = 4096

  /// The levels that OpenCV searches, smallest objects first.
  ///
  /// cv::CascadeClassifierImpl::detectMultiScaleNoGrouping of OpenCV 4.14.
  /// - Throws: ``Failure`` `.usage` if the scale factor is so close to 1 that there are thousands.
  static func levels(
    pictureWidth: Int, pictureHeight: Int, windowWidth: Int, windowHeight: Int, options: DetectionOptions
  ) throws(Failure) -> [PyramidLevel] {
    var factors: [Float] = []
    var factor = 1.0
    while rounded(Double(windowWidth) * factor) <= pictureWidth,
      rounded(Double(windowHeight) * factor) <= pictureHeight
    {
      guard factors.count < limit else {
        throw Failure(
          .usage, step: "detection", subject: "scale factor",
          cause:
            "\(options.scaleFactor) makes more than \(limit) sizes of a \(pictureWidth)x\(pictureHeight) picture"
        )
      }
      factors.append(Float(factor))
      factor *= options.scaleFactor
    }
    let used = select(
      factors, windowWidth: windowWidth, windowHeight: windowHeight,
      minSize: options.minSize,
      maxSize: options.maxSize.width == 0 || options.maxSize.height == 0
        ? ObjectSize(width: pictureWidth, height: pictureHeight) : options.maxSize)
    var levels: [PyramidLevel] = []
    var stripes = 0
    for factor in used {
      let width = rounded(Float(pictureWidth) / factor)
      let height = rounded(Float(pictureHeight) / factor)
      let step = factor >= 2 ? 1 : 2
      let freeColumns = max(0, width + 1 - windowWidth)
      let freeRows = max(0, height + 1 - windowHeight)
      // OpenCV cuts every level into as many stripes as the first one has groups of 32 columns. Where their
      // number divides the half of an odd number of rows, the last row belongs to none of them.
      if levels.isEmpty { stripes = (freeColumns + 31) / 32 }
      let scanned = stripes == 0 ? 0 : min(freeRows, stripes * stripe(freeRows / step, stripes) * step)
      levels.append(
        PyramidLevel(
          factor: factor, width: width, height: height, step: step,
          objectWidth: rounded(Float(windowWidth) * factor),
          objectHeight: rounded(Float(windowHeight) * factor),
          columns: (freeColumns + step - 1) / step, rows: (scanned + step - 1) / step))
    }
    return levels
  }

  private static func stripe(_ rows: Int, _ stripes: Int) -> Int {
    max((rows + stripes - 1) / stripes, 1)
  }

  /// The factors within the limits of size; if there is none, the one nearest to the minimum.
  private static func select(
    _ factors: [Float], windowWidth: Int, windowHeight: Int, minSize: ObjectSize, maxSize: ObjectSize
  ) -> [Float] {
    var used: [Float] = []
    var nearest: (factor: Float, distance: Double)?
    for factor in factors {
      let width = rounded(Float(windowWidth) * factor)
      let height = rounded(Float(windowHeight) * factor)
      let (dx, dy) = (Double(width - minSize.width), Double(height - minSize.height))
      let distance = dx * dx + dy * dy
      if nearest == nil || distance < nearest!.distance { nearest = (factor, distance) }
    }
    for factor in factors {
      let width = rounded(Float(windowWidth) * factor)
      let height = rounded(Float(windowHeight) * factor)
      if width > maxSize.width || height > maxSize.height { break }
      if width < minSize.width || height < minSize.height { continue }
      used.append(factor)
    }
    if used.isEmpty, let nearest { used = [nearest.factor] }
    return used
  }

  /// The object that the window at (`x`, `y`) of the level represents, before it is clipped to the picture.
  func object(x: Int, y: Int) -> Detection {
    Detection(
      PixelRectangle(
        x: rounded(Float(x) * factor), y: rounded(Float(y) * factor), width: objectWidth,
        height: objectHeight))
  }
}
