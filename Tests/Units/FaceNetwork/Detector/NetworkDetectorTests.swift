import DetectorFixtures
import FrameStream
import SystemIO
import Testing

@testable import FaceNetwork

/// Whole searches with small networks whose answers can be foreseen.
@Suite struct NetworkDetectorTests {
  private func detector(
    _ file: [UInt8], threads: Int = 1, _ change: (inout NetworkDetector.Options) -> Void = { _ in }
  ) throws -> NetworkDetector {
    var options = NetworkDetector.Options()
    change(&options)
    return NetworkDetector(try DetectorFile.model(file), options, threads: threads)
  }

  @Test func aPyramidFindsSquares() throws {
    let picture = try PlainPicture(.gray, 96, 64, [PixelRectangle(x: 16, y: 24, width: 8, height: 8)])
    let model = try DetectorFile.model(DetectorFixtures.brightCells)
    #expect(model.family.name == "pyramid" && model.fixedSize == nil)
    let faces = try picture.faces(detector(DetectorFixtures.brightCells))
    // In the halved picture the square is a part of a cell, and too dark.
    let face = try #require(faces.first)
    #expect(faces.count == 1, "\(faces)")
    #expect(face.box == PixelRectangle(x: 5, y: 13, width: 30, height: 30), "\(face)")
    #expect(face.score > 0.99 && face.points == nil)
    #expect(face.crop.width >= 30)
  }

  /// What is found in a halved picture has twice the size.
  @Test func levelsHaveTheirScale() throws {
    let model = try DetectorFile.model(DetectorFixtures.brightCells)
    func sizes(_ width: Int, _ height: Int, _ maximumSide: Int) -> [InputSize] {
      PreparedSearch.sizes(
        model, PixelRectangle(x: 0, y: 0, width: width, height: height), maximumSide: maximumSide)
    }
    #expect(sizes(100, 50, 0) == [InputSize(width: 100, height: 50), InputSize(width: 50, height: 25)])
    #expect(sizes(100, 47, 0) == [InputSize(width: 100, height: 47)])
    #expect(sizes(200, 100, 100) == [InputSize(width: 100, height: 50), InputSize(width: 50, height: 25)])
    // Two squares, each a cell of the halved picture, far from each other: four faces vote for each at the first level.
    let squares = [16, 96].map { PixelRectangle(x: $0, y: 32, width: 16, height: 16) }
    let picture = try PlainPicture(.gray, 128, 96, squares)
    let whole = try picture.faces(detector(DetectorFixtures.brightCells))
    #expect(whole.allSatisfy { $0.box.width == 30 } && whole.count >= 2, "\(whole)")
    let halved = try picture.faces(detector(DetectorFixtures.brightCells) { $0.maximumSide = 64 })
    #expect(
      Set(halved.map(\.box)) == Set([-6, 74].map { PixelRectangle(x: $0, y: 10, width: 60, height: 60) }),
      "\(halved)")
  }

  @Test func colorsAndPoints() throws {
    let square = PixelRectangle(x: 40, y: 24, width: 4, height: 4)
    let picture = try PlainPicture(.rgb24, 80, 56, [square])
    let find = try detector(DetectorFixtures.redCells)
    let face = try #require(try picture.faces(find).first)
    #expect(face.box == PixelRectangle(x: 30, y: 10, width: 24, height: 32), "\(face)")
    #expect(face.points?.nose == .init(x: 42, y: 26) && face.points?.leftMouth == .init(x: 42, y: 26))
    #expect(face.score > 0.99)
    // Blue is not red, and neither is gray.
    var blue = picture
    for pixel in 0..<(80 * 56) { blue.bytes.swapAt(3 * pixel, 3 * pixel + 2) }
    #expect(try blue.faces(find).isEmpty)
    #expect(try PlainPicture(.gray, 80, 56, [square]).faces(find).isEmpty)
  }

  @Test func sizesRegionsAndThresholds() throws {
    let picture = try PlainPicture(
      .rgb24, 160, 96,
      [PixelRectangle(x: 40, y: 40, width: 4, height: 4), PixelRectangle(x: 120, y: 40, width: 4, height: 4)])
    func boxes(_ change: (inout NetworkDetector.Options) -> Void) throws -> [Int] {
      try picture.faces(detector(DetectorFixtures.redCells, change)).map(\.box.x).sorted()
    }
    #expect(try boxes { _ in } == [30, 110])
    #expect(try boxes { $0.region = PixelRectangle(x: 80, y: 16, width: 400, height: 60) } == [110])
    #expect(try boxes { $0.region = PixelRectangle(x: 33, y: 40, width: 20, height: 20) }.count == 1)
    #expect(try boxes { $0.region = PixelRectangle(x: 500, y: 0, width: 9, height: 9) } == [])
    #expect(try boxes { $0.minSize = 24 } == [30, 110])
    #expect(try boxes { $0.minSize = 25 } == [], "the width counts")
    #expect(try boxes { $0.maxSize = 32 } == [30, 110])
    #expect(try boxes { $0.maxSize = 31 } == [], "the height counts")
    #expect(try boxes { $0.minimumScore = 1 } == [])
    // A quarter of the width: the squares are one pixel each, and pale.
    let small = try PlainPicture(.rgb24, 160, 96, [PixelRectangle(x: 32, y: 32, width: 32, height: 32)])
    let found = try small.faces(detector(DetectorFixtures.redCells) { $0.maximumSide = 40 })
    #expect(found.contains { $0.box.width == 96 && $0.box.height == 128 }, "\(found)")
  }

  /// A network for one size gets every picture reduced to fit it, and no picture enlarged.
  @Test func oneSizeOnly() throws {
    let model = try DetectorFile.model(DetectorFixtures.redCells(width: 64, height: 32))
    #expect(model.fixedSize == InputSize(width: 64, height: 32))
    let large = PixelRectangle(x: 0, y: 0, width: 256, height: 256)
    #expect(PreparedSearch.sizes(model, large, maximumSide: 0) == [InputSize(width: 32, height: 32)])
    let little = PixelRectangle(x: 0, y: 0, width: 20, height: 10)
    #expect(PreparedSearch.sizes(model, little, maximumSide: 0) == [InputSize(width: 20, height: 10)])
    let picture = try PlainPicture(.rgb24, 256, 256, [PixelRectangle(x: 128, y: 128, width: 64, height: 64)])
    let face = try #require(try picture.faces(NetworkDetector(model)).first)
    #expect(face.box.width == 192 && face.box.height == 256)
  }

  @Test func anyNumberOfThreads() throws {
    let picture = try PlainPicture(
      .rgb24, 160, 96, (0..<5).map { PixelRectangle(x: 24 * $0 + 8, y: 16 * $0, width: 9, height: 7) })
    let one = try picture.faces(detector(DetectorFixtures.redCells))
    #expect(try picture.faces(detector(DetectorFixtures.redCells, threads: 2)) == one)
    #expect(!one.isEmpty)
  }

  /// One pixel, one row, and more columns than anything has.
  @Test func oddSizes() throws {
    let find = try detector(DetectorFixtures.redCells)
    for (width, height) in [(1, 1), (3, 1), (1, 40), (20_000, 20), (33, 31)] {
      for format in PixelFormat.allCases {
        let layout = try PictureLayout(format, width: width, height: height)
        var faces: [NetworkDetector.Face] = []
        let bytes = [UInt8](repeating: 200, count: layout.byteCount)
        try bytes.withUnsafeBufferPointer {
          try find.detect($0.baseAddress!, layout, FrameColors(range: .tv), into: &faces)
        }
      }
    }
    let pyramid = try detector(DetectorFixtures.brightCells) { $0.maximumSide = 0 }
    #expect(try PlainPicture(.gray, 1, 1, []).faces(pyramid).isEmpty)
  }

  @Test func anotherNetworkIsRefused() throws {
    let file = try DetectorFile(DetectorFixtures.noDetector)
    let failure = #expect(throws: Failure.self) { try DetectionModel(path: file.path) }
    let text = failure?.description ?? ""
    #expect(failure?.kind == .badInput)
    #expect(text.contains("probabilities [1, 7, 160, 224]") && text.contains("YuNet"), "\(text)")
    #expect(text.contains(file.path))
    let none = try DetectorFile(Array("no network".utf8))
    #expect(throws: Failure.self) { try DetectionModel(path: none.path) }
  }
}
