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
      let header = #"{"fm":1,"type":"stream","source":"test"}"#
      let bytes = Array("\(header)\n\(line)\n".utf8) + colours + [0x0A]
      let frame = Record()
      var parser = StreamParser()
      try bytes.withUnsafeBytes { bytes in
        let taken = try parser.take(bytes, into: frame)
        _ = try parser.take(UnsafeRawBufferPointer(rebasing: bytes[taken.used...]), into: frame)
      }
      let picture = GrayPicture()
      let plane = try #require(picture.plane(of: frame))
      withExtendedLifetime((picture, frame)) {
        for y in 0..<height {
          #expect(Array(plane.row(y)) == Array(expected[(y * width)..<((y + 1) * width)]), "row \(y)")
        }
      }
    }
  }
}
