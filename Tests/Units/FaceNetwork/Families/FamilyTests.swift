import Testing

@testable import FaceNetwork

/// Outputs decide which family a network is of, not their names.
@Suite struct FamilyTests {
  private let size = InputSize(width: 224, height: 160)

  private func name(_ axes: [[Int]], _ channels: Int = 3, _ size: InputSize? = nil) -> String? {
    let outputs = axes.enumerated().map { OutputShape("output \($0)", $1) }
    return DetectorFamily.recognize(outputs, size ?? self.size, channels: channels)?.family.name
  }

  private func rows(_ columns: [Int], anchors: Int = 1, _ strides: [Int] = [8, 16, 32]) -> [[Int]] {
    columns.flatMap { columns in strides.map { [1, size.cells($0) * anchors, columns] } }
  }

  @Test func eachFamily() {
    #expect(name(rows([1, 1, 4, 10])) == "YuNet")
    #expect(name(rows([1, 4, 10], anchors: 2)) == "SCRFD")
    #expect(name(rows([1, 4], anchors: 2)) == "SCRFD")
    let large = InputSize(width: 640, height: 640)
    #expect(
      name([8, 16, 32, 64, 128].flatMap { stride in [1, 4].map { [large.cells(stride), $0] } }, 3, large)
        == "SCRFD")
    #expect(name([1, 2, 2, 10].map { [1, $0, 40, 56] }) == "CenterFace")
    #expect(name([1, 2, 2].map { [1, $0, 40, 56] }) == "CenterFace")
    #expect(name([[1, 4420, 2], [1, 4420, 4]], 3, InputSize(width: 320, height: 240)) == "Ultra-Light")
    #expect(name([[1, 4, 20, 28]], 1) == "pyramid")
  }

  @Test func othersAreNone() {
    #expect(name([[1, 7]]) == nil, "a classifier")
    #expect(name([]) == nil)
    #expect(name(rows([1, 1, 4])) == nil)
    #expect(name(rows([1, 1, 4, 10]), 1) == nil, "YuNet sees colors")
    #expect(name([[1, 4, 20, 28]], 3) == nil)
    #expect(name([[1, 4, 20, 29]], 1) == nil)
    #expect(name([[1, 3, 20, 28]], 1) == nil)
    #expect(name([1, 2, 2, 8].map { [1, $0, 40, 56] }) == nil)
    #expect(name(rows([1, 4], anchors: 3)) == nil)
    #expect(name(rows([1, 4], anchors: 2) + [[1, 1120, 10]]) == nil, "points at one stride only")
    #expect(name([[1, 4421, 2], [1, 4421, 4]], 3, InputSize(width: 320, height: 240)) == nil)
  }

  /// The second family's head would take the first's outputs if it did not count them.
  @Test func noOutputsBelongToTwo() {
    for (axes, channels) in [
      (rows([1, 1, 4, 10]), 3), (rows([1, 4, 10], anchors: 2), 3),
      ([1, 2, 2, 10].map { [1, $0, 40, 56] }, 3),
      ([[1, 4, 20, 28]], 1),
    ] {
      let outputs = axes.map { OutputShape("", $0) }
      let families = DetectorFamily.all.filter {
        $0.encoding.channels.count == channels && $0.head(outputs, size) != nil
      }
      #expect(families.count == 1, "\(families.map(\.name))")
    }
  }
}
