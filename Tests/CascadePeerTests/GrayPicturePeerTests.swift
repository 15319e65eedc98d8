import Foundation
import FrameStream
import SeededNoise
import Testing

extension CascadePeers {
  @Suite struct GrayPicturePeerTests {
    /// Colours of all kinds: OpenCV's COLOR_RGB2GRAY.
    @Test func sameGrey() throws {
      let oracle = try #require(Oracle.shared)
      var noise = Noise(11)
      let (width, height) = (509, 400)
      let colours = noise.bytes(3 * width * height)
      let expected = try oracle.grey(colours, width, height)
      var line = #"{"type":"frame","seq":0,"pts":0,"time":0,"width":\#(width),"height":\#(height),"#
      line += #""pixel_format":"rgb24","bytes":\#(colours.count)}"#
      let bytes = Array(line.utf8) + [0x0A] + colours + [0x0A]
      let frame = Record()
      var parser = StreamParser()
      try bytes.withUnsafeBytes { _ = try parser.take($0, into: frame) }
      let plane = try #require(GrayPicture().plane(of: frame))
      for y in 0..<height {
        #expect(Array(plane.row(y)) == expected[(y * width)..<((y + 1) * width)].map { $0 }, "row \(y)")
      }
    }
  }
}
