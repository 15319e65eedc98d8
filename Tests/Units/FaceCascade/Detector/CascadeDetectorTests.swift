import CascadePictures
import FrameStream
import SystemIO
import Testing

@testable import FaceCascade

@Suite struct CascadeDetectorTests {
  /// Accepts every window that is not too even.
  private func everything() throws -> Cascade {
    try Cascade(
      xml: CascadeText.with { $0.stageThreshold = "<stageThreshold>0.1</stageThreshold>" }.bytes,
      file: "made.xml")
  }

  private func noise(_ width: Int, _ height: Int) -> Picture {
    var state: UInt64 = 88_172_645_463_325_252
    let bytes = (0..<width * height).map { _ -> UInt8 in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state)
    }
    return Picture(width: width, height: height, bytes: bytes)
  }

  @Test(arguments: [(1, 1), (19, 20), (20, 19), (19, 500), (3, 3)])
  func smallerThanTheWindow(width: Int, height: Int) throws {
    let detector = try CascadeDetector(everything(), options: DetectionOptions(minNeighbors: 0))
    let found = try noise(width, height).withPlane { try detector.detect($0) }
    #expect(found.isEmpty)
  }

  @Test func exactlyTheWindow() throws {
    let detector = try CascadeDetector(everything(), options: DetectionOptions(minNeighbors: 0))
    let found = try noise(20, 20).withPlane { try detector.detect($0) }
    #expect(found == [Detection(PixelRectangle(x: 0, y: 0, width: 20, height: 20))])
    let even = Picture(width: 20, height: 20, bytes: Array(repeating: 128, count: 400))
    #expect(try even.withPlane { try detector.detect($0) }.isEmpty)
  }

  @Test func largestAndSmallestSizes() throws {
    let options = DetectionOptions(
      scaleFactor: 1.5, minNeighbors: 0, minSize: ObjectSize(29), maxSize: ObjectSize(46))
    let detector = try CascadeDetector(everything(), options: options)
    let found = try noise(100, 80).withPlane { try detector.detect($0) }
    #expect(Set(found.map(\.box.width)) == [30, 45])
    #expect(found.allSatisfy { $0.box.maxX <= 100 && $0.box.maxY <= 80 && $0.neighbors == 1 })
  }

  @Test func sizesMayAlternate() throws {
    let cascade = try everything()
    let options = DetectionOptions(minNeighbors: 2)
    let detector = try CascadeDetector(cascade, options: options)
    for _ in 0..<2 {
      for side in [24, 31, 64, 99, 40, 57] {
        let picture = noise(side, side)
        let fresh = try CascadeDetector(cascade, options: options)
        #expect(
          try picture.withPlane { try detector.detect($0) } == picture.withPlane { try fresh.detect($0) })
      }
    }
  }

  @Test func rowsMayBePadded() throws {
    let detector = try CascadeDetector(everything(), options: DetectionOptions(minNeighbors: 1))
    let picture = noise(90, 70)
    let part = picture.withPlane { $0.part(PixelRectangle(x: 7, y: 5, width: 60, height: 50)) }
    let copy = Picture(
      width: 60, height: 50, bytes: (0..<50).flatMap { picture.bytes[($0 + 5) * 90 + 7..<($0 + 5) * 90 + 67] }
    )
    try picture.withPlane { plane in
      let fromPart = try detector.detect(
        plane.part(PixelRectangle(x: 7, y: 5, width: part.width, height: part.height)))
      #expect(try fromPart == copy.withPlane { try detector.detect($0) })
      #expect(!fromPart.isEmpty)
    }
  }

  @Test(arguments: [
    DetectionOptions(scaleFactor: 1), DetectionOptions(scaleFactor: .nan),
    DetectionOptions(scaleFactor: .infinity),
    DetectionOptions(minNeighbors: -1), DetectionOptions(minSize: ObjectSize(-1)),
    DetectionOptions(maxSize: ObjectSize(width: 5, height: -1)),
  ])
  func senselessOptions(options: DetectionOptions) throws {
    let failure = try #require(throws: Failure.self) { try CascadeDetector(everything(), options: options) }
    #expect(failure.kind == .usage)
  }

  @Test(arguments: [1, 2]) func cascadeThatAcceptsEverything(threads: Int) throws {
    let picture = noise(1200, 1200)
    for neighbors in [0, 3] {
      let options = DetectionOptions(scaleFactor: 1.02, minNeighbors: neighbors)
      let detector = try CascadeDetector(everything(), options: options, threads: threads)
      let failure = try #require(throws: Failure.self) { try picture.withPlane { try detector.detect($0) } }
      #expect(failure.kind == .badInput && failure.cause.contains("windows"))
      // It works again afterwards.
      #expect(try !noise(30, 30).withPlane { try detector.detect($0) }.isEmpty)
    }
  }

  @Test func largestPictures() throws {
    let cascade = try Cascade(xml: CascadeText().bytes, file: "made.xml")
    for (width, height) in [(16_000, 60), (40, 20_000), (100_000, 21)] {
      let picture = noise(width, height)
      let options = DetectionOptions(scaleFactor: 1.3, minNeighbors: 0)
      let plain = try CascadeDetector(cascade, options: options, level: .plain)
      let fast = try CascadeDetector(cascade, options: options, threads: 2)
      #expect(try picture.withPlane { try plain.detect($0) } == picture.withPlane { try fast.detect($0) })
    }
  }

  @Test func scaleFactorTooCloseToOne() throws {
    let detector = try CascadeDetector(everything(), options: DetectionOptions(scaleFactor: 1.0000001))
    let failure = try #require(throws: Failure.self) {
      try noise(30, 30).withPlane { try detector.detect($0) }
    }
    #expect(failure.kind == .usage)
  }
}
