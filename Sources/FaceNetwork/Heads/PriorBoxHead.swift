import Glibc

/// Ultra-Light's head (RFB and slim): two scores and a box for each prior at strides 8, 16, 32 and 64.
///
/// The boxes are corners as fractions of the input, or offsets from priors that the file leaves to its reader
/// (Linzaer, Ultra-Light-Fast-Generic-Face-Detector-1MB; the arithmetic is that of SSD: Liu and others, 2016).
package struct PriorBoxHead: DetectionHead {
  private let size: InputSize
  private let (scores, boxes): (Int, Int)
  /// Center and size of each prior as fractions of the input; nil if the boxes are corners.
  let priors: [SIMD4<Float>]?

  private static let levels: [(stride: Int, sides: [Float])] = [
    (8, [10, 16, 24]), (16, [32, 48]), (32, [64, 96]), (64, [128, 192, 256]),
  ]
  private static let (centerVariance, sizeVariance): (Float, Float) = (0.1, 0.2)

  /// - Returns: nil if the outputs are not Ultra-Light's: rows of 2 and of 4 values, one for each prior.
  package init?(_ outputs: [OutputShape], _ size: InputSize) {
    let priors = Self.priors(size)
    guard outputs.count == 2,
      let scores = outputs.firstIndex(where: { $0.rows(of: 2) == priors.count }),
      let boxes = outputs.firstIndex(where: { $0.rows(of: 4) == priors.count })
    else { return nil }
    (self.size, self.scores, self.boxes) = (size, scores, boxes)
    self.priors = outputs[boxes].isRaw ? priors : nil
  }

  /// The priors of an input of this size, in the order of the rows.
  static func priors(_ size: InputSize) -> [SIMD4<Float>] {
    var priors: [SIMD4<Float>] = []
    let (width, height) = (Float(size.width), Float(size.height))
    for (stride, sides) in levels {
      let (columns, rows) = ((size.width + stride - 1) / stride, (size.height + stride - 1) / stride)
      let step = Float(stride)
      for row in 0..<rows {
        for column in 0..<columns {
          for side in sides {
            let (x, y) = ((Float(column) + 0.5) * step / width, (Float(row) + 0.5) * step / height)
            priors.append(SIMD4(min(x, 1), min(y, 1), min(side / width, 1), min(side / height, 1)))
          }
        }
      }
    }
    return priors
  }

  package func decode(_ values: some OutputValues, into list: inout CandidateList) {
    let (scores, boxes) = (values[scores], values[boxes])
    let (width, height) = (Float(size.width), Float(size.height))
    for index in 0..<(scores.count / 2) where scores[2 * index + 1] > list.floor {
      let first = boxes[4 * index]
      let second = boxes[4 * index + 1]
      let third = boxes[4 * index + 2]
      let fourth = boxes[4 * index + 3]
      var (left, top, right, bottom) = (first, second, third, fourth)
      if let priors {
        let prior = priors[index]
        let (x, y) = (
          first * Self.centerVariance * prior.z + prior.x, second * Self.centerVariance * prior.w + prior.y
        )
        let across = exp(third * Self.sizeVariance) * prior.z
        let down = exp(fourth * Self.sizeVariance) * prior.w
        (left, top, right, bottom) = (x - across / 2, y - down / 2, x + across / 2, y + down / 2)
      }
      list.append(
        Candidate(
          x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height,
          score: scores[2 * index + 1].clampedToUnit))
    }
  }
}
