import Foundation
import FrameMedia
import SystemIO
import Testing

struct NumberedNameTests {
  @Test(
    arguments: [
      ("%03d.png", "007.png"), ("a/b-%d", "a/b-7"), ("100%% %5d.jpg", "100% 00007.jpg"),
      ("cam 12:00:%02d.png", "cam 12:00:07.png"),
      ("%10d", "0000000007"), ("%012d", nil), ("%d%%d.png", "7%d.png"), ("é%d.png", "é7.png"),
      ("x\u{EFE9}%d.png", "x\u{EFE9}7.png"),
      ("plain.png", nil), ("%s.png", nil), ("%", nil), ("%d%d.png", nil), ("%123d.png", nil),
      ("%d-%x.png", nil),
      ("100%.png", nil), ("%%d.png", nil), ("%-3d.png", nil),
    ] as [(String, String?)]) func names(_ pattern: String, _ seventh: String?)
  {
    #expect(NumberedName(pattern)?.path(7) == seventh)
  }

  @Test func largeNumbersAreWritten() throws {
    #expect(try #require(NumberedName("%03d")).path(12345) == "12345")
  }

  /// A pattern is that of pictures only with a picture's extension, or where image2 is asked for.
  @Test(
    arguments: [
      ("%03d.png", nil, true), ("%03d.GIF", nil, true), ("100%d.mp4", nil, false), ("%03d.foo", nil, false),
      ("%03d", nil, false), ("%03d.foo", "image2", true), ("%03d.png", "mp4", false), ("a.png", nil, false),
    ] as [(String, String?, Bool)]) func sequences(_ name: String, _ format: String?, _ isSequence: Bool)
  {
    #expect(MediaFormat.isSequencePattern(name, format: format) == isSequence)
  }

  @Test func filesAreFoundByTheirNumbers() throws {
    let folder = try Folder()
    for name in [
      "a1.png", "a2.png", "a02.png", "a10.png", "a.png", "a-3.png", "ax.png", "a99999999999999999999.png",
    ] {
      try WholeFile.write([], to: folder[name])
    }
    #expect(NumberedName(folder["a%d.png"])?.numbers() == [1, 2, 10])
    #expect(NumberedName(folder["a%02d.png"])?.numbers() == [2, 10])
    #expect(NumberedName(folder["%d/a.png"])?.numbers() == [])
    #expect(NumberedName(folder["none/%d.png"])?.numbers() == [])
    #expect(NumberedName.gaps(in: [1, 2, 10]) == "3 to 9" && NumberedName.gaps(in: [4, 6]) == "5")
    #expect(NumberedName.gaps(in: [1, 2, 3]) == nil && NumberedName.gaps(in: []) == nil)
    #expect(NumberedName.gaps(in: [1, 3, 5, 7, 9, 11, 13]) == "2, 4, 6, 8, 10 and 1 more gaps")
  }
}
