import Drawing
import FrameStream
import Testing

@testable import FaceDrawing

@Suite struct AppearanceTests {
  static let classes = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise", "contempt"]

  @Test func textIsReadOnEveryColor() {
    for color in MarkAppearance.colors + [MarkAppearance.unknown.color] {
      #expect(color.contrast(with: color.contrasting) >= 4.5)
    }
  }

  @Test func usualExpressionsDifferInColorAndInDashes() {
    let looks = Self.classes.map { MarkAppearance.of(expression: $0, classIndex: nil) }
    #expect(Set(looks.map(\.color)).count == 8)
    #expect(Set(looks.map(\.dashes)).count == 8)
  }

  @Test func namesComeBeforePlaces() {
    let happy = MarkAppearance.of(expression: "happy", classIndex: nil)
    #expect(MarkAppearance.of(expression: "Happiness", classIndex: 5) == happy)
    #expect(MarkAppearance.of(expression: nil, classIndex: 3) == .unknown)
    let places = (0..<64).map { (index: Int) in
      MarkAppearance.of(expression: "class \(index)", classIndex: index)
    }
    #expect(Set(places).count == 64)
    for index in [Int.min, -1, Int.max] {
      _ = MarkAppearance.of(expression: "other", classIndex: index)
    }
    #expect(
      MarkAppearance.of(expression: "joyful", classIndex: nil)
        == MarkAppearance.of(expression: "joyful", classIndex: nil))
  }

  @Test func labelTextIsOneSafeLine() {
    #expect(LabelText.of(expression: "happy", percentage: 93) == "happy 93\u{A0}%")
    #expect(LabelText.of(expression: "happy", percentage: nil) == "happy")
    #expect(LabelText.of(expression: "<b>&amp;\n", percentage: nil) == "<b>&amp; ")
    let endless = String(repeating: "x", count: 1 << 20)
    #expect(LabelText.of(expression: endless, percentage: nil).count == LabelText.longestName)
    #expect(LabelText.bounded(endless).utf8.count == LabelText.longestName)
    let stacked = "a" + String(repeating: "\u{301}", count: 100_000)
    #expect(LabelText.bounded(stacked).unicodeScalars.count == LabelText.longestName)
  }

  @Test func percentages() {
    func percentage(_ value: Double?) -> Int? {
      FaceMark(box: PixelRectangle(x: 0, y: 0, width: 1, height: 1), confidence: value).percentage
    }
    #expect(percentage(0.925) == 93)
    #expect(percentage(nil) == nil && percentage(.nan) == nil)
    #expect(percentage(-.infinity) == 0 && percentage(1e300) == 100)
  }

  @Test func outlinesOfEverySizeUseTheirTemplate() {
    for dashes in MarkAppearance.dashPatterns {
      for (stroke, scale) in [(1, 1.0), (2, 0.3), (6, 1), (12, 4)] {
        let axis = BoxOutline.Axis(stroke: stroke, scale: scale, dashes: dashes)
        for length in [1, 2, 3, 7, 20, 63, 64, 65, 200, 1001, 1 << 29] {
          for position in [0, 1, 2, length / 3, length / 2, length - 2, length - 1]
          where (0..<length).contains(position) {
            #expect((0..<axis.templateLength).contains(axis.template(position, of: length)))
          }
          #expect(axis.template(0, of: length) == 0)
          if length > 1 { #expect(axis.template(length - 1, of: length) == axis.templateLength - 1) }
        }
      }
    }
  }

  @Test func labelsAvoidEachOtherAndStayInside() {
    let picture = PixelRectangle(x: 0, y: 0, width: 320, height: 180)
    var placement = LabelPlacement(picture: picture)
    var places: [PixelRectangle] = []
    for x in [10, 60, 110, 300] {
      let outline = PixelRectangle(x: x, y: 100, width: 40, height: 40)
      guard let place = placement.place(width: 80, height: 14, at: outline) else { continue }
      #expect(place.intersection(picture) == place)
      for other in places { #expect(place.intersection(other) == nil) }
      places.append(place)
    }
    #expect(places.count == 4)
    #expect(places[0] == PixelRectangle(x: 10, y: 86, width: 80, height: 14))
    // Without room above, inside; without room at all, nowhere.
    placement.removeAll()
    let top = placement.place(width: 80, height: 14, at: PixelRectangle(x: 5, y: -3, width: 90, height: 90))
    #expect(top == PixelRectangle(x: 5, y: 0, width: 80, height: 14))
    #expect(placement.place(width: 321, height: 14, at: picture) == nil)
  }
}
