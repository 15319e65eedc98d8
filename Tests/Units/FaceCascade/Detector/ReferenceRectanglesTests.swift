import CascadePictures
import FaceCascade
import SystemIO
import Testing

/// Every case of the reference data, a run over all pictures with one detector each time.
///
/// Skipped where the reference data, opencv-data or ffmpeg are absent.
@Suite(.enabled(if: ReferenceData.isPresent))
struct ReferenceRectanglesTests {
  @Test(arguments: ReferenceData.cases.keys.sorted())
  func sameRectangles(series: String) throws {
    try compare(ReferenceData.cases[series]!, level: .preferred, threads: 1)
  }

  @Test(arguments: ReferenceData.cases.keys.sorted())
  func sameRectanglesOnTwoThreads(series: String) throws {
    try compare(ReferenceData.cases[series]!, level: .preferred, threads: 2)
  }

  /// The plain version takes long: smaller pictures only.
  @Test(arguments: ReferenceData.cases.keys.sorted())
  func sameRectanglesPlain(series: String) throws {
    let cases = ReferenceData.cases[series]!.filter { example in
      ReferenceData.pictures[example.picture].map { $0.width * $0.height < 80_000 } ?? false
    }
    try compare(cases, level: .plain, threads: 1)
  }

  private func compare(_ cases: [ReferenceData.Case], level: SIMDLevel, threads: Int) throws {
    let cascade = try Cascade(contentsOf: CascadeLocations().find(cases[0].cascade))
    let detector = try CascadeDetector(cascade, options: cases[0].options, threads: threads, level: level)
    for example in cases {
      let picture = try #require(ReferenceData.pictures[example.picture])
      let found = try picture.withPlane { try detector.detect($0) }
      let rectangles = Set(found.map { [$0.box.x, $0.box.y, $0.box.width, $0.box.height] })
      #expect(rectangles == Set(example.rectangles), "\(example.picture)")
      #expect(found.count == example.rectangles.count, "\(example.picture)")
    }
  }
}
