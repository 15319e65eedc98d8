import FilterTool
import Testing

struct PictureSizeTests {
  @Test func sizes() {
    let size = PictureSize(argument: "640x360")
    #expect(size?.width == 640 && size?.height == 360)
    for text in ["640", "640x", "x360", "0x1", "640x360x1", "65536x1", "-1x5", "640X360", " 1x1"] {
      #expect(PictureSize(argument: text) == nil, "\(text)")
    }
  }

  @Test func namedValues() {
    let value = NamedValue(argument: "a=b=c")
    #expect(value?.name == "a" && value?.value == "b=c")
    #expect(NamedValue(argument: "=b") == nil && NamedValue(argument: "a") == nil)
    #expect(NamedValue(argument: "a=")?.value == "")
  }
}
