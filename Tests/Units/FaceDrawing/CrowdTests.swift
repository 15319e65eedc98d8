import FrameStream
import Testing

@testable import FaceDrawing

/// Labels where faces are close to each other, and what is not sure.
struct CrowdTests {
  /// The pixels of a gray picture that differ from its ground.
  private func changed(_ picture: Picture, _ area: PixelRectangle, from luma: UInt8) -> Int {
    var count = 0
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX where picture.bytes[y * picture.layout.width + x] != luma { count += 1 }
    }
    return count
  }

  /// A label goes nowhere near the inside of another face, however close they stand.
  @Test(arguments: [8, 16, 30, 60]) func labelsCoverNoOtherFace(_ gap: Int) throws {
    var marks: [FaceMark] = []
    for row in 0..<4 {
      for column in 0..<5 {
        marks.append(
          FaceMark(
            box: PixelRectangle(x: 20 + column * (50 + gap), y: 30 + row * (50 + gap), width: 50, height: 50),
            expression: "surprise", confidence: 0.9))
      }
    }
    let annotator = FaceAnnotator(style: DrawingStyle(drawsBoxes: false), colorRange: .pc)
    annotator.classNames = ["sad", "surprise"]
    try #require(annotator.hasFont)
    for (index, mark) in marks.enumerated() {
      // One label at a time would do; but those of all others must stay off this face.
      var picture = try Picture(.gray, 640, 520, luma: 128)
      var others = marks
      others[index].expression = nil
      picture.draw(others, with: annotator)
      #expect(changed(picture, mark.box, from: 128) == 0, "face \(index)")
    }
    var picture = try Picture(.gray, 640, 520, luma: 128)
    let damage = picture.draw(marks, with: annotator)
    #expect(damage != nil)
  }

  @Test func initialsTellClassesApart() {
    let initials = ClassInitials(["angry", "sad", "surprise", "happy", "", "سعيد"])
    #expect(["angry", "sad", "surprise", "happy"].map(initials.of) == ["A", "Sa", "Su", "H"])
    #expect(initials.of("other") == "O" && initials.of("") == "")
    #expect(initials.of("سعيد") == "س")
    #expect(ClassInitials(["a", "ab"]).of("a") == "A")
  }

  /// How far a drawing is from the ground it lies on.
  private func loudness(_ mark: FaceMark) throws -> Int {
    var picture = try Picture(.gray, 200, 200, luma: 128)
    picture.draw([mark], with: FaceAnnotator(colorRange: .pc))
    return picture.bytes.reduce(0) { $0 + abs(Int($1) - 128) }
  }

  @Test func whatIsNotSureIsFainter() throws {
    let box = PixelRectangle(x: 40, y: 60, width: 90, height: 90)
    let sure = FaceMark(box: box, expression: "happy", confidence: 0.93)
    let unsure = FaceMark(box: box, expression: "happy", confidence: 0.33)
    var doubtful = sure
    doubtful.isDoubtful = true
    #expect(try loudness(unsure) < loudness(sure) * 8 / 10)
    #expect(try loudness(doubtful) < loudness(unsure))
  }

  @Test func theLegendIsWhereNoFaceIs() throws {
    var style = DrawingStyle()
    style.legend = .always
    let annotator = FaceAnnotator(style: style, colorRange: .pc)
    annotator.classNames = ["happy", "sad"]
    try #require(annotator.hasFont)
    var picture = try Picture(.gray, 400, 300, luma: 128)
    let face = PixelRectangle(x: 5, y: 150, width: 140, height: 140)
    picture.draw([FaceMark(box: face, expression: "sad", confidence: 0.9)], with: annotator)
    #expect(changed(picture, PixelRectangle(x: 330, y: 285, width: 60, height: 10), from: 128) > 500)
    style.legend = .auto
    let calm = FaceAnnotator(style: style, colorRange: .pc)
    calm.classNames = ["happy", "sad"]
    var other = try Picture(.gray, 400, 300, luma: 128)
    other.draw([FaceMark(box: face, expression: "sad", confidence: 0.9)], with: calm)
    #expect(changed(other, PixelRectangle(x: 330, y: 285, width: 60, height: 10), from: 128) == 0)
    #expect(!annotator.lacksLegend && !calm.lacksLegend)
    // A small picture has no room for it, which is to be said.
    var small = try Picture(.gray, 40, 20, luma: 128)
    small.draw([FaceMark(box: face, expression: "sad", confidence: 0.9)], with: annotator)
    #expect(annotator.lacksLegend)
  }
}
