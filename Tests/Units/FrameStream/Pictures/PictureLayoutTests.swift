import FrameStream
import SystemIO
import Testing

@Suite struct PictureLayoutTests {
  @Test func layoutsArePackedAndBounded() throws {
    #expect(try PictureLayout(.yuv420p, width: 641, height: 479).byteCount == 641 * 479 + 2 * 321 * 240)
    #expect(try PictureLayout(.nv12, width: 3, height: 3).byteCount == 9 + 8)
    #expect(try PictureLayout(.yuv422p, width: 1, height: 5).byteCount == 15)
    #expect(try PictureLayout(.rgb24, width: 1, height: 1).byteCount == 3)
    #expect(throws: Failure.self) { try PictureLayout(.rgb24, width: 20000, height: 20000) }
    #expect(throws: Failure.self) { try PictureLayout(.gray, width: Int.max, height: 2) }
    #expect(throws: Failure.self) { try PictureLayout(.gray, width: 0, height: 2) }
  }
}
