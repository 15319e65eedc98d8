import FrameStream
import Glibc

/// CenterFace's head: maps at stride 4 of faces' centers, logarithms of height and width, offsets, and points.
///
/// Xu, Yan, Sun, Yang and Luo, "CenterFace: Joint Face Detection and Alignment Using Face as Point", 2019. Offsets and
/// points are (y, x); points are parts of the box.
package struct CenterFaceHead: DetectionHead {
  private let size: InputSize
  private let (centers, scales, offsets): (Int, Int, Int)
  private let points: Int?

  private static let stride = 4

  /// - Returns: nil if the outputs are not CenterFace's: maps of 1, 2 and 2 channels in this order, and perhaps of 10.
  package init?(_ outputs: [OutputShape], _ size: InputSize) {
    func indices(_ channels: Int) -> [Int] {
      outputs.indices.filter { outputs[$0].isMap(channels: channels, size, stride: Self.stride) }
    }
    let (centers, pairs, points) = (indices(1), indices(2), indices(10))
    guard centers.count == 1, pairs.count == 2, points.count <= 1, outputs.count == 3 + points.count else {
      return nil
    }
    self.size = size
    self.centers = centers[0]
    (scales, offsets) = (pairs[0], pairs[1])
    self.points = points.first
  }

  package func decode(_ values: some OutputValues, into list: inout CandidateList) {
    let (centers, scales, offsets) = (values[centers], values[scales], values[offsets])
    let points = points.map { values[$0] }
    let (columns, count) = (size.width / Self.stride, size.cells(Self.stride))
    let stride = Float(Self.stride)
    for cell in 0..<count where centers[cell] > list.floor {
      let (height, width) = (exp(scales[cell]) * stride, exp(scales[count + cell]) * stride)
      let left = (Float(cell % columns) + offsets[count + cell] + 0.5) * stride - width / 2
      let top = (Float(cell / columns) + offsets[cell] + 0.5) * stride - height / 2
      list.append(
        Candidate(
          x: left, y: top, width: width, height: height, score: centers[cell].clampedToUnit,
          points: points.map { points in
            FacePoints { index in
              (
                points[(2 * index + 1) * count + cell] * width + left,
                points[2 * index * count + cell] * height + top
              )
            }
          }))
    }
  }
}
