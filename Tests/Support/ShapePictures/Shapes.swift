import PictureData
import SystemIO

/// Pictures drawn by code: a disc, a cross, a square, at random places and grays, with noise.
package enum Shapes {
  /// In the order of labels.
  package static let classes = ["cross", "disc", "square"]

  /// A set of `count` pictures, the classes in turns.
  /// - Parameter shift: By how many classes the labels are wrong.
  package static func set(_ count: Int, side: Int = 16, seed: UInt64, shift: Int = 0) throws(Failure)
    -> PictureSet
  {
    var generator = SeededGenerator(seed: seed)
    var pixels: [UInt8] = []
    var labels: [Int] = []
    for index in 0..<count {
      labels.append((index + shift) % classes.count)
      pixels += picture(index % classes.count, side, &generator)
    }
    return try PictureSet(
      classes: classes, width: side, height: side,
      names: (0..<count).map { "\(classes[labels[$0]])/\($0).png" },
      labels: labels, pixels: pixels)
  }

  private static func picture(_ label: Int, _ side: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    let radius = Double(side) * (0.2 + 0.12 * generator.uniform())
    let x0 = Double(side) / 2 + (generator.uniform() - 0.5) * Double(side) * 0.3
    let y0 = Double(side) / 2 + (generator.uniform() - 0.5) * Double(side) * 0.3
    let (ground, figure) = (40 + 40 * generator.uniform(), 150 + 80 * generator.uniform())
    return (0..<side * side).map { place in
      let (x, y) = (abs(Double(place % side) - x0), abs(Double(place / side) - y0))
      let isInside =
        switch label {
        case 0: min(x, y) < radius / 3 && max(x, y) < radius
        case 1: x * x + y * y < radius * radius
        default: max(x, y) < radius * 0.85
        }
      return UInt8(min(max((isInside ? figure : ground) + 12 * (generator.uniform() - 0.5), 0), 255))
    }
  }
}
