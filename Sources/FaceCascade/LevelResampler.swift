import FrameStream
import Glibc

/// Shrinks a picture to one level as OpenCV's INTER_LINEAR_EXACT does, rows at a time.
///
/// Weights are multiples of 1/256 in both directions and nothing is rounded in between, so the order of the
/// directions does not matter; here columns first, which keeps the intermediate row in 16 bits.
final class LevelResampler {
  let width: Int
  let height: Int
  private let isCopy: Bool
  private let columns: Axis
  private let rows: Axis

  /// For each place of the level: the two source places and their weights, of 256.
  private struct Axis {
    var first: [Int32] = []
    var second: [Int32] = []
    var weight: [UInt32] = []

    init(from source: Int, to target: Int) {
      // From the sizes, not from the level's factor.
      let scale = 1.0 / (Double(target) / Double(source))
      for index in 0..<target {
        let place = scale * (Double(index) + 0.5) - 0.5
        let whole = place.rounded(.down)
        let position = Int(whole)
        if position < 0 {
          append(0, 0, 0)
        } else if position >= source - 1 {
          append(source - 1, source - 1, 0)
        } else {
          append(position, position + 1, rounded((place - whole) * 256))
        }
      }
    }

    private mutating func append(_ first: Int, _ second: Int, _ weight: Int) {
      self.first.append(Int32(first))
      self.second.append(Int32(second))
      self.weight.append(UInt32(weight))
    }
  }

  init(pictureWidth: Int, pictureHeight: Int, level: ScaleLevel) {
    width = level.width
    height = level.height
    isCopy = pictureWidth == width && pictureHeight == height
    columns = Axis(from: pictureWidth, to: width)
    rows = Axis(from: pictureHeight, to: height)
  }

  /// Writes row `y` of the level to `target`; `scratch` holds as many values as the picture has columns.
  func row(
    _ y: Int, of picture: PlaneView, to target: UnsafeMutablePointer<UInt8>,
    scratch: UnsafeMutablePointer<UInt16>
  ) {
    if isCopy {
      memcpy(target, picture.base + y * picture.stride, width)
      return
    }
    let above = picture.base + Int(rows.first[y]) * picture.stride
    let below = picture.base + Int(rows.second[y]) * picture.stride
    let weight = UInt16(rows.weight[y])
    let rest = 256 - weight
    for x in 0..<picture.width {
      scratch[x] = rest &* UInt16(above[x]) &+ weight &* UInt16(below[x])
    }
    columns.first.withUnsafeBufferPointer { first in
      columns.second.withUnsafeBufferPointer { second in
        columns.weight.withUnsafeBufferPointer { weights in
          for x in 0..<width {
            let weight = weights[x]
            let sum =
              (256 &- weight) &* UInt32(scratch[Int(first[x])]) &+ weight &* UInt32(scratch[Int(second[x])])
            target[x] = UInt8(truncatingIfNeeded: (sum &+ 32768) >> 16)
          }
        }
      }
    }
  }
}
