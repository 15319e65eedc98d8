import FaceInput
import FrameStream
import SystemIO

/// What a face looks like, cheaply: histograms of gradient directions over a grid of its gray crop, of length 1.
///
/// It tells two people apart who cross each other within seconds and in the same light. It does not recognize anybody:
/// see ``evidence(_:)`` for what a likeness counts.
package struct FaceAppearance: Sendable, Equatable {
  private var values: [Float]

  /// How much likelier it is that `other` is the same person, as a logarithm, bounded so that a turned head or a
  /// shadow cannot outweigh a motion that fits.
  func evidence(_ other: FaceAppearance) -> Double {
    var product: Float = 0
    for index in values.indices { product += values[index] * other.values[index] }
    return max(-Self.limit, min(Self.limit, Double(product - Self.indifferent) * Self.slope))
  }

  private static let indifferent: Float = 0.8
  private static let slope = 30.0
  private static let limit = 6.0

  /// The mean with a new sighting, which counts a tenth.
  func mixed(with new: FaceAppearance) -> FaceAppearance {
    var mixed = self
    for index in values.indices { mixed.values[index] = 0.9 * values[index] + 0.1 * new.values[index] }
    mixed.normalize()
    return mixed
  }

  private mutating func normalize() {
    var power: Float = 0
    for value in values { power += value * value }
    guard power > 0 else { return }
    let scale = 1 / power.squareRoot()
    for index in values.indices { values[index] *= scale }
  }

  /// Looks at faces. The memory is kept from face to face; it belongs to one thread at a time.
  package final class Describer {
    private static let side = 32
    private static let cells = 4
    private static let directions = 8
    private let resampler = PictureResampler(width: side, height: side)
    private var pixels = [UInt8](repeating: 0, count: side * side)

    /// A describer without memory yet.
    package init() {}

    /// What the face in `box` of `plane` looks like.
    /// - Throws: ``Failure`` (`badInput`) for a box out of range or a plane without pixels.
    package func describe(
      _ plane: PlaneView, _ range: ColorRange, _ box: PixelRectangle
    ) throws(Failure) -> FaceAppearance {
      var failure: Failure?
      pixels.withUnsafeMutableBufferPointer { buffer in
        do throws(Failure) {
          try resampler.resample(plane, box, range: range, into: buffer.baseAddress!)
        } catch { failure = error }
      }
      if let failure { throw failure }
      var histogram = [Float](repeating: 0, count: Self.cells * Self.cells * Self.directions)
      let side = Self.side
      let cell = side / Self.cells
      for y in 1..<side - 1 {
        for x in 1..<side - 1 {
          let dx = Float(Int(pixels[y * side + x + 1]) - Int(pixels[y * side + x - 1]))
          let dy = Float(Int(pixels[(y + 1) * side + x]) - Int(pixels[(y - 1) * side + x]))
          let strength = (dx * dx + dy * dy).squareRoot()
          guard strength > 0 else { continue }
          let index = ((y / cell) * Self.cells + x / cell) * Self.directions + Self.direction(dx, dy)
          histogram[index] += strength
        }
      }
      // The square root keeps a few strong edges from deciding everything.
      var appearance = FaceAppearance(values: histogram.map { $0.squareRoot() })
      appearance.normalize()
      return appearance
    }

    /// Which of eight sectors a direction is in.
    private static func direction(_ dx: Float, _ dy: Float) -> Int {
      let steep = abs(dy) > abs(dx)
      switch (dx >= 0, dy >= 0) {
      case (true, true): return steep ? 1 : 0
      case (false, true): return steep ? 2 : 3
      case (false, false): return steep ? 5 : 4
      case (true, false): return steep ? 6 : 7
      }
    }
  }
}
