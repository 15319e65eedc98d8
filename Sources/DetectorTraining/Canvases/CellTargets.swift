import FaceNetwork
import Glibc
import PictureData

/// What a network is to answer for the objects of a canvas, cell by cell: see ``DetectionLoss``.
struct CellTargets {
  let side: Int
  let stride: Int
  let usualSize: Float

  /// Cells of a row, and of a column.
  var columns: Int { side / stride }
  /// All cells.
  var count: Int { columns * columns }

  /// Cells whose centers are closer to an object's than this share of its size, or than the least distance, must find it;
  /// those within the second distance do not count.
  private static let found: (share: Float, least: Float) = (0.2, 0.525)
  private static let ignored: (share: Float, least: Float) = (0.42, 1.0625)

  /// Writes the targets and for each cell the crop of the object that it is to find, or -1.
  func write(
    _ objects: [PlacedObject], to targets: UnsafeMutablePointer<Float>, _ crops: UnsafeMutablePointer<Int32>
  ) {
    targets.update(repeating: 0, count: 4 * count)
    crops.update(repeating: -1, count: count)
    for object in objects where object.role != .large {
      let isFound = object.role == .object
      let reach = max(Self.ignored.least * Float(stride), Self.ignored.share * object.size)
      let core = max(Self.found.least * Float(stride), Self.found.share * object.size)
      for row in cells(around: object.centerY, reach) {
        for column in cells(around: object.centerX, reach) {
          let cell = row * columns + column
          let target = targets + 4 * cell
          let across = object.centerX - center(column)
          let down = object.centerY - center(row)
          let distance = max(abs(across), abs(down))
          guard distance <= reach else { continue }
          if isFound, distance <= core, isNearer(distance, target) {
            target[0] = 1
            target[1] = across / Float(stride)
            target[2] = down / Float(stride)
            target[3] = logf(object.size / usualSize)
            crops[cell] = Int32(object.crop ?? -1)
          } else if target[0] == 0 {
            target[0] = -1
          }
        }
      }
    }
  }

  /// Whether an object at this distance is nearer than the one that the cell is to find already, if any.
  private func isNearer(_ distance: Float, _ target: UnsafeMutablePointer<Float>) -> Bool {
    target[0] < 1 || distance < max(abs(target[1]), abs(target[2])) * Float(stride)
  }

  private func center(_ cell: Int) -> Float { (Float(cell) + 0.5) * Float(stride) }

  /// The cells whose centers may be within `reach` of a position.
  private func cells(around position: Float, _ reach: Float) -> Range<Int> {
    func cell(_ position: Float) -> Int {
      min(max(Int((position / Float(stride)).rounded(.down)), 0), columns)
    }
    let first = cell(position - reach)
    return first..<max(first, min(cell(position + reach) + 1, columns))
  }
}
