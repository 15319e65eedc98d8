import Foundation
import PictureData
import Testing

@testable import DetectorTraining

struct CellTargetsTests {
  private let targets = CellTargets(side: 64, stride: 8, usualSize: 30)

  private func write(_ objects: [PlacedObject]) -> (targets: [[Float]], crops: [Int32]) {
    var values = [Float](repeating: 9, count: 4 * targets.count)
    var crops = [Int32](repeating: 9, count: targets.count)
    values.withUnsafeMutableBufferPointer { values in
      crops.withUnsafeMutableBufferPointer { crops in
        targets.write(objects, to: values.baseAddress!, crops.baseAddress!)
      }
    }
    return (stride(from: 0, to: values.count, by: 4).map { Array(values[$0..<($0 + 4)]) }, crops)
  }

  private func object(
    _ x: Float, _ y: Float, _ side: Float, _ role: PlacedObject.Role = .object, _ crop: Int? = 3
  )
    -> PlacedObject
  {
    PlacedObject(x: x - side / 2, y: y - side / 2, width: side, height: side, role: role, crop: crop)
  }

  /// Every cell against the rule, for objects of all roles at odd places, in and across the edge.
  @Test func everyCellFollowsTheRule() {
    for (x, y, side) in [(30, 21, 20), (4, 60, 40), (33.5, 30.5, 16), (-5, 20, 24), (63, 63, 60)]
      as [(Float, Float, Float)]
    {
      for role in [PlacedObject.Role.object, .ignored, .large] {
        let (cells, crops) = write([object(x, y, side, role)])
        for cell in cells.indices {
          let (across, down) = (x - (Float(cell % 8) + 0.5) * 8, y - (Float(cell / 8) + 0.5) * 8)
          let distance = max(abs(across), abs(down))
          let isFound = role == .object && distance <= max(4.2, 0.2 * side)
          let counts = role == .large || distance > max(8.5, 0.42 * side)
          #expect(cells[cell][0] == (isFound ? 1 : counts ? 0 : -1), "\(x) \(y) \(side) \(role) \(cell)")
          #expect(crops[cell] == (isFound ? 3 : -1))
          if isFound {
            #expect(abs(cells[cell][1] - across / 8) < 1e-5 && abs(cells[cell][2] - down / 8) < 1e-5)
            #expect(abs(cells[cell][3] - log(side / 30)) < 1e-5)
          }
        }
      }
    }
  }

  /// Of two objects the nearer one is to be found, in whatever order they come; and found beats ignored.
  @Test func theNearerOneWins() {
    let (near, far) = (object(28, 28, 40, .object, 1), object(34, 28, 40, .object, 2))
    let cell = 3 * 8 + 3
    for pair in [[near, far], [far, near]] { #expect(write(pair).crops[cell] == 1) }
    let ignored = object(28, 28, 12, .ignored)
    for pair in [[near, ignored], [ignored, near]] { #expect(write(pair).targets[cell][0] == 1) }
  }
}
