import FrameStream
import Testing

@Suite struct PixelRectangleTests {
  private let picture = PixelRectangle(x: 0, y: 0, width: 30, height: 20)

  @Test func partsOutsideAreCutOff() {
    let part = PixelRectangle(x: 20, y: 3, width: 50, height: 9)
    #expect(part.intersection(picture) == PixelRectangle(x: 20, y: 3, width: 10, height: 9))
    #expect(PixelRectangle(x: 30, y: 0, width: 5, height: 5).intersection(picture) == nil)
    #expect(PixelRectangle(x: 3, y: 3, width: 0, height: 5).intersection(picture) == nil)
    #expect(PixelRectangle(x: 3, y: 3, width: -2, height: 5).intersection(picture) == nil)
  }

  @Test func anyNumbersAreAllowed() {
    let all = PixelRectangle(x: -5, y: -5, width: .max, height: .max)
    #expect(all.intersection(picture) == picture)
    let far = PixelRectangle(x: .max, y: 3, width: .max, height: 9)
    #expect(far.intersection(picture) == nil)
    #expect(far.maxX == .max)
    #expect(PixelRectangle(x: .min, y: .min, width: .min, height: -1).maxX == .min)
    #expect(all.area == 0x1p126)
    #expect(far.overlap(all) < 1e-9)
  }

  @Test func overlapIsIntersectionOverUnion() {
    let a = PixelRectangle(x: 0, y: 0, width: 4, height: 2)
    #expect(a.overlap(a) == 1)
    #expect(a.overlap(PixelRectangle(x: 2, y: 0, width: 4, height: 2)) == 4.0 / 12)
    #expect(a.overlap(PixelRectangle(x: 4, y: 0, width: 4, height: 2)) == 0)
    #expect(a.overlap(PixelRectangle(x: 0, y: 0, width: 0, height: 0)) == 0)
    #expect(PixelRectangle(x: 1, y: 1, width: 0, height: 3).isEmpty && !a.isEmpty)
  }
}
