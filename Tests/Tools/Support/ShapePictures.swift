import Foundation

/// Folders of pictures by class for training, drawn by code: PGM files.
enum ShapePictures {
  static let classes = ["cross", "disc", "square"]
  private static let side = 16

  /// Writes `count` pictures of each class into `folder/name/CLASS`.
  static func write(
    _ name: String, in folder: ToolFolder, count: Int, seed: UInt64, classes: [String] = classes
  ) throws {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func uniform() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) * 0x1p-53
    }
    for (label, className) in classes.enumerated() {
      let path = folder["\(name)/\(className)"]
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for index in 0..<count {
        let data = picture(label % 3, uniform)
        try data.write(to: URL(fileURLWithPath: "\(path)/\(index).pgm"))
      }
    }
  }

  private static func picture(_ label: Int, _ uniform: () -> Double) -> Data {
    let radius = Double(side) * (0.2 + 0.12 * uniform())
    let x0 = Double(side) * (0.35 + 0.3 * uniform())
    let y0 = Double(side) * (0.35 + 0.3 * uniform())
    let (ground, figure) = (40 + 40 * uniform(), 150 + 80 * uniform())
    var data = Data("P5\n\(side) \(side)\n255\n".utf8)
    for place in 0..<side * side {
      let (x, y) = (abs(Double(place % side) - x0), abs(Double(place / side) - y0))
      let isInside =
        switch label {
        case 0: min(x, y) < radius / 3 && max(x, y) < radius
        case 1: x * x + y * y < radius * radius
        default: max(x, y) < radius * 0.85
        }
      data.append(UInt8((isInside ? figure : ground) + 12 * uniform()))
    }
    return data
  }
}
