import FrameStream
import Glibc

/// YuNet's head: class, objectness, box and points of each cell at strides 8, 16 and 32.
///
/// Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023; with the arithmetic of OpenCV's
/// `FaceDetectorYN`.
package struct YuNetHead: DetectionHead {
  /// The outputs of one stride.
  struct Level: Sendable, Equatable {
    var stride: Int
    var columns: Int
    /// Class and objectness; the score is the root of their product, so that it does not matter which is which.
    var (first, second): (Int, Int)
    var boxes: Int
    var points: Int
  }

  let levels: [Level]

  private static let strides = [8, 16, 32]

  /// - Returns: nil if the outputs are not YuNet's: for each stride two rows of 1, one of 4 and one of 10 values.
  package init?(_ outputs: [OutputShape], _ size: InputSize) {
    guard outputs.count == 4 * Self.strides.count else { return nil }
    var levels: [Level] = []
    for stride in Self.strides {
      let cells = size.cells(stride)
      func indices(_ columns: Int) -> [Int] {
        outputs.indices.filter { outputs[$0].rows(of: columns) == cells }
      }
      let (scores, boxes, points) = (indices(1), indices(4), indices(10))
      guard scores.count == 2, boxes.count == 1, points.count == 1 else { return nil }
      levels.append(
        Level(
          stride: stride, columns: size.width / stride, first: scores[0], second: scores[1], boxes: boxes[0],
          points: points[0]))
    }
    self.levels = levels
  }

  package func decode(_ values: some OutputValues, into list: inout CandidateList) {
    for level in levels {
      decode(
        level, first: values[level.first], second: values[level.second], boxes: values[level.boxes],
        points: values[level.points], into: &list)
    }
  }

  private func decode(
    _ level: Level, first: UnsafeBufferPointer<Float>, second: UnsafeBufferPointer<Float>,
    boxes: UnsafeBufferPointer<Float>, points: UnsafeBufferPointer<Float>, into list: inout CandidateList
  ) {
    let stride = Float(level.stride)
    var (column, row) = (0, 0)
    for cell in first.indices {
      let score = (first[cell].clampedToUnit * second[cell].clampedToUnit).squareRoot()
      if score > list.floor {
        let (left, top) = (Float(column), Float(row))
        let box = 4 * cell
        let (x, y) = ((left + boxes[box]) * stride, (top + boxes[box + 1]) * stride)
        let (width, height) = (exp(boxes[box + 2]) * stride, exp(boxes[box + 3]) * stride)
        list.append(
          Candidate(
            x: x - width / 2, y: y - height / 2, width: width, height: height, score: score,
            points: FacePoints { index in
              let point = 10 * cell + 2 * index
              return ((points[point] + left) * stride, (points[point + 1] + top) * stride)
            }))
      }
      column += 1
      if column == level.columns { (column, row) = (0, row + 1) }
    }
  }
}

extension Float {
  /// The value brought to 0...1; NaN becomes 0.
  var clampedToUnit: Float { self > 0 ? Swift.min(self, 1) : 0 }
}
