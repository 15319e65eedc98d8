import FaceCascade
import Testing

/// Every case of the reference data, a run over all pictures with one detector each time.
///
/// Skipped where the reference data, opencv-data or ffmpeg are absent.
@Suite(.enabled(if: ReferenceData.isPresent))
struct ReferenceRectanglesTests {
  @Test(arguments: ReferenceData.cases.keys.sorted())
  func sameRectangles(series: String) throws {
    let cases = ReferenceData.cases[series]!
    let cascade = try Cascade(contentsOf: CascadeLocations().find(cases[0].cascade))
    let detector = try CascadeDetector(cascade, options: cases[0].options)
    for example in cases {
      let found = try ReferenceData.picture(example.picture).withPlane { try detector.detect($0) }
      let rectangles = Set(found.map { [$0.x, $0.y, $0.width, $0.height] })
      #expect(rectangles == Set(example.rectangles), "\(example.picture)")
      #expect(found.count == example.rectangles.count, "\(example.picture)")
    }
  }
}
