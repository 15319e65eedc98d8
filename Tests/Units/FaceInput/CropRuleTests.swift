import FaceInput
import FrameStream
import Testing

@Suite struct CropRuleTests {
  @Test func aSquareAroundABox() {
    let box = PixelRectangle(x: 100, y: 50, width: 80, height: 125)
    let same = CropRule(side: 1, drop: 0).crop(of: box)
    #expect(same == PixelRectangle(x: 90, y: 63, width: 100, height: 100))
    let larger = CropRule(side: 1.2, drop: 0.08).crop(of: box)
    #expect(larger == PixelRectangle(x: 80, y: 63, width: 120, height: 120))
  }

  @Test func anyNumbers() {
    let rule = CropRule(side: 1.2, drop: 0.1)
    #expect(rule.crop(of: PixelRectangle(x: 0, y: 0, width: 1, height: 1)).width == 1)
    let empty = PixelRectangle(x: 1, y: 2, width: 0, height: 5)
    #expect(rule.crop(of: empty) == empty)
    let huge = PixelRectangle(x: .max, y: .min, width: .max, height: .max)
    #expect(!rule.crop(of: huge).isEmpty)
  }
}
