import FrameStream
import Glibc
import SystemIO
import TrainingReports

/// A packed picture with one byte a sample and pixels side by side: gray, or red, green and blue.
package struct PackedPicture: Sendable {
  /// Columns and rows of pixels.
  package var (width, height): (Int, Int)
  /// Samples of a pixel: 1 or 3.
  package var channels: Int
  /// width · height · channels samples.
  package var bytes: [UInt8]

  /// A picture of these samples.
  package init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    precondition(bytes.count == width * height * channels)
    (self.width, self.height) = (width, height)
    self.channels = channels
    self.bytes = bytes
  }

  /// A box with half its size around it, as far as the picture has that, and at most 2048 pixels a side.
  package func part(around box: ObjectBox) -> PackedPicture {
    func range(_ start: Double, _ length: Double, _ side: Int) -> Range<Int> {
      let first = min(max(Int(start - length / 2), 0), side - 1)
      let end = min(max(Int(start + 1.5 * length), first + 1), side)
      return first..<min(end, first + 2048)
    }
    let (columns, rows) = (range(box.x, box.width, width), range(box.y, box.height, height))
    var part: [UInt8] = []
    part.reserveCapacity(columns.count * rows.count * channels)
    for y in rows {
      part +=
        bytes[
          ((y * width + columns.lowerBound) * channels)..<((y * width + columns.upperBound) * channels)]
    }
    return PackedPicture(width: columns.count, height: rows.count, channels: channels, bytes: part)
  }

  /// How it lies in memory.
  /// - Throws: ``Failure`` (`badInput`) if it is too large.
  package func layout() throws(Failure) -> PictureLayout {
    try PictureLayout(channels == 1 ? .gray : .rgb24, width: width, height: height)
  }
}

/// A rotation of pictures about their middle, into a picture that holds all; what is outside the old one repeats its edge.
struct PictureTurn {
  /// Degrees, clockwise as the picture is seen.
  let degrees: Double
  private let (width, height): (Int, Int)
  private let (newWidth, newHeight): (Int, Int)
  private let (cosine, sine): (Double, Double)

  init(_ degrees: Double, width: Int, height: Int) {
    self.degrees = degrees
    (self.width, self.height) = (width, height)
    (cosine, sine) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    newWidth = Int((abs(cosine) * Double(width) + abs(sine) * Double(height)).rounded(.up))
    newHeight = Int((abs(sine) * Double(width) + abs(cosine) * Double(height)).rounded(.up))
  }

  /// The picture rotated, by bilinear interpolation.
  func picture(_ picture: PackedPicture) -> PackedPicture {
    var turned = [UInt8](repeating: 0, count: newWidth * newHeight * picture.channels)
    let channels = picture.channels
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let (across, down) = (
          Double(x) + 0.5 - Double(newWidth) / 2, Double(y) + 0.5 - Double(newHeight) / 2
        )
        let fromX = cosine * across + sine * down + Double(width) / 2 - 0.5
        let fromY = -sine * across + cosine * down + Double(height) / 2 - 0.5
        let (left, top) = (fromX.rounded(.down), fromY.rounded(.down))
        let (partX, partY) = (fromX - left, fromY - top)
        func column(_ value: Double) -> Int { min(max(Int(value), 0), width - 1) }
        func row(_ value: Double) -> Int { min(max(Int(value), 0), height - 1) }
        let (x0, x1, y0, y1) = (column(left), column(left + 1), row(top), row(top + 1))
        for channel in 0..<channels {
          func sample(_ x: Int, _ y: Int) -> Double {
            Double(picture.bytes[(y * width + x) * channels + channel])
          }
          let above = sample(x0, y0) * (1 - partX) + sample(x1, y0) * partX
          let below = sample(x0, y1) * (1 - partX) + sample(x1, y1) * partX
          let value = above * (1 - partY) + below * partY
          turned[(y * newWidth + x) * channels + channel] = UInt8(min(max(value.rounded(), 0), 255))
        }
      }
    }
    return PackedPicture(width: newWidth, height: newHeight, channels: channels, bytes: turned)
  }

  /// A box whose middle is rotated; its size stays.
  func box(_ box: ObjectBox) -> ObjectBox {
    let (across, down) = (
      box.x + box.width / 2 - Double(width) / 2, box.y + box.height / 2 - Double(height) / 2
    )
    var turned = box
    turned.x = cosine * across - sine * down + Double(newWidth) / 2 - box.width / 2
    turned.y = sine * across + cosine * down + Double(newHeight) / 2 - box.height / 2
    return turned
  }
}
