import FrameStream

/// SCRFD's head: scores, distances to the four sides, and perhaps points, of one or two anchors a cell at strides from 8
/// on.
///
/// Guo, Deng, Lattas and Zafeiriou, "Sample and Computation Redistribution for Efficient Face Detection", 2021.
package struct DistanceHead: DetectionHead {
  /// The outputs of one stride.
  struct Level: Sendable, Equatable {
    var stride: Int
    var columns: Int
    var scores: Int
    var boxes: Int
    var points: Int?
  }

  let levels: [Level]
  let anchors: Int

  /// True if the network gives points.
  package var hasPoints: Bool { levels.allSatisfy { $0.points != nil } }

  /// - Returns: nil if the outputs are not SCRFD's: for each of the strides 8, 16, 32 (and 64, 128) one row of 1 and one
  ///   of 4 values, and for all or none of them one of 10, for each anchor.
  package init?(_ outputs: [OutputShape], _ size: InputSize) {
    for (strides, anchors) in [([8, 16, 32], 2), ([8, 16, 32], 1), ([8, 16, 32, 64, 128], 1)] {
      if let levels = Self.levels(outputs, size, strides: strides, anchors: anchors) {
        self.levels = levels
        self.anchors = anchors
        return
      }
    }
    return nil
  }

  private static func levels(_ outputs: [OutputShape], _ size: InputSize, strides: [Int], anchors: Int)
    -> [Level]?
  {
    var levels: [Level] = []
    for stride in strides {
      let rows = size.cells(stride) * anchors
      func indices(_ columns: Int) -> [Int] {
        outputs.indices.filter { outputs[$0].rows(of: columns) == rows }
      }
      let (scores, boxes, points) = (indices(1), indices(4), indices(10))
      guard rows > 0, scores.count == 1, boxes.count == 1, points.count <= 1 else { return nil }
      levels.append(
        Level(
          stride: stride, columns: size.width / stride, scores: scores[0], boxes: boxes[0],
          points: points.first))
    }
    let pointed = levels.filter { $0.points != nil }.count
    guard pointed == 0 || pointed == levels.count, outputs.count == 2 * levels.count + pointed else {
      return nil
    }
    return levels
  }

  package func decode(_ values: some OutputValues, into list: inout CandidateList) {
    for level in levels {
      let (scores, boxes) = (values[level.scores], values[level.boxes])
      let points = level.points.map { values[$0] }
      let stride = Float(level.stride)
      for index in scores.indices where scores[index] > list.floor {
        let cell = index / anchors
        let (x, y) = (Float(cell % level.columns) * stride, Float(cell / level.columns) * stride)
        let (left, top) = (boxes[4 * index] * stride, boxes[4 * index + 1] * stride)
        let (right, bottom) = (boxes[4 * index + 2] * stride, boxes[4 * index + 3] * stride)
        list.append(
          Candidate(
            x: x - left, y: y - top, width: left + right, height: top + bottom,
            score: scores[index].clampedToUnit,
            points: points.map { points in
              FacePoints { point in
                let first = 10 * index + 2 * point
                return (x + points[first] * stride, y + points[first + 1] * stride)
              }
            }))
      }
    }
  }
}
