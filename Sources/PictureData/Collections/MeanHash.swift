import FaceInput
import FrameStream
import SystemIO

/// What a picture looks like from afar: which of 16x16 places are lighter than their mean. Copies of a picture in
/// other sizes or with other compression have the same hash, or nearly so.
package struct MeanHash: Sendable, Hashable {
  /// A bit for each place, row by row, 64 in each word.
  package let words: SIMD4<UInt64>
  static let side = 16

  /// Shrinks a picture to 16x16 and compares each pixel with the mean.
  package init(_ picture: GrayPixels) throws(Failure) {
    var small = [UInt8](repeating: 0, count: Self.side * Self.side)
    let resampler = PictureResampler(width: Self.side, height: Self.side)
    try picture.withPlane { (plane) throws(Failure) in
      try small.withUnsafeMutableBufferPointer { (small) throws(Failure) in
        try resampler.resample(plane, plane.bounds, range: .pc, into: small.baseAddress!)
      }
    }
    let sum = small.reduce(0) { $0 + Int($1) }
    var words = SIMD4<UInt64>()
    for (place, value) in small.enumerated() where Int(value) * small.count > sum {
      words[place / 64] |= 1 << UInt64(place % 64)
    }
    self.words = words
  }

  /// In how many places two hashes differ, 0 to 256.
  package func distance(to other: MeanHash) -> Int {
    let difference = words ^ other.words
    return (0..<4).reduce(0) { $0 + difference[$1].nonzeroBitCount }
  }
}
