import CascadePictures
import FrameStream
import SeededNoise
import SystemIO
import Testing

@testable import FaceCascade

@Suite struct DetectorSetTests {
  private func object(_ x: Int, _ side: Int, _ neighbors: Int, _ cascade: String) -> DetectorSet.Object {
    .init(
      detection: Detection(PixelRectangle(x: x, y: 0, width: side, height: side), neighbors: neighbors),
      cascade: cascade,
      parts: [])
  }

  @Test func betterOfTwoCascadesStays() {
    let objects = [
      object(0, 100, 5, "a"), object(200, 100, 5, "a"), object(10, 100, 9, "b"), object(200, 100, 5, "b"),
    ]
    let merged = DetectorSet.merged(objects)
    #expect(merged == [objects[1], objects[2]])
    // Of one cascade nothing is left out.
    let same = [object(0, 100, 5, "a"), object(5, 100, 6, "a")]
    #expect(DetectorSet.merged(same) == same)
  }

  @Test func extents() throws {
    #expect(try ObjectExtent(parsing: "40").side(pictureHeight: 100) == 40)
    #expect(try ObjectExtent(parsing: "12.5%").side(pictureHeight: 720) == 90)
    for wrong in ["", "%", "-1", "101%", "nan%", "4x", "99999999999999999999"] {
      #expect(throws: Failure.self, "\(wrong)") { try ObjectExtent(parsing: wrong) }
    }
  }

  /// Skipped without opencv-data and the reference pictures.
  @Test(.enabled(if: ReferenceData.isPresent)) func eyesInsideFacesInARegion() throws {
    let locations = CascadeLocations()
    func member(_ name: String) throws -> DetectorSet.Member {
      try .init(name: name, detector: CascadeDetector(Cascade(contentsOf: locations.find(name)), threads: 2))
    }
    let picture = try #require(ReferenceData.pictures["deepface_couple.png"])
    let set = try DetectorSet(
      [member("frontalface_alt"), member("frontalface_default")], nested: [member("eye")])
    let objects = try picture.withPlane { try set.detect($0) }
    #expect(objects.count >= 2)
    for object in objects {
      let face = object.detection.box
      #expect(!object.parts.isEmpty)
      for part in object.parts {
        #expect(part.cascade == "eye")
        #expect(
          part.detection.box.x >= face.x
            && part.detection.box.x + part.detection.box.width <= face.x + face.width)
        #expect(
          part.detection.box.y >= face.y
            && part.detection.box.y + part.detection.box.height <= face.y + face.height)
      }
    }
    set.region = PixelRectangle(x: 0, y: 0, width: 500, height: 5000)
    let left = try picture.withPlane { try set.detect($0) }
    #expect(!left.isEmpty && left.allSatisfy { $0.detection.box.maxX <= 500 })
  }

  /// All of the package opencv-data: 17 of Haar features, 5 of local binary patterns.
  @Test(.enabled(if: ReferenceData.hasCascades)) func everyCascadeLoadsAndRuns() throws {
    var counts: [Cascade.FeatureKind: Int] = [:]
    var random = Noise(22)
    let bytes = (0..<150 * 120).map {
      UInt8(truncatingIfNeeded: $0 * 3) ^ UInt8.random(in: 0...31, using: &random)
    }
    let picture = Picture(width: 150, height: 120, bytes: bytes)
    for entry in CascadeLocations().list() where entry.path.hasPrefix("/usr/share/opencv4/") {
      let cascade = try entry.cascade.get()
      counts[cascade.featureKind, default: 0] += 1
      let detector = try CascadeDetector(cascade, options: DetectionOptions(minNeighbors: 0))
      _ = try picture.withPlane { try detector.detect($0) }
    }
    #expect(counts == [.haar: 17, .lbp: 5])
  }

  @Test(.enabled(if: ReferenceData.hasCascades)) func listAndLevels() throws {
    let list = CascadeLocations().list()
    let alt = try #require(list.first { $0.path.hasSuffix("haarcascade_frontalface_alt.xml") })
    let cascade = try alt.cascade.get()
    #expect(cascade.stageCount == 22 && cascade.weakCount == 2135 && !cascade.hasTrees && !cascade.hasTilted)
    let levels = try CascadeDetector(cascade).levels(width: 640, height: 360)
    #expect(levels.count == 31)
    #expect(levels[0].width == 640 && levels[0].step == 2 && levels[0].objectWidth == 20)
    #expect(levels[0].columns == 311 && levels[0].windowCount == 311 * levels[0].rows)
    #expect(try CascadeDetector(cascade).levels(width: 19, height: 360).isEmpty)
  }
}
