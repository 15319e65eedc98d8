import SeededNoise

@testable import FaceNetwork

/// Outputs in plain buffers.
final class HeadOutputs: OutputValues {
  let shapes: [OutputShape]
  private let buffers: [UnsafeMutableBufferPointer<Float>]

  init(_ outputs: [(shape: OutputShape, values: [Float])]) {
    shapes = outputs.map(\.shape)
    buffers = outputs.map { output in
      precondition(output.values.count == output.shape.axes.reduce(1, *))
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: output.values.count)
      _ = buffer.initialize(from: output.values)
      return buffer
    }
  }

  deinit { for buffer in buffers { buffer.deallocate() } }

  subscript(output: Int) -> UnsafeBufferPointer<Float> { UnsafeBufferPointer(buffers[output]) }

  /// The value of an output at a flat index.
  func value(_ output: Int, _ index: Int) -> Double { Double(buffers[output][index]) }

  /// Outputs of these shapes with numbers between 0 and 1 where `scores` says so, otherwise between -1 and 1.
  static func random(_ shapes: [OutputShape], scores: [Int], seed: UInt64) -> HeadOutputs {
    var noise = Noise(seed)
    return HeadOutputs(
      shapes.enumerated().map { index, shape in
        let values = noise.values(shape.axes.reduce(1, *))
        return (shape, scores.contains(index) ? values.map { abs($0) } : values)
      })
  }

  func decode(_ head: any DetectionHead, minimumScore: Float) -> [Candidate] {
    var list = CandidateList()
    list.begin(minimumScore: minimumScore)
    head.decode(self, into: &list)
    return list.candidates
  }
}

extension Candidate {
  /// The largest difference of any number of two candidates.
  func distance(_ other: Candidate) -> Double {
    var pairs = [
      (x, other.x), (y, other.y), (width, other.width), (height, other.height), (score, other.score),
    ]
    .map { abs(Double($0.0 - $0.1)) }
    guard (points == nil) == (other.points == nil) else { return .infinity }
    if let points, let others = other.points {
      for (a, b) in zip(points.list, others.list) { pairs += [abs(a.x - b.x), abs(a.y - b.y)] }
    }
    return pairs.max() ?? 0
  }
}
