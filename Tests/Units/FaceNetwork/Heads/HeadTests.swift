import FrameStream
import Glibc
import Testing

@testable import FaceNetwork

/// Each head against the formulas of its paper, written plainly in double precision.
@Suite struct HeadTests {
  private let size = InputSize(width: 96, height: 64)

  /// Compares what a head gives with what a formula gives for each cell; the cells are in the order of the outputs.
  private func expectSame(_ found: [Candidate], _ wanted: [Candidate]) {
    #expect(found.count == wanted.count)
    #expect(!found.isEmpty)
    for (a, b) in zip(found, wanted) { #expect(a.distance(b) < 1e-3, "\(a) \(b)") }
  }

  private func points(_ at: (Int) -> (Double, Double)) -> FacePoints {
    func point(_ index: Int) -> FacePoints.Point {
      let (x, y) = at(index)
      return FacePoints.Point(x: x, y: y)
    }
    return FacePoints(point(0), point(1), point(2), point(3), point(4))
  }

  @Test(arguments: [false, true]) func yuNet(isShuffled: Bool) throws {
    var shapes: [OutputShape] = []
    for (name, columns) in [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)] {
      for stride in [8, 16, 32] {
        shapes.append(OutputShape("\(name)_\(stride)", [1, size.cells(stride), columns]))
      }
    }
    if isShuffled { shapes = shapes.reversed().map { OutputShape("x", $0.axes) } }
    let scores = shapes.indices.filter { shapes[$0].axes[2] == 1 }
    let outputs = HeadOutputs.random(shapes, scores: scores, seed: 1)
    let head = try #require(YuNetHead(shapes, size))
    var wanted: [Candidate] = []
    for stride in [8, 16, 32] {
      func output(_ columns: Int, _ number: Int = 0) -> Int {
        shapes.indices.filter { shapes[$0].axes == [1, size.cells(stride), columns] }[number]
      }
      for cell in 0..<size.cells(stride) {
        let score = (outputs.value(output(1), cell) * outputs.value(output(1, 1), cell)).squareRoot()
        guard Float(score) > 0.6 else { continue }
        let (column, row) = (Double(cell % (96 / stride)), Double(cell / (96 / stride)))
        let box = (0..<4).map { outputs.value(output(4), 4 * cell + $0) }
        let (width, height) = (exp(box[2]) * Double(stride), exp(box[3]) * Double(stride))
        wanted.append(
          Candidate(
            x: Float((column + box[0]) * Double(stride) - width / 2),
            y: Float((row + box[1]) * Double(stride) - height / 2), width: Float(width),
            height: Float(height),
            score: Float(score),
            points: points {
              (
                (outputs.value(output(10), 10 * cell + 2 * $0) + column) * Double(stride),
                (outputs.value(output(10), 10 * cell + 2 * $0 + 1) + row) * Double(stride)
              )
            }))
      }
    }
    expectSame(outputs.decode(head, minimumScore: 0.6), wanted)
  }

  @Test func scoresOfYuNetAreCut() throws {
    var shapes: [OutputShape] = []
    for columns in [1, 1, 4, 10] {
      for stride in [8, 16, 32] { shapes.append(OutputShape("", [1, size.cells(stride), columns])) }
    }
    let head = try #require(YuNetHead(shapes, size))
    let outputs = HeadOutputs(
      shapes.enumerated().map { index, shape in
        let value: Float = [0: 2.5, 3: 0.25, 1: -1, 4: -1, 2: .nan, 5: 1][index] ?? 0
        return (shape, [Float](repeating: value, count: shape.axes.reduce(1, *)))
      })
    let found = outputs.decode(head, minimumScore: 0.1)
    #expect(found.count == size.cells(8), "two negative scores, and one that is no number, are none")
    #expect(found.allSatisfy { $0.score == 0.5 })
  }

  @Test(arguments: [true, false]) func centerFace(hasPoints: Bool) throws {
    let (columns, rows) = (24, 16)
    let shapes = ([1, 2, 2] + (hasPoints ? [10] : [])).map { OutputShape("", [1, $0, rows, columns]) }
    let outputs = HeadOutputs.random(shapes, scores: [0], seed: 2)
    let head = try #require(CenterFaceHead(shapes, size))
    let count = columns * rows
    var wanted: [Candidate] = []
    for row in 0..<rows {
      for column in 0..<columns where outputs.value(0, row * columns + column) > 0.5 {
        let cell = row * columns + column
        let height = exp(outputs.value(1, cell)) * 4
        let width = exp(outputs.value(1, count + cell)) * 4
        let left = (Double(column) + outputs.value(2, count + cell) + 0.5) * 4 - width / 2
        let top = (Double(row) + outputs.value(2, cell) + 0.5) * 4 - height / 2
        wanted.append(
          Candidate(
            x: Float(left), y: Float(top), width: Float(width), height: Float(height),
            score: Float(outputs.value(0, cell)),
            points: hasPoints
              ? points {
                (
                  left + width * outputs.value(3, (2 * $0 + 1) * count + cell),
                  top + height * outputs.value(3, 2 * $0 * count + cell)
                )
              } : nil))
      }
    }
    expectSame(outputs.decode(head, minimumScore: 0.5), wanted)
  }

  @Test(arguments: [(2, true, true), (2, false, false), (1, true, false)])
  func scrfd(anchors: Int, hasPoints: Bool, hasBatch: Bool) throws {
    var shapes: [OutputShape] = []
    for columns in [1, 4] + (hasPoints ? [10] : []) {
      for stride in [8, 16, 32] {
        shapes.append(OutputShape("", (hasBatch ? [1] : []) + [size.cells(stride) * anchors, columns]))
      }
    }
    let outputs = HeadOutputs.random(shapes, scores: [0, 1, 2], seed: 3)
    let head = try #require(DistanceHead(shapes, size))
    #expect(head.hasPoints == hasPoints)
    var wanted: [Candidate] = []
    for (level, stride) in [8, 16, 32].enumerated() {
      for row in 0..<(64 / stride) {
        for column in 0..<(96 / stride) {
          for anchor in 0..<anchors {
            let index = (row * (96 / stride) + column) * anchors + anchor
            guard outputs.value(level, index) > 0.5 else { continue }
            let side = Double(stride)
            let (x, y) = (Double(column) * side, Double(row) * side)
            let sides = (0..<4).map { outputs.value(3 + level, 4 * index + $0) * side }
            // Boxes turned inside out are none.
            guard sides[0] + sides[2] > 0, sides[1] + sides[3] > 0 else { continue }
            wanted.append(
              Candidate(
                x: Float(x - sides[0]), y: Float(y - sides[1]), width: Float(sides[0] + sides[2]),
                height: Float(sides[1] + sides[3]), score: Float(outputs.value(level, index)),
                points: hasPoints
                  ? points {
                    (
                      x + outputs.value(6 + level, 10 * index + 2 * $0) * side,
                      y + outputs.value(6 + level, 10 * index + 2 * $0 + 1) * side
                    )
                  } : nil))
          }
        }
      }
    }
    expectSame(outputs.decode(head, minimumScore: 0.5), wanted)
  }

  @Test(arguments: [true, false]) func ultraLight(isRaw: Bool) throws {
    // 320x240 has 4,420 priors.
    let size = InputSize(width: 320, height: 240)
    let shapes = [OutputShape("scores", [1, 4420, 2]), OutputShape("boxes", [1, 4420, 4], isRaw: isRaw)]
    let outputs = HeadOutputs.random(shapes, scores: [0], seed: 4)
    let head = try #require(PriorBoxHead(shapes, size))
    var wanted: [Candidate] = []
    var index = 0
    for (stride, sides) in [(8.0, [10.0, 16, 24]), (16, [32, 48]), (32, [64, 96]), (64, [128, 192, 256])] {
      for row in 0..<Int((240 / stride).rounded(.up)) {
        for column in 0..<Int((320 / stride).rounded(.up)) {
          for side in sides {
            defer { index += 1 }
            guard outputs.value(0, 2 * index + 1) > 0.7 else { continue }
            let box = (0..<4).map { outputs.value(1, 4 * index + $0) }
            var (left, top, right, bottom) = (box[0], box[1], box[2], box[3])
            if isRaw {
              let prior = [
                min((Double(column) + 0.5) * stride / 320, 1), min((Double(row) + 0.5) * stride / 240, 1),
                min(side / 320, 1), min(side / 240, 1),
              ]
              let center = [prior[0] + 0.1 * box[0] * prior[2], prior[1] + 0.1 * box[1] * prior[3]]
              let extent = [prior[2] * exp(0.2 * box[2]), prior[3] * exp(0.2 * box[3])]
              (left, right) = (center[0] - extent[0] / 2, center[0] + extent[0] / 2)
              (top, bottom) = (center[1] - extent[1] / 2, center[1] + extent[1] / 2)
            }
            guard right > left, bottom > top else { continue }
            wanted.append(
              Candidate(
                x: Float(left * 320), y: Float(top * 240), width: Float((right - left) * 320),
                height: Float((bottom - top) * 240), score: Float(outputs.value(0, 2 * index + 1))))
          }
        }
      }
    }
    #expect(index == 4420)
    expectSame(outputs.decode(head, minimumScore: 0.7), wanted)
  }

  @Test func pyramid() throws {
    let shapes = [OutputShape("out", [1, 4, 8, 12])]
    let outputs = HeadOutputs.random(shapes, scores: [], seed: 5)
    let head = try #require(SquareHead(shapes, size))
    var wanted: [Candidate] = []
    for cell in 0..<96 {
      let score = 1 / (1 + exp(-outputs.value(0, cell)))
      guard score > 0.5 else { continue }
      let side = 30 * exp(outputs.value(0, 288 + cell))
      // The center counts pixels from their centers.
      let x = (Double(cell % 12) + 0.5) * 8 - 0.5 + outputs.value(0, 96 + cell) * 8
      let y = (Double(cell / 12) + 0.5) * 8 - 0.5 + outputs.value(0, 192 + cell) * 8
      wanted.append(
        Candidate(
          x: Float(x - side / 2 + 0.5), y: Float(y - side / 2 + 0.5), width: Float(side), height: Float(side),
          score: Float(score)))
    }
    expectSame(outputs.decode(head, minimumScore: 0.5), wanted)
  }
}
