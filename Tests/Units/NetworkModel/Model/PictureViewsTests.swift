import Testing

@testable import NetworkModel

struct PictureViewsTests {
  @Test func rowsBecomeTheirMeans() {
    var rows: [Float] = [1, 2, 3, 4, 5, 7, 9, 1, 10, 20, 0.5, 0.25]
    PictureViews.single.average(&rows, classes: 2)
    #expect(rows.count == 12)
    PictureViews.flip.average(&rows, classes: 2)
    #expect(rows == [2, 3, 7, 4, 5.25, 10.125])
    PictureViews.tenCrop.average(&rows, classes: 0)
    #expect(rows.count == 6)
    var many = (0..<60).map { Float($0) }
    PictureViews.tenCrop.average(&many, classes: 3)
    #expect(many == [13.5, 14.5, 15.5, 43.5, 44.5, 45.5])
    var none: [Float] = []
    PictureViews.flip.average(&none, classes: 3)
    #expect(none.isEmpty)
  }

  @Test func whatWasMeasuredForOtherViewsStandsIn() {
    #expect(PictureViews.flip.nearest(in: [.flip: 1, .single: 2])?.value == 1)
    #expect(PictureViews.flip.nearest(in: [.single: 2, .tenCrop: 3])?.views == .single)
    #expect(PictureViews.single.nearest(in: [.flip: 1, .tenCrop: 3])?.views == .flip)
    #expect(PictureViews.tenCrop.nearest(in: [.flip: 1, .single: 2])?.views == .flip)
    #expect(PictureViews.tenCrop.nearest(in: [PictureViews: Int]()) == nil)
  }
}
