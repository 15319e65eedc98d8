import PictureData
import Testing

@Test func everyLimitIsPositive() {
  #expect(PictureLimits.classes > 0 && PictureLimits.pictures > 0)
}
