import Drawing
import Testing

struct ColorTests {
  @Test func blackOrWhiteIsReadOnEveryColor() {
    // The least favorable colors: grays where black and white are about equal.
    for gray: UInt32 in 0...255 {
      let color = Color(gray << 16 | gray << 8 | gray)
      #expect(color.contrast(with: color.contrasting) >= 4.5)
    }
    #expect(abs(Color.white.contrast(with: .black) - 21) < 1e-9)
    #expect(abs(Color(0x767676).contrast(with: .white) - 4.54) < 0.01)
  }
}
