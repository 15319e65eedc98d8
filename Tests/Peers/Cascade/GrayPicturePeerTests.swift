import CascadePictures
import SeededNoise
import Testing

extension CascadePeers {
  @Suite struct GrayPicturePeerTests {
    /// Colors of all kinds: OpenCV's COLOR_RGB2GRAY.
    @Test func sameGrey() throws {
      let oracle = try #require(Oracle.shared)
      var noise = Noise(11)
      let (width, height) = (509, 400)
      let colours = noise.bytes(3 * width * height)
      let expected = try oracle.grey(colours, width, height)
      let picture = try #require(try Picture(colours: colours, width: width, height: height))
      #expect(picture.bytes.count == expected.count)
      for row in 0..<height {
        let range = (row * width)..<((row + 1) * width)
        #expect(picture.bytes[range] == expected[range], "row \(row)")
      }
    }
  }
}
