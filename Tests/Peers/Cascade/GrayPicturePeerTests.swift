import CascadePictures
import SeededNoise
import Testing

extension CascadePeers {
  @Suite struct GrayPicturePeerTests {
    /// Colors of all kinds: OpenCV's COLOR_RGB2GRAY.
    @Test func sameGray() throws {
      let oracle = try #require(Oracle.shared)
      var noise = Noise(11)
      let (width, height) = (509, 400)
      let colors = noise.bytes(3 * width * height)
      let expected = try oracle.gray(colors, width, height)
      let picture = try #require(try Picture(colors: colors, width: width, height: height))
      #expect(picture.bytes.count == expected.count)
      for row in 0..<height {
        let range = (row * width)..<((row + 1) * width)
        #expect(picture.bytes[range] == expected[range], "row \(row)")
      }
    }
  }
}
